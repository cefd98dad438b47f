"""A typed week as a value: which hours clash, also over midnight, and that combining opens the same time."""

from __future__ import annotations

import random
from datetime import date
from zoneinfo import ZoneInfo

import pytest

from booking.availability.engine.hours import Schedule, runs
from booking.opening_hours.engine.week import (
    DAY,
    EMPTY,
    OpenSpan,
    Week,
    clashes,
    combined,
    copied,
    rules_of,
    tidied,
)
from practice.tests.sampling import SEED, size

MONDAY, SUNDAY = 0, 6
SEVEN_WEEKS = (date(2027, 3, 1), date(2027, 4, 18))


def week(**days: list[tuple[int, int]]) -> Week:
    """A week of those days, named mon to sun."""
    names = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
    return tuple(tuple(OpenSpan(*one) for one in days.get(name, ())) for name in names)


def found(typed: Week) -> list[tuple[int, int, int, int, str]]:
    return [(one.weekday, one.number, one.other_day, one.other, one.kind) for one in clashes(typed)]


@pytest.mark.parametrize(
    ("typed", "clash"),
    [
        (week(mon=[(540, 780), (720, 1020)]), (0, 1, 0, 0, "overlap")),
        (week(mon=[(720, 1020), (540, 780)]), (0, 0, 0, 1, "overlap")),
        (week(mon=[(540, 720), (720, 1020)]), (0, 1, 0, 0, "touch")),
        (week(mon=[(540, 1020), (540, 1020)]), (0, 1, 0, 0, "overlap")),
        (week(mon=[(1320, 1560)], tue=[(60, 300)]), (1, 0, 0, 0, "overlap")),
        (week(sun=[(1320, 1560)], mon=[(0, 300)]), (0, 0, 6, 0, "overlap")),
        (week(mon=[(540, 1020), (600, 660), (900, 960)][:2]), (0, 1, 0, 0, "overlap")),
    ],
)
def test_hours_that_overlap_or_touch_are_named_with_the_row_in_their_way(typed, clash):
    assert found(typed) == [clash]


@pytest.mark.parametrize(
    "typed",
    [
        EMPTY,
        week(mon=[(540, 720), (721, 1020)]),
        week(mon=[(1080, DAY)], tue=[(0, 120)]),  # two days' hours
        week(mon=[(1320, 1560)], tue=[(120, 300)]),
        week(mon=[(0, DAY)], tue=[(0, DAY)]),
    ],
)
def test_hours_apart_or_on_two_days_are_no_clash(typed):
    assert clashes(typed) == []


def test_combined_hours_open_the_same_time_and_clash_no_more():
    rng = random.Random(SEED)
    for _round in range(size(sampled=300, full=5000)):
        days = [_some_hours(rng) for _day in range(7)]
        typed, together = tidied(days), combined(tidied(days))
        assert [one for one in clashes(together) if one.kind == "overlap"] == []
        assert open_minutes(together) == open_minutes(typed)
        assert all(
            one.opens < one.closes <= one.opens + DAY and one.opens < DAY for day in together for one in day
        )


def _some_hours(rng: random.Random) -> list[OpenSpan]:
    begins = [rng.randrange(0, DAY, 30) for _row in range(rng.choice((0, 1, 1, 2, 3)))]
    return [OpenSpan(one, one + rng.randrange(30, DAY + 1, 30)) for one in begins]


def open_minutes(typed: Week) -> set[int]:
    """All half hours that are open in the middle of some weeks, by the engine that books."""
    plan = Schedule(ZoneInfo("UTC"), rules_of(typed))
    return {minute for begin, end in runs(plan, *SEVEN_WEEKS) for minute in range(begin, end, 30)}


def test_a_day_is_copied_in_place_of_the_hours_of_others():
    typed = week(mon=[(540, 1020)], wed=[(600, 660)])
    assert copied(typed, MONDAY, [1, 2]) == week(mon=[(540, 1020)], tue=[(540, 1020)], wed=[(540, 1020)])
    assert copied(typed, SUNDAY, [0, 2]) == EMPTY
