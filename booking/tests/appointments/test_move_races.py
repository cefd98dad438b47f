"""Two people drop one appointment at the same moment: one moves it, the other is told; one email."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any

import pytest
from django.conf import settings
from django.db import connection

from booking.appointments.actions import move as moving
from booking.errors import BookingError
from booking.models import Appointment
from booking.testing import make_session_type
from booking.tests.people import NOW, TEN, booked, kinds, minutes

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(settings.SQLITE, reason="one writer at a time"),
]
TARGETS = (TEN + minutes(120), TEN + minutes(240))


@pytest.fixture
def mine(tess) -> Appointment:
    return booked(make_session_type(tess, step=15), tess)


def at_once(mine: Appointment) -> list[str]:
    """Both moves, seen with the same number of changes and begun together: what each came to."""
    together = threading.Barrier(2, timeout=20)

    def drop(start: datetime) -> str:
        together.wait()
        try:
            moving.move(mine, start=start, by=mine.practitioner.user, sequence=0, now=NOW)
        except BookingError as error:
            return error.code
        finally:
            connection.close()
        return "done"

    with ThreadPoolExecutor(2) as pool:
        return sorted(pool.map(drop, TARGETS))


def test_one_moves_it_and_the_other_is_told(mine: Appointment) -> None:
    assert at_once(mine) == ["changed_meanwhile", "done"]
    after = Appointment.objects.get()
    assert (after.sequence, after.changes.filter(what="moved").count()) == (1, 1)
    assert kinds(mine, kind="moved") == ["moved"]


def test_without_the_lock_this_test_would_see_two(mine: Appointment, monkeypatch: Any) -> None:
    """The control: nobody waits for the lock, and nobody writes before both have read."""
    both_have_read, read = threading.Barrier(2, timeout=20), moving.reload_in_same_hands

    def read_together(appointment: Appointment) -> Appointment:
        found = read(appointment)
        both_have_read.wait()
        return found

    def without_waiting(people: Any, **_rooms: Any) -> Any:
        return list({one.pk: one for one in people}.values())

    monkeypatch.setattr(moving, "lock", without_waiting)
    monkeypatch.setattr(moving, "reload_in_same_hands", read_together)
    assert at_once(mine) == ["done", "done"]
    assert Appointment.objects.get().sequence == 2
