"""Letters in tests go to memory, and are made of the templates that lie beside the tests."""

from __future__ import annotations

import copy
from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

HERE = Path(__file__).parent


@pytest.fixture(autouse=True)
def own_templates(settings: Settings) -> None:
    """Words of our own in `confirmation`: the real ones may change."""
    engines = copy.deepcopy(settings.TEMPLATES)
    for engine in engines:
        engine["DIRS"] = [HERE / "templates", *engine["DIRS"]]
    settings.TEMPLATES = engines
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
