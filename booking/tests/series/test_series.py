"""Sessions booked together: judged one by one on the wall clock, all of them or none, one letter."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import pytest

from booking.appointments.actions.book import Attendee
from booking.appointments.actions.cancel import cancel
from booking.errors import ConsentMissing, TooLate
from booking.models import Appointment, Intake, PackageUse
from booking.packages import actions as packages_actions
from booking.series.actions import ApprovalNeeded, SeriesChanged, WrongNumber, book_series, cancel_from
from booking.series.planning import plan
from booking.testing import make_session_type, open_every_day
from booking.tests.people import BEN, DENVER, NOW, TEN, booked, denver, kinds, noted
from practice.models import Consent, Letter, Practitioner, User
from practice.testing import as_it_leaves, is_in_both_parts, make_user

NAMED = uuid.UUID(int=7)  # as two pages could name their series
pytestmark = [pytest.mark.engines, pytest.mark.django_db]
AUTUMN = denver("2027-10-20 08:00")


@pytest.fixture
def ann(practice) -> User:
    return make_user("Ann Lee")


def planned(kind: Any, tess: Practitioner, first: dt.datetime = TEN, **options: Any) -> list[Any]:
    options = {"every": 1, "count": 4, "now": NOW, **options}
    return plan(kind, tess, first=first, **options)


def rules(members: list[Any]) -> list[str]:
    """Of each: the rule that refuses it, or what fits."""
    return [one.refusal.rule if one.refusal else "fits" for one in members]


def hours(free: Any) -> list[str]:
    """When free times begin, on Denver's clocks."""
    return [f"{one.start.astimezone(DENVER):%H:%M}" for one in free]


def taken(kind: Any, tess: Practitioner, client: User, *starts: dt.datetime, **options: Any) -> Any:
    """Booked together through the real action."""
    options = {
        "consent": True,
        "series": uuid.uuid4(),
        "by": client,
        "now": NOW,
        "attendee": Attendee(client.name, client.email or "", "", "America/Denver"),
        **options,
    }
    return book_series(kind, practitioner=tess, starts=starts, client=client, **options)


def weeks(number: int, first: dt.datetime = TEN) -> list[dt.datetime]:
    """The same hour in as many weeks, on Denver's clocks."""
    return [first + dt.timedelta(weeks=one) for one in range(number)]


# Judged slot by slot


def test_ten_stays_ten_when_the_clocks_are_put_forward(session, tess):
    found = planned(session, tess, denver("2027-03-09 10:00"), count=2)
    assert [one.start.astimezone(DENVER).hour for one in found] == [10, 10]
    assert found[1].start - found[0].start == dt.timedelta(days=7, hours=-1)


def test_ten_stays_ten_when_the_clocks_are_put_back(session, tess):
    found = planned(session, tess, denver("2027-11-02 10:00"), count=2, now=AUTUMN)
    assert found[1].start - found[0].start == dt.timedelta(days=7, hours=1)


@pytest.fixture
def by_night(tess) -> Any:
    """Open from midnight to six, every half hour."""
    tess.opening_hours.all().delete()
    open_every_day(tess, "00:00", "06:00")
    return make_session_type(tess, slug="night", step=30)


def test_an_hour_that_does_not_exist_is_said_and_times_beside_it_offered(by_night, tess):
    found = planned(by_night, tess, denver("2027-03-07 02:30"), count=3)
    assert rules(found) == ["fits", "nonexistent_time", "fits"]
    assert found[1].start is None
    assert hours(found[1].near) == ["01:00", "01:30", "03:30"]


def test_an_hour_that_comes_twice_is_asked_about(by_night, tess):
    found = planned(by_night, tess, denver("2027-10-31 01:30"), count=2, now=AUTUMN)
    both = [denver("2027-11-07 01:30", fold=fold).astimezone(dt.UTC) for fold in (0, 1)]
    assert rules(found) == ["fits", "ambiguous_time"]
    assert set(both) <= {one.start for one in found[1].near}


def test_a_first_time_within_the_hour_that_comes_twice_is_the_one_pressed(by_night, tess):
    second = denver("2027-11-07 01:30", fold=1)
    assert planned(by_night, tess, second, count=1, now=AUTUMN)[0].start == second


def test_what_is_taken_is_named_with_the_nearest_free_times(session, tess):
    booked(session, tess, TEN + dt.timedelta(weeks=1), attendee=BEN)
    found = planned(session, tess)
    assert rules(found) == ["fits", "taken", "fits", "fits"]
    assert hours(found[1].near) == ["09:00", "11:00", "11:15"]


