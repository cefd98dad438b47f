"""Nobody is written to under a name or an address that is not the practice's own."""

from __future__ import annotations

from typing import Any

import pytest

from practice.mail.channels.smtp import message_for
from practice.mail.channels.transport import NoAnswer
from practice.mail.composing.headers import message_id, own_address
from practice.mail.delivery.deliver import step
from practice.models import Letter, User
from practice.testing import make_practice, make_user
from practice.tests.mail.builders import NOON, make_letter

pytestmark = pytest.mark.django_db


def test_without_an_address_of_its_own_nothing_leaves_and_all_waits(settings: Any) -> None:
    settings.EMAIL_URL = "smtp://127.0.0.1:9"
    make_practice(email="")
    letter = make_letter()
    with pytest.raises(NoAnswer, match="no email address of its own"):
        step(now=NOON)
    assert Letter.objects.get(pk=letter.pk).state == Letter.State.PLANNED


def test_emails_come_from_the_practices_address_and_its_domain() -> None:
    make_practice(email="hello@elm.example")
    sent = message_for(make_letter())
    assert (own_address(), message_id("key").endswith("@elm.example>")) == ("hello@elm.example", True)
    assert "hello@elm.example" in sent.from_email


def test_until_the_practice_has_one_emails_come_from_its_owner() -> None:
    make_practice(email="")
    make_user("Elma Street", email="elma@elm.example", role=User.Role.OWNER)
    assert own_address() == "elma@elm.example"


def test_the_address_in_the_settings_goes_before_it(settings: Any) -> None:
    settings.DEFAULT_FROM_EMAIL = "Elm Street <mail@elm.example>"
    make_practice(email="hello@elm.example")
    assert own_address() == "mail@elm.example"


def test_files_in_the_outbox_of_a_new_practice_name_this_host(settings: Any) -> None:
    settings.SITE_URL = "https://portal.elm.example:8443"
    assert own_address() == "hello@portal.elm.example"
