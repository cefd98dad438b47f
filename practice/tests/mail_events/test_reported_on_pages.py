"""The workspace says in words what became of an email, to those who may read about it."""

from __future__ import annotations

import datetime as dt

import pytest

from practice.models import EmailEvent, Letter
from practice.testing import at_work, make_practice, make_practitioner, make_user
from practice.tests.mail.builders import NOON, make_letter, minutes

pytestmark = pytest.mark.django_db


def reported(letter: Letter, *whats: str, said: str = "") -> Letter:
    for minute, what in enumerate(whats):
        EmailEvent.objects.create(
            letter=letter,
            what=what,
            at=NOON + minutes(minute),
            source="mailgun",
            said=said,
            report_id=f"{letter.pk}{what}",
        )
    return letter


@pytest.fixture
def owner():
    make_practice()
    return at_work(make_practitioner().user)


def test_an_emails_page_says_each_report_with_the_servers_answer(owner):
    letter = reported(make_letter(state="sent"), "deferred", "bounced", said="550 5.1.1 unknown")
    page = owner.get(f"/workspace/letters/{letter.pk}/").content.decode()

    assert "mail server delayed it" in page
    assert "It bounced." in page
    assert page.count("550 5.1.1 unknown") == 2


@pytest.mark.parametrize(
    ("whats", "words"),
    [
        (("delivered",), "delivered"),
        (("deferred", "delivered"), "delivered"),
        (("delivered", "complained"), "reported as unwanted"),
        (("delivered", "answered"), "answered"),
        ((), "sent"),
    ],
)
def test_the_list_says_the_last_thing_that_was_reported(owner, whats, words):
    reported(make_letter(state="sent"), *whats)
    page = owner.get("/workspace/letters/?show=went").content.decode()

    assert f">{words}</span></li>" in page


@pytest.mark.parametrize("letters", [1, 30])
def test_the_list_costs_the_same_however_much_was_reported(owner, letters, django_assert_num_queries):
    for _ in range(letters):
        reported(make_letter(state="sent"), "deferred", "delivered")
    owner.get("/workspace/letters/?show=went")
    with django_assert_num_queries(7):
        owner.get("/workspace/letters/?show=went")


def test_an_answer_to_a_follow_up_counts_as_one_of_the_clients(owner):
    from portal.followups.queue import answered_by_email
    from portal.models import ClientProfile

    ann = make_user("Ann Hale")
    now = dt.datetime(2027, 3, 9, 12, 0, tzinfo=dt.UTC)
    answered_by_email(make_letter(kind="confirmation", user=ann), now)
    assert ClientProfile.objects.of(ann).answered_at is None
    answered_by_email(make_letter(kind="follow_up", user=ann), now)
    assert ClientProfile.objects.of(ann).answered_at == now
