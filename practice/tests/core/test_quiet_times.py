"""A text that is due in quiet hours goes after them, or before them, or not at all: never in them."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from practice.core.clock import in_quiet_hours
from practice.core.texts.quiet_times import outside_quiet_hours

DENVER = ZoneInfo("America/Denver")
BEGINS, ENDS = dt.time(20), dt.time(8)
NOW = dt.datetime(2027, 3, 1, 12, 0, tzinfo=DENVER)


def at(day: int, clock: str) -> dt.datetime:
    """A time in March in Denver."""
    return dt.datetime.combine(dt.date(2027, 3, day), dt.time.fromisoformat(clock), DENVER)


@pytest.mark.parametrize(
    ("due", "starts", "goes"),
    [
        (at(8, "10:00"), at(9, "10:00"), at(8, "10:00")),
        (at(8, "08:00"), at(9, "08:00"), at(8, "08:00")),  # the first minute that is allowed
        (at(8, "06:30"), at(9, "06:30"), at(8, "08:00")),  # the day before: after the night
        (at(8, "20:00"), at(9, "20:00"), at(9, "08:00")),
        (at(9, "06:00"), at(9, "08:00"), at(8, "19:30")),  # two hours before eight: the evening before
        (at(9, "06:30"), at(9, "08:30"), at(8, "19:30")),  # half an hour before helps nobody
        (at(9, "07:00"), at(9, "09:00"), at(9, "08:00")),
        (at(14, "01:30"), at(15, "01:30"), at(14, "08:00")),  # clocks change in that night
    ],
)
def test_it_goes_after_the_night_or_before_it(
    due: dt.datetime, starts: dt.datetime, goes: dt.datetime
) -> None:
    found = outside_quiet_hours(due, DENVER, BEGINS, ENDS, before=starts, now=NOW)
    assert found is not None
    assert found == goes
    assert not in_quiet_hours(found, DENVER, BEGINS, ENDS)


def test_it_goes_at_no_time_if_the_evening_before_is_over() -> None:
    due, starts = at(9, "06:00"), at(9, "08:00")
    assert outside_quiet_hours(due, DENVER, BEGINS, ENDS, before=starts, now=at(9, "05:00")) is None


def test_there_may_be_no_quiet_hours() -> None:
    due = at(9, "03:00")
    assert outside_quiet_hours(due, DENVER, BEGINS, BEGINS, before=at(9, "05:00"), now=NOW) == due


def test_quiet_hours_may_leave_no_time() -> None:
    long_night = (dt.time(8), dt.time(7, 50))
    due = at(9, "06:00")
    assert outside_quiet_hours(due, DENVER, *long_night, before=at(9, "08:00"), now=NOW) is None
