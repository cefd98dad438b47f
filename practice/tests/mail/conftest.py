"""Letters in tests go to memory, and are made of the templates that lie beside the tests."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from practice.mail import send_check
from practice.tests.mail.server import MailServer, mail_server

HERE = Path(__file__).parent


@pytest.fixture(autouse=True)
def own_templates(settings: Settings) -> None:
    """Words of our own in `confirmation`: the real ones may change."""
    engines = copy.deepcopy(settings.TEMPLATES)
    for engine in engines:
        engine["DIRS"] = [HERE / "templates", *engine["DIRS"]]
    settings.TEMPLATES = engines
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"


@pytest.fixture(autouse=True)
def nobody_judges(monkeypatch: pytest.MonkeyPatch) -> None:
    """The mail by itself: what the apps know of their letters has tests of its own."""
    monkeypatch.setattr(send_check, "_judges", {})
    monkeypatch.setattr(send_check, "_previewers", {})


@pytest.fixture
def smtp(settings: Settings) -> Iterator[MailServer]:
    """A real mail server that the letters go to; `fall_silent` shortens our patience with it."""
    with mail_server() as server:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
        settings.EMAIL_TIMEOUT = 15
        server.impatient = lambda seconds: setattr(settings, "EMAIL_TIMEOUT", seconds)
        yield server
