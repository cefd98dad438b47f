"""Gap-aware listing: no start that leaves a gap too short for any session; or those beside others first."""

from dataclasses import replace

import pytest

from booking.availability.engine.slots import Busy, beside, first_refusal, starts, why_none
from booking.tests.engine.sample_practice import (
    DENVER,
    LONG_BEFORE,
    Schedule,
    at,
    booked,
    closed,
    hour_type,
    listed,
    open_daily,
)
from practice.core.clock import day_bounds

DAY = "2027-06-01"
TIDY = hour_type(step=15, gaps="require")
MORNING = open_daily((9, 13), busy=[booked(f"{DAY} 11:00")])  # two hours before it, one after


def refusal(service, schedule, time):
    return first_refusal(service, schedule, at(f"{DAY} {time}"), now=LONG_BEFORE)


def test_a_start_leaves_nothing_or_room_for_a_session():
    assert listed(TIDY, MORNING, DAY) == ["09:00", "10:00", "12:00"]


def test_a_gap_too_short_is_named_with_its_side_and_length():
    found = [refusal(TIDY, MORNING, time) for time in ("09:30", "09:45")]

    assert [(one.rule, one.params["side"], one.params["minutes"]) for one in found] == [
        ("gap", "before", 30),
        ("gap", "before", 45),
    ]


def test_a_gap_behind_the_session_counts_too():
    long = replace(TIDY, minutes=90)

    found = refusal(long, MORNING, "09:00")

    assert (found.rule, found.params["side"], found.params["minutes"]) == ("gap", "after", 30)


def test_the_shortest_session_decides_how_short_is_too_short():
    half_an_hour = hour_type(minutes=30)

    found = listed(TIDY, replace(MORNING, shortest=half_an_hour), DAY)

    assert found == ["09:00", "09:30", "10:00", "12:00"]


@pytest.mark.parametrize(("rule", "second"), [("max", "10:45"), ("add", "11:00")])
def test_the_shortest_session_brings_its_buffers(rule, second):
    # It needs a quarter of an hour behind it; what is booked next to it has one in front.
    short = hour_type(minutes=30, buffer_after=15, buffer_rule=rule)
    service = replace(TIDY, minutes=30, buffer_before=15)
    schedule = replace(open_daily((10, 13)), shortest=short)

    assert listed(service, schedule, DAY)[1] == second


def test_buffers_that_must_be_are_no_gap():
    schedule = open_daily((9, 12), busy=[booked(f"{DAY} 10:15", 105)])

    assert listed(replace(TIDY, buffer_after=15), schedule, DAY) == ["09:00"]


def test_strict_buffers_leave_no_gap_at_the_edge_of_the_hours():
    service = replace(TIDY, buffer_before=15, buffers_inside_hours=True)

    assert listed(service, open_daily((9, 10.25)), DAY) == ["09:15"]


def test_what_the_grid_does_not_let_touch_leaves_a_gap():
    quarter = open_daily((9, 12.25), busy=[booked(f"{DAY} 09:00", 15)])

    assert refusal(hour_type(step=30, gaps="require"), quarter, "09:30").rule == "gap"


def test_back_to_back_keeps_its_own_starts():
    service = hour_type(step=None, gaps="require")

    assert listed(service, open_daily((9, 12.5)), DAY) == ["09:00", "10:00"]


def test_a_day_without_anything_but_gaps_says_so():
    first, until = day_bounds(at(f"{DAY} 12:00").date(), MORNING.zone)
    schedule = open_daily((9, 10.5))
    tidy = replace(TIDY, minutes=50, step=20)

    reason = why_none(tidy, schedule, first=first, until=until, now=LONG_BEFORE)

    # 9:00 leaves 40 minutes behind it, 9:20 leaves 20 before it.
    assert (reason.rule, reason.params["shortest"]) == ("only_gaps", 50)


def close(service, schedule):
    first, until = day_bounds(at(f"{DAY} 12:00").date(), schedule.zone)
    found = beside(service, schedule, first=first, until=until, now=LONG_BEFORE)
    return sorted(start.astimezone(schedule.zone).strftime("%H:%M") for start in found)


def test_preferring_lists_the_same_and_marks_what_comes_closest():
    service = hour_type(step=30, gaps="prefer")
    schedule = open_daily((9, 17), busy=[booked(f"{DAY} 11:00", 90, after=15)])

    assert listed(service, schedule, DAY) == listed(replace(service, gaps="any"), schedule, DAY)
    assert close(service, schedule) == ["10:00", "13:00"]  # 12:45 is on no grid


