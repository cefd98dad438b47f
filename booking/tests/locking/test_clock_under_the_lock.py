"""What happened is dated once its turn has come: of two at one time, the second is told as the second."""

import datetime as dt

import pytest
import time_machine

from booking import links
from booking.appointments.actions.cancel import cancel
from booking.appointments.actions.move import move
from booking.locking import locks
from booking.models import Appointment, AppointmentChange
from booking.testing import make_session_type
from booking.tests.people import NOW, TEN, booked
from booking.tests.web_client import ANN_TYPES, Api, browser
from practice.testing import at_work

pytestmark = [pytest.mark.engines("booking.locking.locks"), pytest.mark.django_db]
WAIT = dt.timedelta(seconds=40)
WAITING = (
    *(f"booking.appointments.actions.{name}" for name in ("approve", "book", "cancel", "move", "restore")),
    *("booking.holds.actions.hold", "booking.series.actions"),
)


@pytest.fixture
def clock():
    """Monday, March 1, 2027, eight in the morning in Denver."""
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def queue(clock, monkeypatch):
    """Whoever asks for the lock waits for forty seconds."""

    def begin():
        def wait(*args, **options):
            clock.shift(WAIT)
            return locks.lock(*args, **options)

        for name in WAITING:
            monkeypatch.setattr(f"{name}.lock", wait)

    return begin


def last():
    change = AppointmentChange.objects.order_by("pk").last()
    return change.what, change.at


@pytest.mark.parametrize("deed", ["cancel", "bring-back", "move"])
def test_a_press_on_the_page_is_dated_when_its_turn_comes(deed, queue, tess, session):
    appointment = booked(session, tess)
    if deed == "bring-back":
        appointment = cancel(appointment, now=NOW)
    queue()
    page = f"{links.appointment_path(appointment)}{deed}/"
    browser().post(page, {"start": (TEN + dt.timedelta(hours=1)).isoformat()})
    assert last() == ({"cancel": "cancelled", "bring-back": "restored", "move": "moved"}[deed], NOW + WAIT)


@pytest.mark.parametrize(("answer", "what"), [("approve", "approved"), ("decline", "declined")])
def test_so_is_an_answer_to_a_request(answer, what, queue, tess):
    asked = booked(make_session_type(tess, slug="asked", needs_approval=True), tess)
    queue()
    at_work(tess.user).post(f"/workspace/appointments/{asked.uid}/{answer}/")
    assert last() == (what, NOW + WAIT)


def test_so_is_a_booking_by_the_form_and_its_hold(queue, tess, session):
    queue()
    visitor = browser()
    kept = visitor.post("/book/session/hold/", {"start": TEN.isoformat(), "practitioner": "tess"})
    assert last() == ("held", NOW + WAIT)
    visitor.post(kept["Location"].partition("?")[0], ANN_TYPES)
    assert last() == ("booked", NOW + 2 * WAIT)


def test_so_is_a_booking_by_the_api(queue, tess, session):
    queue()
    Api().book(TEN)
    assert (last(), Appointment.objects.get().booked_at) == (("booked", NOW + WAIT), NOW + WAIT)


def test_an_undo_at_the_instant_of_the_cancel_is_told_after_it(clock, monkeypatch, tess, session):
    """Undo is pressed first, waits for the cancel of another tab, and then has something to undo."""
    appointment = booked(session, tess)

    def cancelled_first(*args, **options):
        clock.shift(WAIT)
        cancel(appointment)
        clock.shift(WAIT)
        return locks.lock(*args, **options)

    monkeypatch.setattr("booking.appointments.actions.restore.lock", cancelled_first)
    browser().post(f"{links.appointment_path(appointment)}bring-back/")
    assert [change.what for change in appointment.changes.all()] == ["booked", "cancelled", "restored"]


def test_a_moment_that_is_named_is_that_moment(tess, session):
    assert move(booked(session, tess), start=TEN + dt.timedelta(hours=1), now=NOW).changes.last().at == NOW
