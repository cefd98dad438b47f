"""A report about an email is written down once, and what follows is the same in any order."""

from __future__ import annotations

import datetime as dt
import itertools
from typing import Any

import pytest

from practice.mail.suppression import lift_suppressions, suppression_of
from practice.mail_events.actions.record import StillSending, record_event
from practice.mail_events.report import Report
from practice.models import EmailEvent, Letter
from practice.testing import make_practice, make_user
from practice.tests.mail.builders import make_letter

pytestmark = [pytest.mark.django_db, pytest.mark.engines]
State = Letter.State
NOW = dt.datetime(2027, 3, 9, 15, 0, tzinfo=dt.UTC)
MINUTE = dt.timedelta(minutes=1)
ANN = "ann@example.com"
DEAD = {"code": 550, "said": "5.1.1 user unknown"}
_numbers = itertools.count(1)


def report(what: str, letter: Letter | None = None, *, minute: int = 0, **fields: Any) -> Report:
    """A report about an email, so many minutes after three."""
    about = {"message_ids": (letter.message_id,)} if letter else {}
    return Report(
        **{"what": what, "recipients": (ANN,), "at": NOW + minute * MINUTE, **about, **fields}  # type: ignore[arg-type]
    )


def record(*reports: Report, trusted: bool = True) -> list[EmailEvent | None]:
    later = NOW + 60 * MINUTE
    return [record_event(one, source="mailgun", trusted=trusted, now=later) for one in reports]


def state_after(letter: Letter, *reports: Report) -> str:
    record(*reports)
    letter.refresh_from_db()
    return letter.state


def test_the_same_report_twice_is_one_line_and_marks_once():
    letter = make_letter(state="sent")
    record(report("bounced", letter, **DEAD))
    lift_suppressions(ANN)

    assert record(report("bounced", letter, **DEAD)) == [None]
    assert letter.reports.count() == 1
    assert suppression_of(ANN) is None


@pytest.mark.parametrize("state", ["sent", "unknown"])
def test_a_bounced_email_stands_before_a_person_with_the_reason(state):
    letter = make_letter(state=state)

    assert state_after(letter, report("bounced", letter, **DEAD)) == State.FAILED
    assert letter.reason == "It bounced: 550 5.1.1 user unknown."
    assert suppression_of(ANN).cause == "bounce"


@pytest.mark.parametrize(
    ("code", "said"),
    [
        (552, "5.2.2 mailbox full"),
        (550, "5.7.1 blocked by policy"),
        (550, "high probability of spam"),
        (450, "4.4.7 expired"),
        (550, "5.1.8 sender address does not exist"),
        (0, ""),
    ],
)
def test_only_an_answer_about_the_recipient_marks_the_address(code, said):
    letter = make_letter(state="sent")

    assert state_after(letter, report("bounced", letter, code=code, said=said)) == State.FAILED
    assert suppression_of(ANN) is None


def test_a_bounce_at_an_address_that_the_email_was_forwarded_to_marks_nobody():
    letter = make_letter(state="sent")
    record(report("bounced", letter, recipients=("elsewhere@example.org",), **DEAD))

    assert suppression_of(ANN) is suppression_of("elsewhere@example.org") is None


def test_an_unknown_email_that_was_delivered_was_sent():
    letter = make_letter(state="unknown")

    assert state_after(letter, report("delivered", letter)) == State.SENT
    assert (letter.sent_at, letter.claim, letter.why) == (NOW, None, [])


def test_an_email_whose_line_broke_is_not_sent_again_once_it_is_known_to_have_arrived():
    letter = make_letter(state="planned", attempts=1, why=[{"code": "line_broke", "params": {"said": "x"}}])

    assert state_after(letter, report("delivered", letter)) == State.SENT


