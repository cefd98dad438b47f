"""The end of an email and the claim of the next one: one transaction, and the end is never lost."""

import datetime as dt

import pytest
from django.db import DatabaseError, connection
from django.test.utils import CaptureQueriesContext

from practice.mail import send_check
from practice.mail.delivery import deliver
from practice.mail.delivery.claims import claim_next
from practice.models import Letter, User
from practice.testing import make_user
from practice.tests.mail.builders import make_letter

pytestmark = [pytest.mark.engines, pytest.mark.django_db(transaction=True)]
State = Letter.State
AGES_AGO = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
#: What a confirmation costs, with BEGIN and COMMIT: its end and the next claim, its reader, their address.
STATEMENTS = 6


@pytest.fixture(autouse=True)
def not_judged(monkeypatch):
    """What waits, waits with its words, and no app is asked."""
    monkeypatch.setattr(send_check, "_judges", {})


def due(count, kind="confirmation"):
    """So many emails to so many people, all due."""
    there = User.objects.count()
    people = [make_user(f"Client{there + one} Lee") for one in range(count)]
    return [
        make_letter(
            kind,
            user=one,
            to_name=one.name,
            to_address=one.email,
            reply_to="hello@localhost",
            due_at=AGES_AGO,
        )
        for one in people
    ]


def states():
    return sorted(Letter.objects.values_list("state", "attempts", "claim"), key=str)


SENT, WAITS = (State.SENT, 1), (State.PLANNED, 0, None)


def statements(count):
    """The statements that the database gets while so many are sent."""
    due(count)
    with CaptureQueriesContext(connection) as asked:
        assert deliver.drain() == count
    return [one["sql"] for one in asked]


def test_one_more_email_is_six_statements_and_one_wait_for_the_disk(mailoutbox, monkeypatch):
    monkeypatch.setattr(deliver, "LOOK_EVERY", 3600.0)
    three, seven = statements(3), statements(7)
    assert len(seven) - len(three) == 4 * STATEMENTS
    assert seven.count("COMMIT") - three.count("COMMIT") == 4
    assert len(mailoutbox) == 10


def test_what_was_claimed_with_the_end_of_the_one_before_goes_next(mailoutbox):
    letters = due(3)
    assert deliver.drain() == 3
    assert [one.extra_headers["Message-ID"] for one in mailoutbox] == [one.message_id for one in letters]
    assert [row[:2] for row in states()] == [SENT] * 3


def test_no_more_are_claimed_than_were_asked_for(mailoutbox):
    due(4)
    assert deliver.drain(limit=2) == 2
    assert ([row[:2] for row in states()[2:]], states()[:2], len(mailoutbox)) == ([SENT] * 2, [WAITS] * 2, 2)


def test_told_to_stop_the_next_one_is_left_to_others(mailoutbox):
    due(3)
    assert deliver.drain(stop=lambda: len(mailoutbox) == 2) == 2
    assert (states()[0], len(mailoutbox)) == (WAITS, 2)


def failing(times, fail):
    """A claim that fails so many times."""
    left = [times]

    def claim(*args, **options):
        if left[0]:
            left[0] -= 1
            fail()
        return claim_next(*args, **options)

    return claim


def a_bug():
    raise ZeroDivisionError


def a_failed_statement():
    """After it, PostgreSQL takes nothing more in this transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT no_such_column FROM practice_letter")


def the_database_is_gone():
    connection.close()
    raise DatabaseError("gone")


@pytest.mark.parametrize("fail", [a_bug, a_failed_statement, the_database_is_gone])
@pytest.mark.parametrize("kind", ["confirmation", "follow_up"])
def test_the_end_is_not_lost_because_claiming_failed(mailoutbox, monkeypatch, kind, fail):
    due(3, kind)
    monkeypatch.setattr(deliver, "claim_next", failing(1, fail))
    assert deliver.drain(limit=2) == 2
    assert (states()[0], [row[:2] for row in states()[1:]]) == (WAITS, [SENT] * 2)
    assert len({one.extra_headers["Message-ID"] for one in mailoutbox}) == len(mailoutbox) == 2


def test_while_one_that_must_never_go_twice_is_in_doubt_no_other_is_claimed(monkeypatch):
    due(3, "follow_up")
    claimed = []

    def look(*args, **options):
        found = claim_next(*args, **options)
        claimed.append(Letter.objects.filter(state=State.CLAIMED).count())
        return found

    monkeypatch.setattr(deliver, "claim_next", look)
    deliver.drain(limit=3)
    assert claimed
    assert max(claimed) == 1
