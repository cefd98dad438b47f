"""Follow-ups over a real line: a server that says not now, or never, or falls silent."""

import pytest

from portal.followups.queue import plan_letters
from portal.tests.followups.sample_rows import (
    SESSION,
    State,
    denver,
    letter_at,
    row,
    scenario,
    send_until,
    state_and_reason,
)
from practice.mail.delivery import deliver
from practice.mail.suppression import suppression_of
from practice.models import Letter
from practice.tests.mail.conftest import smtp

__all__ = ["scenario", "smtp"]  # fixtures
PLAN = "after breakfast, on the zebra rug"


@pytest.fixture
def over_the_wire(scenario, smtp):
    """Her letters wait, and a real mail server listens."""
    scenario.page(plan=PLAN)
    plan_letters(scenario.session, now=SESSION)
    return scenario


def test_not_now_is_tried_again_within_its_time_as_the_same_email(over_the_wire, smtp):
    smtp.data_answer = lambda _message: "451 not now"
    deliver.step(now=denver(12))
    first = letter_at()
    assert (first.state, first.attempts) == (State.PLANNED, 1)
    assert denver(12) < first.due_at < first.not_after == denver(12, 21)
    smtp.data_answer = lambda _message: "250 taken"
    send_until(denver(12, 9, 5))
    # What the server refused was a letter too: both are the same one.
    assert {message["Message-ID"] for message in smtp.accepted} == {first.message_id}
    assert state_and_reason() == (State.SENT, "")


def test_while_it_waits_to_be_tried_again_its_row_holds_nothing_of_hers(over_the_wire, smtp):
    smtp.data_answer = lambda _message: "451 not now"
    deliver.step(now=denver(12))
    assert [one for one in Letter.objects.all() if "zebra" in one.text + one.html] == []


def test_practiced_before_it_is_tried_again_it_is_held_back(over_the_wire, smtp):
    smtp.data_answer = lambda _message: "451 not now"
    deliver.step(now=denver(12))
    over_the_wire.practise(denver(12, 8, 55))
    assert send_until(denver(12, 9, 5)) == []
    assert (row().stage, state_and_reason()[0]) == ("", State.CANCELLED)
    said = state_and_reason()[1]
    assert said.startswith("They practiced on Tuesday, January 12 at 8:55 AM; it waits until")
    assert said.endswith("The next email, due Friday, January 15 at 9:00 AM, takes its place.")


def test_a_dead_address_is_marked_and_the_rest_called_off(over_the_wire, smtp):
    smtp.rcpt_answer = lambda _address: "550 5.1.1 nobody here"
    send_until(denver(12))
    assert (letter_at(0).state, suppression_of("ann@example.com") is not None) == (State.FAILED, True)
    send_until(denver(15))
    assert state_and_reason(1) == (State.CANCELLED, "Earlier email to that address bounced.")


def test_the_emails_of_others_still_go(over_the_wire, smtp):
    from practice.tests.mail.builders import make_letter

    smtp.rcpt_answer = lambda address: "550 5.1.1 nobody" if address.startswith("ann@") else "250 ok"
    other = make_letter(to_address="ben@example.com", due_at=denver(12))
    send_until(denver(12))
    other.refresh_from_db()
    assert other.state == State.SENT


def test_a_line_that_falls_silent_after_the_text_is_unknown_and_not_sent_again(over_the_wire, smtp):
    smtp.impatient(2.0)
    smtp.delays = {"TAKEN": 20}
    deliver.step(now=denver(12))
    smtp.delays = {}
    assert letter_at().state == State.UNKNOWN
    send_until(denver(13))
    assert len(smtp.accepted) == 1
    send_until(denver(15))
    assert (row(0).variant, row(1).variant) == ("assigned-a", "assigned-b")
