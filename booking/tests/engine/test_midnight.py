"""Hours, sessions and limits around midnight."""

from datetime import date

import pytest

from booking.availability.engine.hours import runs
from booking.availability.engine.slots import first_refusal
from booking.tests.engine.sample_practice import (
    DENVER,
    LONG_BEFORE,
    Schedule,
    at,
    booked,
    closed,
    hour_type,
    listed,
    on,
    open_daily,
    weekly_on,
)
from practice.core.clock import dates_touched

LATE_SATURDAYS = tuple(weekly_on(5, (22, 26)))


def test_case_12_late_hours_run_into_the_night_the_clocks_go_back():
    found = on(hour_type(), Schedule(DENVER, LATE_SATURDAYS), "2027-11-06", "2027-11-07")

    labels = [start.astimezone(DENVER).strftime("%a %H %Z") for start in found]
    assert labels == ["Sat 22 MDT", "Sat 23 MDT", "Sun 00 MDT", "Sun 01 MDT", "Sun 01 MST"]


def test_case_12_a_closed_sunday_cuts_what_reaches_into_it():
    schedule = Schedule(DENVER, LATE_SATURDAYS, (closed("2027-11-07"),))

    assert listed(hour_type(), schedule, "2027-11-06", "2027-11-07") == ["22:00", "23:00"]


def test_case_12_a_session_does_not_run_into_the_closed_day():
    schedule = Schedule(DENVER, LATE_SATURDAYS, (closed("2027-11-07"),))

    refusal = first_refusal(hour_type(step=30), schedule, at("2027-11-06 23:30"), now=LONG_BEFORE)

    assert (refusal.rule, refusal.params["closes"]) == ("past_closing", at("2027-11-07 00:00"))


def test_a_closed_saturday_takes_its_night_along():
    schedule = Schedule(DENVER, LATE_SATURDAYS, (closed("2027-11-06"),))

    assert listed(hour_type(), schedule, "2027-11-06", "2027-11-07") == []


def test_other_hours_of_two_days_keep_their_own_night_between_them():
    schedule = Schedule(DENVER, (), (closed("2027-06-05", "2027-06-06", (23, 25)),))

    found = on(hour_type(), schedule, "2027-06-04", "2027-06-08")

    labels = [start.astimezone(DENVER).strftime("%a %H") for start in found]
    assert labels == ["Sat 23", "Sun 00", "Sun 23", "Mon 00"]


def test_case_13_hours_to_midnight_end_with_an_hour_before_it():
    assert listed(hour_type(), open_daily((20, 24)), "2027-06-01")[-1] == "23:00"


def test_case_13_a_session_over_midnight_is_on_both_days():
    found = dates_touched(at("2027-06-01 23:00"), at("2027-06-02 00:30"), DENVER)

    assert found == (date(2027, 6, 1), date(2027, 6, 2))


def test_case_13_a_session_to_midnight_is_on_one_day():
    assert len(dates_touched(at("2027-06-01 23:00"), at("2027-06-02 00:00"), DENVER)) == 1


def test_hours_that_meet_at_midnight_are_one_window():
    schedule = Schedule(DENVER, (*weekly_on(0, (22, 24)), *weekly_on(1, (0, 2))))

    found = listed(hour_type(minutes=90, step=90), schedule, "2027-06-07", "2027-06-08")

    assert found == ["22:00", "23:30"]


@pytest.mark.parametrize("type_", [{"minutes": 30, "step": 420}, {"minutes": 420, "step": None}])
def test_a_day_open_around_the_clock_begins_its_own_grid(type_):
    found = listed(hour_type(**type_), open_daily((0, 24)), "2027-06-07", "2027-06-08")

    assert found == ["00:00", "07:00", "14:00", "21:00"] * 2


def test_case_14_the_daily_limit_counts_the_practitioners_day():
    # 17:30 and 18:30 in Denver lie on two days of UTC.
    schedule = open_daily((9, 20), busy=[booked("2027-06-01 17:30", 30)])

    refusal = first_refusal(
        hour_type(step=30, daily_limit=1), schedule, at("2027-06-01 18:30"), now=LONG_BEFORE
    )

    assert (refusal.rule, refusal.params["date"]) == ("daily_limit", date(2027, 6, 1))


def test_case_14_the_next_day_is_free():
    schedule = open_daily((9, 20), busy=[booked("2027-06-01 17:30", 30)])

    assert len(listed(hour_type(daily_limit=1), schedule, "2027-06-01", "2027-06-02")) == 11


def test_what_does_not_count_leaves_the_daily_limit_alone():
    schedule = open_daily((9, 20), busy=[booked("2027-06-01 17:00", counts=False)])

    assert len(listed(hour_type(daily_limit=1), schedule, "2027-06-01")) == 10


def test_late_sunday_hours_reach_into_monday():
    schedule = Schedule(DENVER, tuple(weekly_on(6, (22, 26))))

    assert listed(hour_type(), schedule, "2027-06-07") == ["00:00", "01:00"]  # a Monday


@pytest.mark.parametrize("closure", [closed("2027-06-07"), closed("2027-06-07", "", (13, 14))])
def test_the_day_after_a_closure_keeps_the_hours_of_its_own_weekday(closure):
    week = (*weekly_on(0, (7, 8)), *weekly_on(1, (9, 11)), *weekly_on(2, (15, 16)))

    assert listed(hour_type(), Schedule(DENVER, week, (closure,)), "2027-06-08") == ["09:00", "10:00"]


def test_the_merged_windows_are_those_of_the_days_asked_for_and_of_the_day_before():
    # In minutes since 1970; 3 January 1970 is asked for. Each night is cut where the last day ends.
    found = runs(open_daily((22, 26)), date(1970, 1, 3), date(1970, 1, 3))

    day = 1440
    assert found == [(day, day + 120), (day + 1320, 2 * day + 120), (2 * day + 1320, 3 * day)]


def test_a_closed_day_has_no_window():
    schedule = open_daily((9, 17), closures=[closed("1970-01-02", "1970-01-03")])

    assert runs(schedule, date(1970, 1, 3), date(1970, 1, 3)) == []


def test_the_day_after_a_clock_change_is_counted_by_the_new_clock():
    # Half past midnight on Tuesday; by the clock of the week before it was still Monday.
    schedule = open_daily((9, 17), busy=[booked("2027-03-16 00:30", 15)])

    refusal = first_refusal(hour_type(daily_limit=1), schedule, at("2027-03-15 12:00"), now=LONG_BEFORE)

    assert refusal is None


@pytest.mark.parametrize(
    "long",
    [
        {"minutes": 1200},
        {"minutes": 4320},
        {"minutes": 60, "buffer_before": 1500, "buffers_inside_hours": True},
        {"minutes": 60, "buffer_after": 1500, "buffers_inside_hours": True},
    ],
    ids=["20 hours", "three days", "a day of buffer before it", "a day of buffer after it"],
)
def test_what_takes_days_fits_where_it_is_always_open(long):
    found = listed(hour_type(**{"step": 360, **long}), open_daily((0, 24)), "2027-06-07")

    assert found == ["00:00", "06:00", "12:00", "18:00"]
