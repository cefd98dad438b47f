"""What covers a session: every case of a settlement, as the actions leave it."""

from __future__ import annotations

import datetime as dt

import pytest

from booking.appointments.actions.cancel import cancel
from booking.appointments.actions.complete import no_show
from booking.appointments.actions.move import move
from booking.models import Appointment, Package, SessionType
from booking.packages.actions import sell
from booking.policy.settlement import By, if_booked, if_canceled, priced, settlement_of, settlements_of
from booking.policy.wording import cost_now, price_words
from booking.testing import make_session_type
from booking.tests.people import ANN, NOW, TEN, booked, denver, kept, minutes
from practice.models import Practitioner, User
from practice.testing import make_user

pytestmark = pytest.mark.django_db
WEEK, SECOND = dt.timedelta(days=7), dt.timedelta(seconds=1)
#: The terms of the cast: free until 24 hours before, then half of the price.
FREE_UNTIL = TEN - dt.timedelta(hours=24)
LATE = FREE_UNTIL + SECOND


@pytest.fixture
def ann(tess: Practitioner) -> User:
    return make_user("Ann Lee")


@pytest.fixture
def two(session: SessionType, tess: Practitioner, ann: User) -> Package:
    """A package of two sessions."""
    return sell(session, client=ann, sessions=2, price_cents=17000, by=tess.user, now=NOW)


def money(appointment: Appointment, now: dt.datetime | None = None) -> tuple[By, int]:
    """What covers it; or what is due if it is canceled at `now`."""
    found = if_canceled(appointment, now) if now else settlement_of(appointment)
    return found.by, found.cents


# A cancel


def test_moved_late_and_then_canceled_days_ahead_the_fee_is_due(session, tess):
    moved = move(booked(session, tess), start=TEN + WEEK, now=LATE)
    assert money(moved, LATE) == (By.LATE_FEE, 4750)
    after = cancel(moved, now=LATE)
    assert money(after, after.cancelled_at) == (By.LATE_FEE, 4750)


def test_nothing_is_due_up_to_the_last_free_second_and_half_from_the_next(session, tess):
    mine = booked(session, tess)
    assert money(mine, FREE_UNTIL) == (By.NOTHING_DUE, 0)
    assert money(mine, LATE) == (By.LATE_FEE, 4750)
    assert money(mine, TEN - SECOND) == (By.LATE_FEE, 4750)


def test_a_request_is_withdrawn_at_no_charge_however_late(tess):
    asked = booked(make_session_type(tess, needs_approval=True), tess)
    assert money(asked) == (By.AT_PRACTICE, 9500)
    assert money(asked, LATE) == (By.NOTHING_DUE, 0)


def test_a_late_cancel_uses_the_package_and_one_in_time_does_not(session, tess, ann, two):
    mine = booked(session, tess, by=ann, client=ann)
    assert money(mine, FREE_UNTIL) == (By.NOTHING_DUE, 0)
    assert if_canceled(mine, LATE).package == two
    after = cancel(mine, by=ann, now=LATE)
    assert money(after) == (By.PACKAGE, 0)


def test_in_time_the_package_has_its_session_back(session, tess, ann, two):
    after = cancel(booked(session, tess, by=ann, client=ann), by=ann, now=FREE_UNTIL)
    assert money(after, FREE_UNTIL) == (By.NOTHING_DUE, 0)
    assert settlement_of(after).package is None


def test_a_policy_without_a_fee_leaves_nothing_due(session, tess):
    mine = booked(session, tess)
    mine.policy = {**mine.policy, "late_percent": 0}
    assert money(mine, LATE) == (By.NOTHING_DUE, 0)


# A session


def test_a_package_says_which_it_is_and_how_many_it_has_left_until_it_is_used_up(session, tess, ann, two):
    days = [TEN, TEN + WEEK, TEN + 2 * WEEK]
    one, last, more = (booked(session, tess, day, by=ann, client=ann) for day in days)
    found = [settlement_of(each) for each in (one, last, more)]
    assert [(each.package, each.left) for each in found] == [(two, 0), (two, 0), (None, 0)]
    assert money(more) == (By.AT_PRACTICE, 9500)
    cancel(last, by=tess.user, now=NOW)
    assert settlement_of(one).left == 1


def test_an_expired_package_covers_nothing(session, tess, ann):
    sell(session, client=ann, sessions=2, price_cents=1, by=tess.user, now=NOW, valid_until=TEN.date())
    mine = booked(session, tess, by=ann, client=ann)
    assert money(mine) == (By.PACKAGE, 0)
    assert money(move(mine, start=TEN + WEEK, by=ann, now=NOW)) == (By.AT_PRACTICE, 9500)


@pytest.mark.parametrize("with_package", [True, False])
def test_a_missed_session_is_settled_like_one_that_took_place(session, tess, ann, with_package):
    if with_package:
        sell(session, client=ann, sessions=2, price_cents=17000, by=tess.user, now=NOW)
    mine = booked(session, tess, by=ann, client=ann)
    before = money(mine)
    assert money(no_show(mine, by=tess.user, now=TEN + minutes(60))) == before
    assert before == ((By.PACKAGE, 0) if with_package else (By.AT_PRACTICE, 9500))


def test_a_session_without_a_price_is_free_and_so_is_canceling_it(tess):
    mine = booked(make_session_type(tess, price_cents=0), tess)
    assert money(mine) == (By.FREE, 0)
    assert money(mine, LATE) == (By.NOTHING_DUE, 0)


def test_a_held_time_is_settled_as_its_booking_would_be(session, tess):
    held = kept(session, tess)
    assert (if_booked(held, left=3).by, if_booked(held, left=3).left) == (By.PACKAGE, 2)
    assert if_booked(held, left=0) == priced(held)


# Cost and words


def test_many_are_settled_by_one_query_and_a_cancel_in_time_asks_none(
    session, tess, ann, two, django_assert_num_queries
):
    mine = [booked(session, tess, TEN + week * WEEK, by=ann, client=ann) for week in range(3)]
    with django_assert_num_queries(1):
        found = settlements_of(mine)
    assert [found[one.pk].by for one in mine] == [By.PACKAGE, By.PACKAGE, By.AT_PRACTICE]
    with django_assert_num_queries(0):
        if_canceled(mine[0], FREE_UNTIL)


def test_each_settlement_has_its_words(session, tess, ann, two):
    covered = booked(session, tess, by=ann, client=ann)
    paid = booked(session, tess, denver("2027-03-17 10:00"), attendee=ANN)
    agreed = [settlement_of(one) for one in (covered, paid)]
    assert [price_words(one, locale="en_US") for one in agreed] == ["covered by your package", "$95"]
    due = [if_canceled(one, TEN + WEEK) for one in (covered, paid)]
    assert [cost_now(one, locale="en_US") for one in due] == [
        "If you cancel now, it counts as one session from your package.",
        "Canceling now costs $47.50.",
    ]
    assert cost_now(if_canceled(paid, NOW), locale="en_US") == ""
