"""What stands in two places on Today says the same in both, and the most pressing stands first."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest
import time_machine

from booking.models import Appointment, Closure, Offer, WaitlistEntry
from booking.testing import make_appointment
from portal.models import FollowUp, Question
from portal.tests.practice_day import NOW, Scenario, denver, make_scenario, page
from practice.models import Letter
from practice.testing import make_user

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)


@pytest.fixture
def scenario():
    with time_machine.travel(NOW, tick=False):
        yield make_scenario()


def kept(scenario: Scenario, *, offered_to: str = "") -> Appointment:
    """Four o'clock is held: by a visitor, or for somebody on the waitlist."""
    held = make_appointment(
        session_type=scenario.kind,
        practitioner=scenario.jonah,
        start=denver("2027-03-09 16:00"),
        client=None,
        state=Appointment.State.HELD,
        hold_expires_at=NOW + HOUR,
        attendee_name=offered_to,
    )
    if offered_to:
        entry = WaitlistEntry.objects.create(
            client=scenario.ann, session_type=scenario.kind, last_day=dt.date(2027, 4, 1)
        )
        Offer.objects.create(entry=entry, appointment=held, expires_at=NOW + HOUR)
    return held


def test_a_time_offered_from_the_waitlist_is_not_called_a_visitors(scenario: Scenario) -> None:
    kept(scenario, offered_to="Owen Park")
    said = page(scenario.jonah.user)
    assert "4:00 PM is offered to Owen Park from the waitlist." in said
    assert "A visitor is booking" not in said


def test_a_time_a_visitor_holds_is(scenario: Scenario) -> None:
    kept(scenario)
    assert "A visitor is booking 4:00 PM right now." in page(scenario.jonah.user)


def test_next_is_someone_of_today_only(scenario: Scenario) -> None:
    scenario.comes(scenario.ann, "2027-03-13 09:00")
    assert 'class="is-next"' in page(scenario.jonah.user)
    assert 'class="is-next"' not in page(scenario.jonah.user, "/workspace/?day=2027-03-13")


def test_emails_that_stopped_are_not_announced_as_coming(scenario: Scenario) -> None:
    last = scenario.came(scenario.ann, "2027-03-02 13:00")
    scenario.ann.consents.create(kind="letters")
    waits = Letter.objects.create(
        key="next", kind="follow_up", category="encouragement", user=scenario.ann, to_address="a@example.com",
        to_name="Ann", subject="Between", message_id=f"<{uuid.uuid4()}@example.com>",
        due_at=denver("2027-03-11 09:00"),
    )  # fmt: skip
    every = {"client": scenario.ann, "appointment": last, "days": 3, "at": dt.time(9)}
    FollowUp.objects.create(**every, place=0, asks_human=True)
    FollowUp.objects.create(**every, place=1, letter=waits)
    said = page(scenario.jonah.user)
    assert ("stopped because there was no answer" in said, "Next email" in said) == (True, False)


def test_who_is_booked_on_a_closed_day_comes_before_a_question(scenario: Scenario) -> None:
    cleo = make_user("Cleo Moss")
    scenario.came(cleo, "2027-02-05 10:00")
    Question.objects.create(client=cleo, text="May I skip a day?")
    scenario.comes(make_user("Ben Hart"), "2027-03-20 10:00")
    Closure.objects.create(
        practitioner=scenario.jonah, first_day=dt.date(2027, 3, 20), last_day=dt.date(2027, 3, 20)
    )
    said = page(scenario.jonah.user)
    assert said.index("Ben Hart is booked on a closed day") < said.index("Cleo Moss has a question")
