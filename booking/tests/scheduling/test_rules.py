"""Opening hours, closures, notice and horizon, and why a list is empty."""

from datetime import date, datetime, timedelta

import pytest

from booking.scheduling.hours import Schedule, WeeklyHours
from booking.scheduling.slots import Service, judge, starts, why_none
from booking.tests.scheduling.denver import (
    DENVER,
    LONG_BEFORE,
    at,
    booked,
    closed,
    hour_type,
    listed,
    open_daily,
    weekly_on,
)

MONDAYS = tuple(weekly_on(0, (9, 17)))  # 2027-06-07 is a Monday


def test_case_18_overlapping_hours_list_each_start_once():
    found = listed(hour_type(), open_daily((9, 12), (11, 14)), "2027-06-01")

    assert found == ["09:00", "10:00", "11:00", "12:00", "13:00"]


def test_case_18_a_session_may_run_over_the_seam_of_touching_hours():
    assert "11:00" in listed(hour_type(minutes=90), open_daily((9, 12), (12, 15)), "2027-06-01")


@pytest.mark.parametrize(
    ("closure", "expected"),
    [
        (closed("2027-06-07", "", (13, 15)), ["13:00", "14:00"]),
        (closed("2027-06-07"), []),
        (closed("2027-06-07", "", (9, 10), (14, 15)), ["09:00", "14:00"]),
    ],
)
def test_case_19_a_closure_replaces_the_weekly_rule(closure, expected):
    assert listed(hour_type(), Schedule(DENVER, MONDAYS, (closure,)), "2027-06-07") == expected


def test_case_19_a_day_that_is_normally_closed_can_be_opened():
    schedule = Schedule(DENVER, MONDAYS, (closed("2027-06-08", "", (9, 11)),))

    assert listed(hour_type(), schedule, "2027-06-08") == ["09:00", "10:00"]


def test_closed_wins_where_closures_meet():
    schedule = Schedule(
        DENVER, MONDAYS, (closed("2027-06-07", "", (9, 11)), closed("2027-06-01", "2027-06-30"))
    )

    assert listed(hour_type(), schedule, "2027-06-07") == []


def test_case_20_two_rules_that_exclude_each_other_are_both_named():
    now = at("2027-06-01 08:00")
    service = hour_type(notice=timedelta(days=5), horizon=timedelta(days=2))
    month = {"first": now, "until": now + timedelta(days=30), "now": now}

    assert starts(service, open_daily((9, 17)), **month) == []
    assert why_none(service, open_daily((9, 17)), **month).rules == ("notice", "horizon")


def test_notice_and_horizon_allow_their_own_ends():
    now = at("2027-06-01 10:00")
    service = hour_type(notice=timedelta(hours=1), horizon=timedelta(hours=3))

    found = starts(service, open_daily((9, 17)), first=now, until=now + timedelta(days=2), now=now)

    assert found == [at("2027-06-01 11:00"), at("2027-06-01 12:00"), at("2027-06-01 13:00")]


def test_a_list_is_half_open():
    day = {"first": at("2027-06-01 10:00"), "until": at("2027-06-01 12:00"), "now": LONG_BEFORE}

    found = starts(hour_type(), open_daily((9, 17)), **day)

    assert found == [at("2027-06-01 10:00"), at("2027-06-01 11:00")]


NOW = at("2027-06-07 08:30")
REFUSED = [
    ("past", "2027-06-07 08:00"),
    ("past", "0001-01-01 00:00+00:00"),
    ("notice", "2027-06-07 10:00"),
    ("horizon", "2027-07-12 09:00"),
    ("horizon", "9999-12-31 23:59+00:00"),
    ("closed", "2027-06-09 09:00"),
    ("closed", "2027-06-21 09:00"),
    ("outside_hours", "2027-06-14 08:00"),
    ("past_closing", "2027-06-14 16:30"),
    ("taken", "2027-06-14 12:00"),
    ("buffer", "2027-06-14 13:00"),
    ("off_grid", "2027-06-14 09:10"),
    ("off_grid", "2027-06-14 09:00:01"),
    ("off_grid", "2027-06-14 09:00:00.000001"),
    ("daily_limit", "2027-06-28 15:00"),
]


