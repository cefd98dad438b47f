"""A series and a single booking that want one time at once, where two can write at once."""

from __future__ import annotations

import threading
import uuid
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.conf import settings
from django.db import connection

from booking.errors import BookingError
from booking.models import Appointment
from booking.series.actions import book_series
from booking.testing import make_session_type, open_every_day
from booking.tests.people import ANN, BEN, NOW, TEN, booked
from booking.tests.series.test_series import weeks
from practice.models import Letter
from practice.testing import make_practice, make_practitioner, make_user

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(settings.SQLITE, reason="one writer at a time"),
]


@pytest.fixture
def scenario(db: None) -> tuple[Any, Any, Any]:
    make_practice()
    tess = make_practitioner()
    open_every_day(tess)
    return make_session_type(tess), tess, make_user("Ann Lee")


def at_once(*calls: Any) -> list[Any]:
    """Each call in a thread of its own, begun in the same moment: what it gave, or why it was refused."""
    together = threading.Barrier(len(calls), timeout=20)

    def do(call: Any) -> Any:
        together.wait()
        try:
            return call()
        except BookingError as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(do, calls))


def test_either_all_of_the_series_or_none_and_nobody_twice(scenario: Any) -> None:
    session, tess, ann = scenario

    def series() -> list[Appointment]:
        return book_series(
            session, practitioner=tess, starts=weeks(4), attendee=ANN, client=ann, consent=True,
            series=uuid.uuid4(), by=ann, now=NOW,
        )  # fmt: skip

    said = at_once(series, lambda: booked(session, tess, weeks(4)[3], attendee=BEN))
    hers = Appointment.objects.filter(client=ann).count()
    refused = [one for one in said if isinstance(one, BookingError)]
    assert (hers, len(refused)) in {(4, 1), (0, 1)}
    assert Appointment.objects.filter(starts_at=weeks(4)[3], occupies=True).count() == 1


def test_two_presses_of_one_form_book_one_series_with_one_email(scenario: Any) -> None:
    session, tess, ann = scenario
    number = uuid.uuid4()

    def press() -> list[Appointment]:
        return book_series(
            session, practitioner=tess, starts=weeks(3), attendee=ANN, client=ann, consent=True,
            series=number, by=ann, now=NOW,
        )  # fmt: skip

    first, second = at_once(press, press)
    assert [one.pk for one in first] == [one.pk for one in second]
    assert (Appointment.objects.count(), Letter.objects.filter(kind="series").count()) == (3, 1)


def test_without_the_lock_the_second_press_is_refused_by_the_database(
    scenario: Any, monkeypatch: Any
) -> None:
    from booking.series import actions

    session, tess, ann = scenario
    both_have_looked = threading.Barrier(2, timeout=20)
    look = actions.of_series

    def looked(*asked: Any) -> list[Appointment]:
        found = look(*asked)
        both_have_looked.wait()
        return found

    monkeypatch.setattr(actions, "lock", lambda people, **_: list(people))
    monkeypatch.setattr(actions, "of_series", looked)
    number = uuid.uuid4()

    def press() -> list[Appointment]:
        return actions.book_series(
            session, practitioner=tess, starts=[TEN], attendee=ANN, client=ann, consent=True,
            series=number, by=ann, now=NOW,
        )  # fmt: skip

    said = at_once(press, press)
    assert [isinstance(one, actions.SeriesChanged) for one in said].count(True) == 1
