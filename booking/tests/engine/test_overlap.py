"""Neighbours, buffers, and sessions longer than the gap."""

from datetime import timedelta

import pytest

from booking.availability.engine.slots import first_refusal
from booking.tests.engine.sample_practice import LONG_BEFORE, at, booked, hour_type, listed, open_daily

AFTER_TEN = open_daily((10, 17), busy=[booked("2027-06-01 10:00", after=15)])


@pytest.mark.parametrize(("rule", "first"), [("max", "11:15"), ("add", "11:25")])
def test_case_15_the_next_start_after_a_booked_session(rule, first):
    service = hour_type(step=5, buffer_before=10, buffer_rule=rule)

    assert listed(service, AFTER_TEN, "2027-06-01")[0] == first


@pytest.mark.parametrize("start", ["2027-06-01 11:10", "2027-06-01 11:14"])
def test_case_15_a_start_within_the_buffer_is_refused(start):
    refusal = first_refusal(hour_type(step=5, buffer_before=10), AFTER_TEN, at(start), now=LONG_BEFORE)

    assert (refusal.rule, refusal.params["minutes"]) == ("buffer", 15)


@pytest.mark.parametrize(("rule", "last"), [("max", "10:45"), ("add", "10:35")])
def test_case_15_the_last_start_before_a_booked_session(rule, last):
    schedule = open_daily((9, 13), busy=[booked("2027-06-01 12:00", before=10)])
    service = hour_type(step=5, buffer_after=15, buffer_rule=rule)

    assert listed(service, schedule, "2027-06-01")[-1] == last


def test_case_16_touching_is_not_overlapping():
    schedule = open_daily((9, 12), busy=[booked("2027-06-01 10:00")])

    assert listed(hour_type(), schedule, "2027-06-01") == ["09:00", "11:00"]


def test_case_16_the_whole_session_must_fit_not_only_its_start():
    schedule = open_daily((9, 13), busy=[booked("2027-06-01 10:00")])

    assert listed(hour_type(minutes=90, step=30), schedule, "2027-06-01") == ["11:00", "11:30"]


def test_case_17_a_buffer_edited_later_leaves_what_is_booked_alone():
    # The type has no buffer any more; the appointment was booked with half an hour.
    schedule = open_daily((9, 13), busy=[booked("2027-06-01 10:00", after=30)])

    assert listed(hour_type(step=30), schedule, "2027-06-01") == ["09:00", "11:30", "12:00"]


def test_case_26_an_appointment_may_move_within_its_own_time():
    # Moving judges without the appointment itself.
    assert (
        first_refusal(hour_type(step=15), open_daily((9, 17)), at("2027-06-01 10:15"), now=LONG_BEFORE)
        is None
    )


def test_an_overlap_is_told_from_a_buffer():
    refusal = first_refusal(hour_type(step=15), AFTER_TEN, at("2027-06-01 10:45"), now=LONG_BEFORE)

    assert (refusal.rule, refusal.params["busy_end"]) == ("taken", at("2027-06-01 11:00"))


def test_a_long_event_before_many_short_ones_still_blocks():
    # Sorted by start, the long one is far from the end that matters.
    fortnight = booked("2027-05-25 00:00", 14 * 1440)
    short = [booked(f"2027-06-0{day} 09:00") for day in range(1, 8)]

    assert listed(hour_type(), open_daily((9, 17), busy=[fortnight, *short]), "2027-06-07") == []


def test_an_event_that_ends_within_a_second_takes_that_second():
    event = booked("2027-06-01 09:00")
    ragged = type(event)(event.start, event.end + timedelta(microseconds=1))

    assert listed(hour_type(), open_daily((9, 12), busy=[ragged]), "2027-06-01") == ["11:00"]


def test_back_to_back_continues_after_each_booked_session():
    schedule = open_daily((9, 15), busy=[booked("2027-06-01 11:20", 40, after=10)])
    service = hour_type(step=None, buffer_after=10)

    assert listed(service, schedule, "2027-06-01") == ["09:00", "10:10", "12:10", "13:20"]


def test_back_to_back_refuses_a_minute_between():
    refusal = first_refusal(
        hour_type(step=None), open_daily((9, 15)), at("2027-06-01 10:05"), now=LONG_BEFORE
    )

    assert refusal.rule == "off_grid"


def test_strict_buffers_lie_within_opening_hours():
    service = hour_type(step=15, buffer_before=15, buffer_after=30, buffers_inside_hours=True)

    assert listed(service, open_daily((9, 11)), "2027-06-01") == ["09:15", "09:30"]


def test_buffers_may_lie_outside_opening_hours_by_default():
    service = hour_type(step=30, buffer_before=15, buffer_after=30)

    assert listed(service, open_daily((9, 11)), "2027-06-01") == ["09:00", "09:30", "10:00"]


def test_an_event_without_length_takes_no_time():
    schedule = open_daily((9, 12), busy=[booked("2027-06-01 10:30", 0)])

    assert listed(hour_type(), schedule, "2027-06-01") == ["09:00", "10:00", "11:00"]


WEEK = 7 * 1440


@pytest.mark.parametrize(
    "busy",
    [booked("2027-05-26 09:00", after=WEEK), booked("2027-06-07 15:00", before=WEEK)],
    ids=["after it", "before it"],
)
def test_a_buffer_of_a_week_is_kept(busy):
    refusal = first_refusal(
        hour_type(), open_daily((9, 17), busy=[busy]), at("2027-06-01 12:00"), now=LONG_BEFORE
    )

    assert (refusal.rule, refusal.params["minutes"]) == ("buffer", WEEK)


@pytest.mark.parametrize("second", ["2027-06-01 11:00", "2027-06-01 11:05"])
def test_the_buffer_of_the_next_appointment_is_named_when_that_is_in_the_way(second):
    # Ten until eleven touches what is over at ten, and comes too close to what begins then.
    schedule = open_daily((9, 17), busy=[booked("2027-06-01 09:00"), booked(second, before=10)])

    refusal = first_refusal(hour_type(), schedule, at("2027-06-01 10:00"), now=LONG_BEFORE)

    assert (refusal.rule, refusal.params["busy_start"], refusal.params["end"]) == (
        "buffer",
        at(second),
        at("2027-06-01 11:00"),
    )
    assert str(refusal.params["minutes"]) == "10"


def test_a_session_that_ends_a_second_too_late_is_in_the_way():
    schedule = open_daily((9, 17), busy=[booked("2027-06-01 12:00")])

    refusal = first_refusal(hour_type(), schedule, at("2027-06-01 11:00:01"), now=LONG_BEFORE)

    assert refusal.rule == "taken"


def test_a_strict_buffer_past_closing_is_told_from_a_session_past_closing():
    # Until 17:00 exactly, and half an hour of buffer after it.
    service = hour_type(buffer_before=15, buffer_after=30, buffers_inside_hours=True)

    refusal = first_refusal(service, open_daily((9, 17)), at("2027-06-01 16:00"), now=LONG_BEFORE)

    assert (refusal.rule, refusal.params["before"], refusal.params["after"]) == (
        "buffer_outside_hours",
        15,
        30,
    )
