"""Live updates: whatever changes a board changes its version; nothing else does, and it costs two queries."""

import datetime as dt
from collections.abc import Callable
from typing import NamedTuple

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from booking.appointments.actions.cancel import cancel
from booking.appointments.actions.change_length import change_length
from booking.appointments.actions.move import move
from booking.models import Appointment, BusyTime, ImportedCalendar, SessionType
from booking.schedule.board import Question
from booking.schedule.version import version_of
from booking.tests.people import BEN, DENVER, NOW, TEN, booked, kept, minutes
from booking.time_off.actions.block_time import block_time
from booking.time_off.actions.close_days import close_days
from practice.models import Practitioner
from practice.testing import at_work, make_user

pytestmark = [pytest.mark.engines, pytest.mark.django_db]
WEEK = [dt.date(2027, 3, 14) + dt.timedelta(days=number) for number in range(7)]
PAGE = "/workspace/week/version/?page=week&day=2027-03-16"


@pytest.fixture
def asked(tess, jonah) -> Question:
    """The week of the sixteenth, of both."""
    return Question([tess, jonah], [tess, jonah], WEEK, DENVER, "en-us", NOW)


def busy(tess):
    calendar = ImportedCalendar.objects.create(practitioner=tess, name="Home", url="https://x.example/a.ics")
    BusyTime.objects.create(calendar=calendar, starts_at=TEN, ends_at=TEN + minutes(60))


class Before(NamedTuple):
    """What there is before a change: Ben's session at noon with Tess."""

    tess: Practitioner
    session: SessionType
    first: Appointment


CHANGES: dict[str, Callable[[Before], object]] = {
    "a booking": lambda it: booked(it.session, it.tess),
    "a hold": lambda it: kept(it.session, it.tess),
    "a move": lambda it: move(it.first, start=TEN + minutes(180), now=NOW),
    "another length": lambda it: change_length(it.first, minutes=90, by=it.tess.user, now=NOW),
    "a cancel": lambda it: cancel(it.first, now=NOW),
    "a block": lambda it: block_time(it.tess, start=TEN, end=TEN + minutes(60), by=it.tess.user, now=NOW),
    "another calendar": lambda it: busy(it.tess),
    "a closed day": lambda it: close_days(it.tess, first=WEEK[2], last=WEEK[2], now=NOW),
    "other hours": lambda it: it.tess.opening_hours.filter(weekday=1).update(closes=dt.time(12)),
}


@pytest.mark.parametrize("change", CHANGES)
def test_whatever_is_seen_on_the_board_changes_its_version(change, asked, tess, session):
    it = Before(tess, session, booked(session, tess, TEN + minutes(120), attendee=BEN))
    before = version_of(asked)
    assert version_of(asked) == before
    CHANGES[change](it)
    assert version_of(asked) != before


def test_a_hold_that_runs_out_changes_it_though_nothing_is_written(asked, tess, session):
    kept(session, tess)
    later = [NOW + minutes(9), NOW + minutes(11)]
    assert (
        len({version_of(Question(asked.people, asked.known, WEEK, DENVER, "en-us", one)) for one in later})
        == 2
    )


def test_another_week_and_a_colleague_elsewhere_do_not(tess, jonah, both):
    asked = Question([tess], [tess], WEEK, DENVER, "en-us", NOW)
    before = version_of(asked)
    booked(both, tess, TEN + dt.timedelta(days=21))
    booked(both, jonah)
    assert version_of(asked) == before


def test_it_costs_two_queries_for_any_number_of_rows(asked, tess, session, django_assert_num_queries):
    for number in range(5):
        booked(session, tess, TEN + minutes(60 * number), attendee=BEN)
    busy(tess)
    with django_assert_num_queries(2):
        version_of(asked)


@pytest.mark.usefixtures("a_monday_in_march")
def test_unchanged_is_an_empty_304_and_a_booking_is_seen_by_the_next_question(tess, session):
    browser = at_work(tess.user)
    first = browser.get(PAGE)
    assert first.content.decode() in browser.get(PAGE.replace("version/?page=week&", "?")).content.decode()
    again = browser.get(PAGE, headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    booked(session, tess)
    assert browser.get(PAGE, headers={"If-None-Match": first["ETag"]}).status_code == 200


@pytest.mark.usefixtures("a_monday_in_march")
def test_it_writes_nothing_and_strangers_find_nothing(tess):
    browser = at_work(tess.user)
    browser.get(PAGE)
    with CaptureQueriesContext(connection) as heard:
        browser.get(PAGE)
    assert not [one["sql"] for one in heard if one["sql"].startswith(("INSERT", "UPDATE", "DELETE"))]
    assert at_work(make_user("Cy")).get(PAGE).status_code == 404
