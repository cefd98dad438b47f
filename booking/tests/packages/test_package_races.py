"""The last session of a package, wanted by two bookings at once: where two can write at once.

SQLite lets one write at a time; there the same is shown one after the other in `test_packages`.
"""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.conf import settings
from django.db import IntegrityError, connection

from booking.appointments.actions.cancel import cancel
from booking.models import Appointment, PackageUse
from booking.packages import actions as packages_actions
from booking.testing import make_session_type, open_every_day
from booking.tests.people import NOW, TEN, booked, denver
from practice.models import Practitioner, User
from practice.testing import make_practice, make_practitioner, make_user

pytestmark = [
    pytest.mark.engines,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(settings.SQLITE, reason="one writer at a time"),
]


@pytest.fixture
def two_tabs(db: None) -> tuple[Any, list[Practitioner], User]:
    """Tess and Jonah, so that no practitioner's row makes the tabs wait; Ann has one session left."""
    make_practice()
    both = [make_practitioner(), make_practitioner("Jonah Reyes", role=User.Role.PRACTITIONER)]
    for one in both:
        open_every_day(one)
    session, ann = make_session_type(*both), make_user("Ann Lee")
    packages_actions.sell(session, client=ann, sessions=1, price_cents=9500, by=both[0].user, now=NOW)
    return session, both, ann


def book_at_once(two_tabs: tuple[Any, list[Practitioner], User]) -> list[Appointment | Exception]:
    """Ann books with each of them in the same moment. What came of it."""
    session, both, ann = two_tabs
    together = threading.Barrier(2, timeout=20)

    def press(practitioner: Practitioner) -> Appointment | Exception:
        together.wait()
        try:
            start = TEN if practitioner.slug == "tess" else denver("2027-03-17 10:00")
            return booked(session, practitioner, start, by=ann, client=ann)
        except IntegrityError as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(press, both))


def test_two_tabs_do_not_use_one_session_twice_and_both_are_booked(two_tabs: Any) -> None:
    made = book_at_once(two_tabs)
    assert all(isinstance(one, Appointment) for one in made)
    assert PackageUse.objects.count() == 1


def test_without_the_lock_one_of_them_breaks_at_the_database(two_tabs: Any, monkeypatch: Any) -> None:
    both_have_read = threading.Barrier(2, timeout=20)
    looked = packages_actions.free_number

    def unlocked(appointment: Appointment) -> list[Any]:
        return list(appointment.client.packages.all())

    def number(package: Any) -> int:
        found = looked(package)
        both_have_read.wait()
        return found

    monkeypatch.setattr(packages_actions, "lock_packages", unlocked)
    monkeypatch.setattr(packages_actions, "free_number", number)
    made = book_at_once(two_tabs)
    assert [isinstance(one, IntegrityError) for one in made].count(True) == 1


def test_a_cancel_and_a_booking_at_once_leave_one_use_or_none(two_tabs: Any) -> None:
    session, both, ann = two_tabs
    first = booked(session, both[0], by=ann, client=ann)
    together = threading.Barrier(2, timeout=20)

    def do(what: str) -> None:
        together.wait()
        try:
            if what == "cancel":
                cancel(first, by=ann, now=NOW)
            else:
                booked(session, both[1], denver("2027-03-17 10:00"), by=ann, client=ann)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(do, ("cancel", "book")))
    live = PackageUse.objects.filter(given_back_at=None)
    assert live.exclude(appointment=first).count() == live.count() <= 1