def test_a_closed_day_and_the_horizon_are_named_each(tess):
    kind = make_session_type(tess, horizon_days=30)
    tess.closures.create(first_day=dt.date(2027, 3, 23), last_day=dt.date(2027, 3, 23))
    assert rules(planned(kind, tess)) == ["fits", "closed", "fits", "horizon"]


def test_where_the_first_is_out_of_reach_nothing_is_counted_on(session, tess):
    assert rules(planned(session, tess, dt.datetime(9999, 12, 31, 23, tzinfo=dt.UTC))) == ["horizon"]
    assert rules(planned(session, tess, dt.datetime(1, 1, 1, tzinfo=dt.UTC))) == ["past"]


def test_the_limit_of_a_day_counts_what_others_have(tess):
    one_a_day = make_session_type(tess, slug="one", daily_limit=1)
    booked(one_a_day, tess, TEN + dt.timedelta(weeks=1, hours=3), attendee=BEN)
    found = planned(one_a_day, tess, count=2)
    assert rules(found) == ["fits", "daily_limit"]
    assert all(one.start.astimezone(DENVER).day != 23 for one in found[1].near)


@pytest.mark.parametrize("count", [2, 12])
def test_judging_twelve_costs_what_judging_two_costs(session, tess, django_assert_num_queries, count):
    with django_assert_num_queries(4):
        planned(session, tess, count=count)


# Booked, all or none


def test_all_are_booked_with_one_email_one_notice_and_reminders_of_each(session, tess, ann):
    made = taken(session, tess, ann, *weeks(3))
    assert [one.starts_at for one in made] == weeks(3)
    assert len({one.series for one in made}) == 1
    assert [kinds(one) for one in made] == [
        ["intake", "intake", "notice_series", "reminder", "reminder"],
        *[["reminder"] * 2] * 2,
    ]
    assert Letter.objects.filter(kind__in=("series", "confirmation")).count() == 1


def test_where_none_came_before_the_intake_is_asked_for_with_its_first(session, tess, ann):
    made = taken(session, tess, ann, *weeks(3))
    assert ["intake" in kinds(one) for one in made] == [True, False, False]
    assert Intake.objects.get().appointment == made[0]


def test_the_email_lists_each_with_its_link_and_a_file_of_its_own(session, tess, ann):
    made = taken(session, tess, ann, *weeks(3))
    letter = as_it_leaves(Letter.objects.get(kind="series"))
    assert all(f"March {one.starts_at.astimezone(DENVER).day}" in letter.text for one in made[:2])
    assert all(is_in_both_parts(letter, f"/appointments/{one.uid.hex}") for one in made)
    files = [one["content"] for one in letter.attachments]
    assert [str(one.uid) in file for one, file in zip(made, files, strict=True)] == [True] * 3
    assert [one["content_type"] for one in letter.attachments] == [
        "application/ics; method=REQUEST; charset=UTF-8"
    ] * 3


def test_where_one_was_taken_in_the_meantime_nothing_is_booked_and_nobody_written_to(session, tess, ann):
    booked(session, tess, weeks(2)[1], attendee=BEN)
    letters = Letter.objects.count()
    with pytest.raises(SeriesChanged):
        taken(session, tess, ann, *weeks(3))
    assert not Appointment.objects.filter(client=ann).exists()
    assert (Letter.objects.count(), Consent.objects.filter(user=ann).count()) == (letters, 0)


def test_the_series_itself_counts_for_the_limit_of_a_day(tess, ann):
    one_a_day = make_session_type(tess, slug="one", daily_limit=1)
    with pytest.raises(SeriesChanged):
        taken(one_a_day, tess, ann, TEN, TEN + dt.timedelta(hours=3))
    assert Appointment.objects.count() == 0


def test_the_same_form_twice_is_one_series(session, tess, ann):
    number = uuid.uuid4()
    first = taken(session, tess, ann, *weeks(2), series=number)
    assert taken(session, tess, ann, *weeks(2), series=number) == first
    assert Letter.objects.filter(kind="series").count() == 1


def test_someone_elses_series_is_neither_shown_nor_joined(session, tess, ann):
    ben = make_user("Ben Hart")
    hers = taken(session, tess, ann, *weeks(2), series=NAMED)
    his = taken(session, tess, ben, TEN + dt.timedelta(hours=2), series=NAMED)
    assert his[0].series != hers[0].series
    assert Letter.objects.filter(kind="series").count() == 2
    cancel_from(his[0], by=ben, now=NOW)
    assert Appointment.objects.filter(client=ann, state="booked").count() == 2