def test_an_email_that_was_never_tried_stays_planned():
    letter = make_letter(state="planned")

    assert state_after(letter, report("delivered", letter)) == State.PLANNED


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [("delivered", "bounced", State.FAILED), ("bounced", "delivered", State.SENT)],
)
def test_what_happened_last_counts_in_whatever_order_it_is_reported(first, second, expected, order):
    letter = make_letter(state="sent")
    both = (report(first, letter, minute=1, **DEAD), report(second, letter, minute=2, **DEAD))

    assert state_after(letter, *(both[place] for place in order)) == expected
    assert letter.reports.count() == 2


def test_a_bounce_that_an_arrival_has_overtaken_marks_nobody():
    letter = make_letter(state="sent")
    record(report("delivered", letter, minute=2), report("bounced", letter, minute=1, **DEAD))

    assert suppression_of(ANN) is None


def test_a_delay_changes_nothing_but_the_ledger():
    letter = make_letter(state="sent")

    assert state_after(letter, report("deferred", letter, code=450, said="4.2.0 busy")) == State.SENT
    assert [one.words for one in letter.reports.all()] == [
        "The receiving mail server delayed it. It will be tried again."
    ]


def test_a_complaint_replaces_a_bounce_and_the_email_counts_as_arrived():
    letter = make_letter(state="unknown")
    record(report("bounced", make_letter(state="sent"), **DEAD))

    assert state_after(letter, report("complained", letter)) == State.SENT
    assert suppression_of(ANN).cause == "complaint"


def test_an_email_that_is_being_sent_is_left_to_its_sender_and_the_report_comes_again():
    letter = make_letter(state="claimed", claim=Letter.new_claim())
    with pytest.raises(StillSending):
        record(report("bounced", letter, **DEAD))
    assert not EmailEvent.objects.exists()

    Letter.objects.update(state="sent")
    assert state_after(letter, report("bounced", letter, **DEAD)) == State.FAILED


def test_a_trusted_bounce_without_an_id_is_about_the_last_email_to_that_address():
    make_letter(state="sent", due_at=NOW - 9 * MINUTE)
    last = make_letter(state="sent", due_at=NOW - 3 * MINUTE)
    make_letter(state="planned", due_at=NOW + 9 * MINUTE)

    assert [
        event.letter for event in record(report("bounced", message_ids=("<theirs@x.example>",), **DEAD))
    ] == [last]
    assert suppression_of(ANN).cause == "bounce"


@pytest.mark.parametrize("what", ["bounced", "complained"])
def test_a_message_that_anyone_could_have_sent_marks_nobody_without_our_id(what):
    make_letter(state="sent", due_at=NOW - MINUTE)

    assert record(report(what, **DEAD), trusted=False) == [None]
    assert suppression_of(ANN) is None


@pytest.mark.parametrize("what", ["bounced", "complained", "delivered", "answered"])
def test_a_report_about_an_unknown_person_changes_nothing(what):
    make_letter(state="sent", due_at=NOW - MINUTE)

    assert record(report(what, recipients=("stranger@example.org",), **DEAD)) == [None]
    assert suppression_of("stranger@example.org") is None


def test_an_answer_counts_only_from_the_address_that_the_email_went_to():
    letter = make_letter(state="sent")

    assert record(report("answered", letter, recipients=("thief@example.org",))) == [None]
    assert record(report("answered", letter))[0].words == "They answered it by email."


@pytest.mark.parametrize("at", [None, NOW + 9000 * MINUTE, dt.datetime(1, 1, 1)])
def test_a_time_that_cannot_be_is_the_moment_of_the_report(at):
    letter = make_letter(state="sent")
    (event,) = record(report("delivered", letter, at=at))

    assert event.at == NOW + 60 * MINUTE


def test_three_policy_bounces_stop_the_kind_and_tell_the_owner():
    make_practice()
    make_user("Olga Owner", role="owner")
    for name in ("ann", "ben", "cleo"):
        letter = make_letter(state="sent", to_address=f"{name}@example.com")
        there = (letter.to_address,)
        record(report("bounced", letter, recipients=there, code=550, said="5.7.1 SPF failed"))

    assert Letter.objects.filter(kind="mail_refused").count() == 1
