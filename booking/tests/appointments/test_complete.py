"""After the session: it took place, or they did not come."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from booking import queries
from booking.appointments.actions.cancel import cancel
from booking.appointments.actions.complete import complete, no_show
from booking.appointments.actions.move import move
from booking.errors import AlreadyCancelled, AlreadyDecided, AlreadyOver, NeverBooked, NotBegun
from booking.models import Appointment, SessionType
from booking.testing import make_appointment
from booking.tests.people import NOW, TEN, booked, kept, minutes
from practice.models import Letter, Practitioner

pytestmark = [pytest.mark.engines, pytest.mark.django_db]
ELEVEN = TEN + minutes(60)
SECOND = dt.timedelta(seconds=1)


@pytest.fixture
def tens(session: SessionType, tess: Practitioner) -> Appointment:
    """Ann's session at ten."""
    return booked(session, tess)


def whats(appointment: Appointment) -> list[str]:
    return list(appointment.changes.values_list("what", flat=True))


@pytest.mark.parametrize("decide", [complete, no_show])
def test_a_session_that_has_not_begun_cannot_be_over(decide, tens: Appointment, tess: Practitioner) -> None:
    with pytest.raises(NotBegun, match="has not started"):
        decide(tens, by=tess.user, now=TEN - SECOND)
    tens.refresh_from_db()
    assert tens.state == "booked"


def test_from_its_first_second_on_it_can(tens: Appointment, tess: Practitioner) -> None:
    assert complete(tens, by=tess.user, now=TEN).state == "completed"


def test_what_was_canceled_did_not_take_place(tens: Appointment, tess: Practitioner) -> None:
    cancel(tens, now=NOW)
    with pytest.raises(AlreadyCancelled):
        complete(tens, by=tess.user, now=ELEVEN)


def test_what_was_only_kept_did_not_take_place(session: SessionType, tess: Practitioner) -> None:
    with pytest.raises(NeverBooked):
        no_show(kept(session, tess), by=tess.user, now=ELEVEN)


@pytest.mark.parametrize(("decide", "state"), [(complete, "completed"), (no_show, "no_show")])
def test_it_is_written_down_once_with_who_said_so(
    decide, state: str, tens: Appointment, tess: Practitioner
) -> None:
    decide(tens, by=tess.user, now=ELEVEN)
    decide(tens, by=tess.user, now=ELEVEN + SECOND)
    assert whats(tens) == ["booked", state]
    change = tens.changes.get(what=state)
    assert (change.by, change.by_staff, change.at) == (tess.user, True, ELEVEN)


def test_it_is_corrected_only_by_who_says_so(tens: Appointment, tess: Practitioner) -> None:
    no_show(tens, by=tess.user, now=ELEVEN)
    with pytest.raises(AlreadyDecided, match="did not come"):
        complete(tens, by=tess.user, now=ELEVEN)
    assert complete(tens, by=tess.user, now=ELEVEN, correct=True).state == "completed"
    assert whats(tens) == ["booked", "no_show", "completed"]


def test_reminders_that_still_wait_are_called_off(tens: Appointment, tess: Practitioner) -> None:
    assert Letter.objects.filter(kind="reminder", state="planned").count() == 2
    complete(tens, by=tess.user, now=TEN)
    reminders = Letter.objects.filter(kind="reminder")
    assert {(one.state, one.reason) for one in reminders} == {("cancelled", "The session has begun.")}


def test_nobody_is_written_to(tens: Appointment, tess: Practitioner) -> None:
    before = Letter.objects.count()
    no_show(tens, by=tess.user, now=ELEVEN)
    assert Letter.objects.count() == before


def test_what_is_over_can_neither_be_canceled_nor_moved(tens: Appointment, tess: Practitioner) -> None:
    complete(tens, by=tess.user, now=ELEVEN)
    with pytest.raises(AlreadyOver, match="is in the past"):
        cancel(tens, by=tess.user, now=ELEVEN)
    with pytest.raises(AlreadyOver, match="is in the past"):
        move(tens, start=TEN + dt.timedelta(days=7), by=tess.user, now=ELEVEN)


@pytest.mark.parametrize("decide", [complete, no_show])
def test_the_guard_keeps_guarding_the_past(
    decide, tens: Appointment, session: SessionType, tess: Practitioner
) -> None:
    decide(tens, by=tess.user, now=ELEVEN)
    with pytest.raises(IntegrityError, match="no_overlap"), transaction.atomic():
        make_appointment(session_type=session, practitioner=tess, start=TEN + minutes(30), client=tens.client)


def test_it_stays_in_the_day(tens: Appointment, tess: Practitioner) -> None:
    complete(tens, by=tess.user, now=ELEVEN)
    found = queries.day_of([tess], first=TEN - minutes(60), until=ELEVEN)
    assert [one.pk for one in found] == [tens.pk]
