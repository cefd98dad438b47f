"""What a closure leaves no room for, by the clock of the practitioner; and whether a day is open at all."""

from datetime import date, timedelta

import pytest

from booking.availability.engine.closed_days import is_open_on, shut_out
from booking.tests.engine.sample_practice import at, closed, open_daily

DAY = "2027-03-14"  # the clocks change


def is_shut_out(start: str, *, minutes: int = 60, closure=None, hours=((9, 17),)) -> bool:
    closure = closure or closed(DAY)
    plan = open_daily(*hours, closures=(closure,))
    return shut_out(plan, closure, at(start), at(start) + timedelta(minutes=minutes))


@pytest.mark.parametrize(
    ("start", "minutes", "shut"),
    [
        ("2027-03-13 23:00", 60, False),  # ends as the day begins
        ("2027-03-13 23:30", 60, True),
        ("2027-03-14T00:00:00-07:00", 60, True),
        ("2027-03-14T23:30:00-06:00", 30, True),
        ("2027-03-15T00:00:00-06:00", 60, False),
    ],
)
def test_a_closed_day_begins_and_ends_with_the_practitioners_day(start, minutes, shut):
    assert is_shut_out(start, minutes=minutes) is shut


def test_of_a_day_with_other_hours_only_what_is_outside_them():
    other = closed(DAY, "", (1, 5))

    assert not is_shut_out("2027-03-14T01:30:00-07:00", closure=other)  # over the hour that is skipped
    assert is_shut_out("2027-03-14T04:30:00-06:00", closure=other)
    assert is_shut_out("2027-03-14T10:00:00-06:00", closure=other)
    assert not is_shut_out("2027-03-16 18:00", closure=other)  # another day, whatever its hours


def test_a_day_is_open_when_hours_lie_on_it_also_those_of_the_night_before():
    day = date(2027, 3, 14)
    late = open_daily((22, 26))

    assert is_open_on(open_daily((9, 17)), day)
    assert not is_open_on(open_daily((9, 17), closures=(closed(DAY),)), day)
    assert is_open_on(open_daily((22, 26), closures=(closed("2027-03-13"),)), day)
    assert is_open_on(late, day)