@pytest.mark.parametrize("number", [0, 13])
def test_none_and_thirteen_are_no_series(session, tess, ann, number):
    with pytest.raises(WrongNumber):
        taken(session, tess, ann, *weeks(number))


def test_nobody_is_booked_who_has_not_agreed_and_who_has_agrees_once(session, tess, ann):
    with pytest.raises(ConsentMissing):
        taken(session, tess, ann, *weeks(2), consent=False)
    taken(session, tess, ann, *weeks(2))
    assert Consent.objects.filter(user=ann).count() == 1


def test_what_needs_a_yes_is_asked_for_one_by_one_but_staff_may_book_it(tess, ann):
    kind = make_session_type(tess, slug="asked", needs_approval=True)
    with pytest.raises(ApprovalNeeded):
        taken(kind, tess, ann, *weeks(2))
    made = taken(kind, tess, ann, *weeks(2), by=tess.user)
    assert [one.state for one in made] == ["booked", "booked"]


def test_a_package_pays_for_as_many_as_it_has_and_the_email_says_how_many(session, tess, ann):
    packages_actions.sell(session, client=ann, sessions=2, price_cents=18000, by=tess.user, now=NOW)
    taken(session, tess, ann, *weeks(3))
    assert PackageUse.objects.count() == 2
    letter = as_it_leaves(Letter.objects.get(kind="series"))
    assert is_in_both_parts(letter, "pays for 2 of them; the others cost $95 each")


# Cancelled


def test_one_of_them_is_canceled_like_any_other(session, tess, ann):
    made = taken(session, tess, ann, *weeks(3))
    cancel(made[1], by=ann, now=NOW)
    assert [one.state for one in Appointment.objects.order_by("starts_at")] == [
        "booked", "cancelled", "booked",
    ]  # fmt: skip


def test_this_and_all_later_ones_with_one_email_and_files_that_take_them_away(session, tess, ann):
    made = taken(session, tess, ann, *weeks(3))
    done = cancel_from(made[1], by=ann, now=NOW)
    assert [one.pk for one in done.cancelled] == [made[1].pk, made[2].pk]
    letter = as_it_leaves(Letter.objects.get(kind="series_cancelled"))
    assert ["METHOD:CANCEL" in one["content"] for one in letter.attachments] == [True, True]
    assert Letter.objects.filter(kind="cancelled").count() == 0
    assert not Letter.objects.filter(about=made[2].about, kind="reminder", state="planned").exists()


def test_what_is_too_near_stays_and_the_later_ones_go(session, tess, ann):
    made = taken(session, tess, ann, *weeks(3))
    done = cancel_from(made[0], by=ann, now=TEN - dt.timedelta(hours=1))
    assert ([one.pk for one in done.kept], len(done.cancelled)) == ([made[0].pk], 2)


def test_each_is_held_to_its_own_window_and_the_sum_is_said(session, tess, ann, practice):
    made = taken(session, tess, ann, *weeks(2))
    cancel_from(made[0], by=ann, now=TEN - dt.timedelta(hours=10))
    notes = [noted(one, "cancelled") for one in made]
    assert notes == ["Late: $47.50 by policy.", ""]
    assert is_in_both_parts(as_it_leaves(Letter.objects.get(kind="series_cancelled")), "$47.50")


def test_where_nothing_can_be_canceled_the_phone_helps(session, tess, ann):
    made = taken(session, tess, ann, *weeks(2))
    with pytest.raises(TooLate):
        cancel_from(made[1], by=ann, now=weeks(2)[1] - dt.timedelta(hours=1))


def test_the_package_gets_back_those_canceled_in_time(session, tess, ann):
    packages_actions.sell(session, client=ann, sessions=3, price_cents=18000, by=tess.user, now=NOW)
    made = taken(session, tess, ann, *weeks(3))
    cancel_from(made[0], by=ann, now=TEN - dt.timedelta(hours=10))
    assert PackageUse.objects.filter(given_back_at=None).get().appointment == made[0]


# Who may book


def test_what_is_for_those_who_have_been_here_is_judged_by_the_person_who_asks(tess, ann):
    kind = make_session_type(tess, slug="again", who="returning")
    assert rules(planned(kind, tess, asker="new")) == ["who"]
    assert rules(planned(kind, tess, asker="returning")) == ["fits"] * 4
    with pytest.raises(SeriesChanged):
        taken(kind, tess, ann, *weeks(2))
    assert len(taken(kind, tess, ann, *weeks(2), by=tess.user)) == 2