@pytest.mark.parametrize(("rule", "start"), REFUSED)
def test_the_first_rule_that_refuses_is_named(rule, start):
    busy = [booked("2027-06-14 12:00", after=15), booked("2027-06-28 09:00"), booked("2027-06-28 12:00")]
    schedule = Schedule(DENVER, MONDAYS, (closed("2027-06-21"),), tuple(busy))
    service = hour_type(step=30, notice=timedelta(hours=24), horizon=timedelta(days=30), daily_limit=2)

    assert judge(service, schedule, at(start), now=NOW).rule == rule


def test_closed_says_whether_by_the_week_or_by_a_closure():
    schedule = Schedule(DENVER, MONDAYS, (closed("2027-06-21"),))

    by = [
        judge(hour_type(), schedule, at(f"{day} 09:00"), now=NOW).params["by"]
        for day in ("2027-06-20", "2027-06-21")
    ]

    assert by == ["weekly", "closure"]


FULL = [booked("2027-06-07 09:00", 480)]
EMPTY = [
    ({}, (), FULL, ("fully_booked",)),
    ({"minutes": 500}, (), (), ("too_short",)),
    ({}, [closed("2027-06-01", "2027-06-30")], (), ("closed_throughout",)),
    ({"notice": timedelta(days=30)}, (), (), ("notice",)),
    ({"horizon": timedelta(minutes=5)}, (), (), ("horizon",)),
    ({"daily_limit": 1}, (), [booked("2027-06-07 18:00")], ("daily_limit",)),
    ({"notice": timedelta(hours=4)}, (), [booked("2027-06-07 12:00", 300)], ("notice", "fully_booked")),
]


@pytest.mark.parametrize(("changed", "closures", "busy", "rules"), EMPTY)
def test_an_empty_list_has_a_reason(changed, closures, busy, rules):
    schedule = Schedule(DENVER, MONDAYS, tuple(closures), tuple(busy))
    week = {"first": NOW, "until": NOW + timedelta(days=6), "now": NOW}

    assert why_none(hour_type(**changed), schedule, **week).rules == rules


def test_a_week_behind_us_is_past():
    week = {"first": NOW - timedelta(days=7), "until": NOW - timedelta(days=1), "now": NOW}

    assert why_none(hour_type(), open_daily((9, 17)), **week).rule == "past"


def test_a_range_between_two_starts_has_only_the_grid_against_it():
    range_ = {"first": at("2027-06-14 09:05"), "until": at("2027-06-14 09:55"), "now": NOW}

    assert why_none(hour_type(), open_daily((9, 17)), **range_).rule == "off_grid"


def test_a_list_with_a_start_needs_no_reason():
    week = {"first": NOW, "until": NOW + timedelta(days=6), "now": NOW}

    assert why_none(hour_type(), Schedule(DENVER, MONDAYS), **week) is None


@pytest.mark.parametrize(("weekday", "opens", "closes"), [(7, 0, 60), (0, 60, 60), (0, -1, 60), (0, 0, 2881)])
def test_hours_that_no_clock_shows_are_refused(weekday, opens, closes):
    with pytest.raises(ValueError, match=r"weekday|hours"):
        Schedule(DENVER, (WeeklyHours(weekday, opens, closes),))


@pytest.mark.parametrize(
    "changed", [{"minutes": 0}, {"minutes": 60, "step": 0}, {"minutes": 60, "buffer_after": -1}]
)
def test_numbers_without_a_meaning_are_refused(changed):
    with pytest.raises(ValueError, match="a minute or more"):
        Service(**changed)


def test_a_start_without_a_zone_is_refused():
    with pytest.raises(ValueError, match="without a zone"):
        judge(hour_type(), open_daily((9, 17)), datetime(2027, 6, 7, 9), now=NOW)


def test_a_closure_of_a_thousand_years_costs_no_more_than_a_day():
    schedule = open_daily((9, 17), closures=[closed("1001-01-01", "9999-12-31")])

    assert judge(hour_type(), schedule, at("2027-06-14 09:00"), now=NOW).params["date"] == date(2027, 6, 14)
