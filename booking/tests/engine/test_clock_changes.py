"""The nights in which the clocks change. Numbers in names are cases of the booking rules."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from booking.availability.engine.slots import first_refusal, starts
from booking.tests.engine.sample_practice import (
    DENVER,
    LONG_BEFORE,
    LORD_HOWE,
    at,
    booked,
    hour_type,
    listed,
    on,
    open_daily,
)
from practice.core.clock import day_bounds


@pytest.mark.parametrize(("day", "first"), [("2027-03-13", 16), ("2027-03-14", 15)])
def test_case_01_nine_stays_nine_when_the_clocks_change(day, first):
    found = on(hour_type(), open_daily((9, 17)), day)

    assert (len(found), found[0].hour, found[0].astimezone(DENVER).hour) == (8, first, 9)


def test_case_02_no_session_begins_in_the_skipped_hour():
    assert listed(hour_type(), open_daily((0, 6)), "2027-03-14") == [
        *("00:00", "01:00", "03:00", "04:00", "05:00")
    ]


def test_case_03_the_hour_that_comes_twice_is_listed_twice():
    found = on(hour_type(), open_daily((0, 6)), "2027-11-07")

    labels = [start.astimezone(DENVER).strftime("%H %Z") for start in found]
    assert labels == ["00 MDT", "01 MDT", "01 MST", "02 MST", "03 MST", "04 MST", "05 MST"]


def test_case_06_both_of_the_twins_can_be_booked():
    twin = booked("2027-11-07 01:30-06:00")
    schedule = open_daily((0, 6), busy=[twin])

    refusal = first_refusal(hour_type(step=30), schedule, at("2027-11-07 01:30-07:00"), now=LONG_BEFORE)

    assert refusal is None


def test_case_07_half_an_hour_comes_twice_on_lord_howe():
    found = listed(hour_type(step=30), open_daily((0, 4), zone=LORD_HOWE), "2027-04-04")

    assert found == ["00:00", "00:30", "01:00", "01:30", "01:30", "02:00", "02:30", "03:00"]


def test_case_07_half_an_hour_is_skipped_on_lord_howe():
    found = listed(hour_type(step=30), open_daily((0, 4), zone=LORD_HOWE), "2027-10-03")

    assert found == ["00:00", "00:30", "01:00", "01:30", "02:30", "03:00"]


@pytest.mark.parametrize(("day", "first"), [("2027-04-03", "22:00"), ("2027-04-04", "22:30")])
def test_case_08_nine_on_lord_howe(day, first):
    found = on(hour_type(), open_daily((9, 17), zone=LORD_HOWE), day)

    assert found[0].strftime("%H:%M") == first


def test_case_09_notice_is_elapsed_time():
    now = datetime(2027, 3, 13, 10, 30, tzinfo=DENVER)
    service = hour_type(step=5, notice=timedelta(hours=24))

    found = starts(service, open_daily((9, 17)), first=now, until=now + timedelta(days=3), now=now)

    assert found[0] == at("2027-03-14 11:30-06:00")


# Zones in which a day has no midnight, no beginning, or is not there at all.
STRANGE_DAYS = [
    ("America/Sao_Paulo", "2018-11-04", ["01:00", "02:00", "03:00", "04:00", "05:00"]),
    ("Africa/Cairo", "2023-04-28", ["01:00", "02:00", "03:00", "04:00", "05:00"]),
    ("Asia/Beirut", "2022-03-27", ["01:00", "02:00", "03:00", "04:00", "05:00"]),
    ("America/Havana", "2025-11-02", ["00:00", "00:00", "01:00", "02:00", "03:00", "04:00", "05:00"]),
    ("Antarctica/Troll", "2027-03-28", ["00:00", "03:00", "04:00", "05:00"]),
    ("Pacific/Apia", "2011-12-30", []),
]


@pytest.mark.parametrize(("name", "day", "expected"), STRANGE_DAYS)
def test_strange_days(name, day, expected):
    zone = ZoneInfo(name)
    first, until = day_bounds(date.fromisoformat(day), zone)

    found = starts(hour_type(), open_daily((0, 6), zone=zone), first=first, until=until, now=first)

    assert [start.astimezone(zone).strftime("%H:%M") for start in found] == expected


def test_hours_that_begin_within_the_skipped_hour_open_after_it():
    assert listed(hour_type(step=15), open_daily((2.5, 4.5)), "2027-03-14") == ["03:00", "03:15", "03:30"]


def test_hours_that_begin_within_the_repeated_hour_are_closed_while_it_repeats():
    found = on(hour_type(minutes=30, step=30), open_daily((1.5, 3)), "2027-11-07")

    labels = [start.astimezone(DENVER).strftime("%H:%M %Z") for start in found]
    assert labels == ["01:30 MDT", "01:30 MST", "02:00 MST", "02:30 MST"]


def test_back_to_back_sessions_follow_each_other_over_the_change():
    service = hour_type(minutes=90, step=None)

    assert listed(service, open_daily((0, 6)), "2027-03-13", "2027-03-14") == [
        *("00:00", "01:30", "03:00", "04:30"),
        *("00:00", "01:30", "04:00"),
    ]


def test_hours_that_lie_wholly_within_the_skipped_hour_leave_the_day_closed():
    refusal = first_refusal(hour_type(), open_daily((2, 3)), at("2027-03-14 12:00"), now=LONG_BEFORE)

    assert refusal.rule == "closed"