def test_the_edges_of_opening_hours_count_as_no_neighbor():
    assert close(hour_type(gaps="prefer"), open_daily((9, 17))) == []


def test_what_the_notice_hides_is_not_marked():
    service = hour_type(step=60, gaps="prefer")
    schedule = open_daily((9, 17), busy=[booked(f"{DAY} 11:00")])
    span = {"first": at(f"{DAY} 00:00"), "until": at(f"{DAY} 23:00"), "now": at(f"{DAY} 12:30")}

    assert beside(service, schedule, **span) == set()
    assert starts(service, schedule, **span)[0] == at(f"{DAY} 13:00")


@pytest.mark.parametrize(("rule", "before_the_last"), [("max", "11:45"), ("add", "11:30")])
def test_the_shortest_session_brings_its_buffers_behind_too(rule, before_the_last):
    # A session ends, 15 minutes (30 when both count) are kept free, half an hour follows until 13:00.
    short = hour_type(minutes=30, buffer_before=15, buffer_rule=rule)
    service = replace(TIDY, minutes=30, buffer_after=15)
    schedule = replace(open_daily((10, 13)), shortest=short)

    assert listed(service, schedule, DAY)[-2:] == [before_the_last, "12:30"]


def test_room_after_the_next_appointment_is_no_room_beside_this_one():
    # 9:00 would leave three quarters of an hour, though an hour is free from 11:00.
    schedule = open_daily((9, 13), busy=[booked(f"{DAY} 10:45", 15)])

    assert listed(TIDY, schedule, DAY) == ["11:00", "12:00"]


def only_today(*window, **changed):
    """Open on this one day of all days."""
    return Schedule(DENVER, (), (closed(DAY, "", window),), **changed)


def test_the_one_session_that_fits_leaves_nothing():
    assert listed(TIDY, only_today(9, 10), DAY) == ["09:00"]


def test_two_sessions_fill_the_only_morning():
    assert listed(TIDY, only_today(9, 11), DAY) == ["09:00", "10:00"]


@pytest.mark.parametrize(("closes", "starts_"), [(9.75, ["09:00"]), (10.5, [])])
def test_where_the_shortest_session_never_fits_only_touching_both_ends_leaves_no_gap(closes, starts_):
    # Half an hour, but with 40 minutes of buffer on either side within the hours.
    short = hour_type(minutes=30, buffer_before=40, buffer_after=40, buffers_inside_hours=True)

    assert listed(replace(TIDY, minutes=45), only_today(9, closes, shortest=short), DAY) == starts_


def until(time):
    """Taken from six in the morning until that second."""
    return Busy(at(f"{DAY} 06:00"), at(f"{DAY} {time}"))


def from_(time):
    """Taken from that second until the evening."""
    return Busy(at(f"{DAY} {time}"), at(f"{DAY} 18:00"))


@pytest.mark.parametrize(
    ("taken", "start", "side", "minutes"),
    [
        (until("10:14:59"), "10:15", "before", 0),  # a second is left
        (until("10:13:01"), "10:15", "before", 1),
        (from_("13:00:01"), "12:00", "after", 0),
        (from_("12:59:59"), "11:00", "after", 59),  # a second is missing
        (from_("12:00:59"), "10:00", None, None),
    ],
)
def test_what_is_left_is_counted_to_the_second_and_said_in_whole_minutes(taken, start, side, minutes):
    found = refusal(TIDY, open_daily((6, 18), busy=[taken]), start)

    assert (found and (found.rule, found.params["side"], str(found.params["minutes"]))) == (
        side and ("gap", side, str(minutes))
    )


def test_a_buffer_of_the_next_appointment_makes_the_room_before_it_smaller():
    # 9:00, an hour after it, and a quarter of an hour free before 11:15; a second less is too little.
    last = [
        refusal(TIDY, open_daily((9, 18), busy=[replace(from_(time), before=15)]), "09:00")
        for time in ("11:15:00", "11:14:59")
    ]

    assert [one and one.rule for one in last] == [None, "gap"]


def test_what_ends_a_second_after_opening_is_next_to_a_start():
    early = Busy(at(f"{DAY} 08:00"), at(f"{DAY} 09:00:01"))

    assert close(hour_type(step=30, gaps="prefer"), open_daily((9, 17), busy=[early])) == ["09:30"]


def test_nothing_is_beside_anything_in_a_range_that_ends_before_it_begins():
    span = {"first": at(f"{DAY} 11:00"), "until": at(f"{DAY} 10:00"), "now": LONG_BEFORE}

    assert beside(hour_type(gaps="prefer"), MORNING, **span) == set()
