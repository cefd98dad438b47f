"""Packages: which session they pay for, whose, and what a cancel, a move or an absence makes of it."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from booking.appointments.actions.cancel import cancel
from booking.appointments.actions.complete import no_show
from booking.appointments.actions.move import move
from booking.appointments.actions.move_back import move_back
from booking.appointments.actions.restore import restore
from booking.models import Appointment, Package, PackageUse
from booking.packages import actions as packages_actions
from booking.packages import queries as standing
from booking.testing import make_session_type
from booking.tests.people import ANN, BEN, NOW, TEN, booked, denver, noted
from practice.append_only.door import Why, open_door
from practice.models import Letter, Practitioner, User
from practice.testing import as_it_leaves, is_in_both_parts, make_user

pytestmark = pytest.mark.django_db
LATE = TEN - dt.timedelta(hours=10)


@pytest.fixture
def ann(practice) -> User:
    return make_user("Ann Lee")


@pytest.fixture
def five(session, tess, ann) -> Package:
    return sold(session, tess, ann)


def sold(session_type: Any, tess: Practitioner, client: User, **options: Any) -> Package:
    """Five sessions, by Tess, unless said otherwise."""
    options = {"sessions": 5, "price_cents": 42500, "by": tess.user, "now": NOW, **options}
    return packages_actions.sell(session_type, client=client, **options)


def used(package: Package) -> list[int]:
    """The numbers of its sessions that stand behind an appointment."""
    return sorted(package.uses.filter(given_back_at=None).values_list("number", flat=True))


def left(client: User) -> list[int]:
    return [one.left for one in standing.of_client(client)]


# Whose, and of what


@pytest.mark.engines
def test_the_public_form_with_a_known_address_spends_nothing(session, tess, ann, five):
    booked(session, tess)
    assert used(five) == []


@pytest.mark.engines
def test_someone_else_signed_in_spends_nothing_of_hers(session, tess, ann, five):
    ben = make_user("Ben Hart")
    booked(session, tess, by=ben)  # with Ann's address
    assert used(five) == []


def test_the_client_signed_in_uses_one_and_is_told_so(session, tess, ann, five):
    booked(session, tess, by=ann, client=ann)
    assert used(five) == [1]
    assert is_in_both_parts(as_it_leaves(Letter.objects.get(kind="confirmation")), "covered by your package")


def test_staff_who_book_for_the_client_use_one(session, tess, ann, five):
    booked(session, tess, by=tess.user, client=ann)
    assert used(five) == [1]


def test_another_type_of_session_is_not_paid_by_it(tess, ann, five):
    booked(make_session_type(tess, slug="long", minutes=90), tess, by=ann, client=ann)
    assert used(five) == []


def test_the_oldest_pays_first_and_only_while_it_is_valid(session, tess, ann):
    old = sold(session, tess, ann, sessions=2, valid_until=TEN.date())
    new = sold(session, tess, ann, now=NOW + dt.timedelta(hours=1))
    booked(session, tess, by=ann, client=ann)
    booked(session, tess, denver("2027-03-17 10:00"), by=ann, client=ann)
    assert (used(old), used(new)) == ([1], [1])


def test_the_last_day_is_counted_where_the_practice_is(session, tess, ann):
    tess.opening_hours.update(closes=dt.time(22))
    package = sold(session, tess, ann, valid_until=TEN.date())
    booked(session, tess, denver("2027-03-16 20:00"), by=ann, client=ann)  # the 17th in UTC
    assert used(package) == [1]


def test_where_none_is_left_the_session_costs_its_price(session, tess, ann):
    one = sold(session, tess, ann, sessions=1)
    booked(session, tess, by=ann, client=ann)
    booked(session, tess, denver("2027-03-17 10:00"), by=ann, client=ann)
    newest = as_it_leaves(Letter.objects.filter(kind="confirmation").latest("pk"))
    assert used(one) == [1]
    assert is_in_both_parts(newest, "$95")


def test_it_pays_once_for_one_appointment(session, tess, ann, five):
    appointment = booked(session, tess, by=ann, client=ann)
    packages_actions.use_for(appointment, now=NOW)
    assert used(five) == [1]


@pytest.mark.engines
def test_what_was_booked_without_signing_in_can_be_paid_by_it_later(session, tess, ann, five):
    appointment = booked(session, tess)
    packages_actions.pay_later(appointment, now=NOW)
    assert used(five) == [1]


@pytest.mark.engines
def test_what_was_canceled_in_the_meantime_is_not_paid(session, tess, ann, five):
    appointment = booked(session, tess)
    cancel(appointment, by=ann, now=NOW)
    assert packages_actions.pay_later(appointment, now=NOW) is None  # as the page still showed it
    assert used(five) == []


# Given back, kept


@pytest.mark.engines
def test_a_cancel_in_time_gives_it_back_and_says_so(session, tess, ann, five):
    cancel(booked(session, tess, by=ann, client=ann), by=ann, now=NOW)
    assert left(ann) == [5]
    assert is_in_both_parts(
        as_it_leaves(Letter.objects.get(kind="cancelled")), "the session is back in your package"
    )


def test_a_late_cancel_uses_it_and_asks_for_no_money_besides(session, tess, ann, five):
    appointment = cancel(booked(session, tess, by=ann, client=ann), by=ann, now=LATE)
    assert used(five) == [1]
    assert noted(appointment, "cancelled") == "Late: counts as one session from the package."
    assert is_in_both_parts(as_it_leaves(Letter.objects.get(kind="cancelled")), "counts as one session from")


@pytest.mark.engines
def test_a_cancel_by_the_practice_gives_it_back_however_late(session, tess, ann, five):
    cancel(booked(session, tess, by=ann, client=ann), by=tess.user, now=LATE)
    assert left(ann) == [5]


def test_anyone_who_does_not_come_has_used_it(session, tess, ann, five):
    no_show(booked(session, tess, by=ann, client=ann), by=tess.user, now=TEN + dt.timedelta(hours=2))
    assert used(five) == [1]


def test_a_move_keeps_it(session, tess, ann, five):
    move(booked(session, tess, by=ann, client=ann), start=denver("2027-03-18 10:00"), by=ann, now=NOW)
    assert used(five) == [1]


def test_what_is_given_back_is_used_by_the_next_one(session, tess, ann, five):
    first = booked(session, tess, by=ann, client=ann)
    booked(session, tess, denver("2027-03-17 10:00"), by=ann, client=ann)
    cancel(first, by=ann, now=NOW)
    booked(session, tess, denver("2027-03-18 10:00"), by=ann, client=ann)
    assert used(five) == [1, 2]


@pytest.mark.engines
def test_a_cancel_undone_takes_it_again_or_says_that_none_is_left(session, tess, ann):
    sold(session, tess, ann, sessions=1)
    first = cancel(booked(session, tess, by=ann, client=ann), by=ann, now=NOW)
    booked(session, tess, denver("2027-03-17 10:00"), by=ann, client=ann)
    Appointment.objects.filter(pk=first.pk).update(state="booked")
    first.refresh_from_db()
    assert packages_actions.reclaim_use(first, cancelled_at=NOW, now=NOW) is False
    never = booked(session, tess, denver("2027-03-18 10:00"), attendee=BEN)
    assert packages_actions.reclaim_use(never, cancelled_at=NOW, now=NOW) is True


# Undone: paid as it was before

WEEK, MINUTE = dt.timedelta(days=7), dt.timedelta(minutes=1)
ON_THE_DAY = TEN.date()


@pytest.fixture
def two(session, tess, ann) -> tuple[Package, Package]:
    """An old package with one session, until the day of the appointment; a new one with five, without end."""
    old = sold(session, tess, ann, sessions=1, valid_until=ON_THE_DAY)
    return old, sold(session, tess, ann, now=NOW + MINUTE)


@pytest.mark.engines
def test_a_move_undone_is_paid_by_the_package_that_paid_before_it(session, tess, ann, two):
    old, new = two
    moved = move(booked(session, tess, by=ann, client=ann), start=TEN + WEEK, by=ann, now=NOW)
    assert (used(old), used(new)) == ([], [1])
    move_back(moved, by=ann, now=NOW + MINUTE)
    assert (used(old), used(new)) == ([1], [])
    ledger = [(one.package, one.used_at, one.given_back_at) for one in PackageUse.objects.all()]
    assert ledger == [(old, NOW, NOW), (new, NOW, NOW + MINUTE), (old, NOW + MINUTE, None)]


@pytest.mark.engines
def test_where_its_session_was_used_in_the_meantime_the_other_keeps_paying(session, tess, ann, two):
    old, new = two
    moved = move(booked(session, tess, by=ann, client=ann), start=TEN + WEEK, by=ann, now=NOW)
    booked(session, tess, denver("2027-03-16 14:00"), by=ann, client=ann)
    move_back(moved, by=ann, now=NOW + MINUTE)
    assert (used(old), used(new)) == ([1], [1])
    assert PackageUse.objects.count() == 3


def test_what_nobody_had_paid_before_a_move_is_not_paid_after_its_undo(session, tess, ann):
    sold(session, tess, ann, sessions=1, valid_until=ON_THE_DAY)
    later = move(booked(session, tess, by=ann, client=ann), start=TEN + WEEK, by=ann, now=NOW)
    new = sold(session, tess, ann, now=NOW + MINUTE)
    last = move(later, start=TEN + 2 * WEEK, by=ann, now=NOW + MINUTE)
    assert used(new) == [1]
    move_back(last, by=ann, now=NOW + MINUTE)
    assert used(new) == []


def test_what_someone_here_let_pay_after_the_move_stays_paid(session, tess, ann, five):
    moved = move(booked(session, tess), start=TEN + WEEK, by=ann, now=NOW)
    packages_actions.pay_later(moved, now=NOW + MINUTE)
    move_back(moved, by=ann, now=NOW + MINUTE)
    assert used(five) == [1]


@pytest.mark.engines
def test_a_move_of_before_this_was_written_down_is_undone_like_another_move(session, tess, ann, two):
    old, new = two
    moved = move(booked(session, tess, by=ann, client=ann), start=TEN + WEEK, by=ann, now=NOW)
    change = moved.changes.get(what="moved")
    del change.before[packages_actions.PAID_BY]
    with open_door(Why.DEMO):
        change.save(update_fields=["before"])
    move_back(moved, by=ann, now=NOW + MINUTE)
    assert (used(old), used(new)) == ([], [1])


@pytest.mark.engines
def test_a_cancel_undone_is_paid_by_the_package_that_paid_before_it(session, tess, ann, two):
    old, new = two
    first = booked(session, tess, denver("2027-03-16 14:00"), by=ann, client=ann)
    second = booked(session, tess, by=ann, client=ann)
    cancel(first, by=ann, now=NOW)
    gone = cancel(second, by=ann, now=NOW + MINUTE)
    restore(gone, by=ann, now=NOW + 2 * MINUTE)
    assert (used(old), used(new)) == ([], [1])


@pytest.mark.engines
def test_a_late_cancel_undone_has_used_its_session_once(session, tess, ann, five):
    gone = cancel(booked(session, tess, by=ann, client=ann), by=ann, now=LATE)
    restore(gone, by=ann, now=LATE)
    assert (used(five), PackageUse.objects.count()) == ([1], 1)


# Sold


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"sessions": 0}, "sessions"),
        ({"sessions": 101}, "sessions"),
        ({"price_cents": -1}, "price"),
        ({"price_cents": 10**30}, "price"),
        ({"valid_until": dt.date(2027, 2, 28)}, "valid_until"),
    ],
)
def test_what_makes_no_sense_is_not_sold(session, tess, ann, wrong, field):
    with pytest.raises(packages_actions.NotSold) as caught:
        sold(session, tess, ann, **wrong)
    assert (caught.value.field, Package.objects.count()) == (field, 0)


@pytest.mark.engines
def test_several_at_once_are_counted_one_after_the_other(session, tess, ann):
    sold(session, tess, ann, sessions=2, valid_until=dt.date(2027, 3, 20))
    sold(session, tess, ann, sessions=1)
    days = [dt.date(2027, 3, day) for day in (16, 23, 17, 30)]
    found = standing.covered(standing.of_client(ann), session, days=days)
    assert found == [True, True, True, False]


@pytest.mark.engines
def test_the_database_lets_no_session_of_a_package_be_used_twice(session, tess, ann, five):
    first = booked(session, tess, by=ann, client=ann)
    other = booked(session, tess, denver("2027-03-17 10:00"), attendee=ANN)
    number = PackageUse.objects.get(appointment=first).number
    with pytest.raises(IntegrityError), transaction.atomic():
        PackageUse.objects.create(package=five, appointment=other, number=number)
