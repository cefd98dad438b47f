"""The line over time: where dots, sessions and dates stand, also where there is hardly anything to draw."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise

import pytest

from portal.over_time.line_chart import HIGH, LEFT, RIGHT, TOP, Reading, drawn

DAY = dt.date(2027, 3, 1)


def day(number: int) -> dt.date:
    return DAY + dt.timedelta(days=number)


def chart(*readings: tuple[int, int], sessions: tuple[int, ...] = (), width: int = 980):
    told = [Reading(day(number), value) for number, value in readings]
    return drawn(told, [day(one) for one in sessions], width=width, say=lambda one: f"{one.day}")


def test_nothing_is_not_drawn():
    with pytest.raises(ValueError, match="nothing"):
        chart()


def test_one_day_stands_in_the_middle_with_one_date_and_no_line():
    found = chart((3, 4), (3, 2))
    assert {dot.x for dot in found.dots} == {LEFT + (980 - LEFT - RIGHT) / 2}
    assert ([one.words for one in found.labels], found.line) == (["4"], "")


def test_a_number_outside_the_scale_stays_in_the_drawing():
    found = chart((0, 14), (1, -3))
    assert [dot.y for dot in found.dots] == [TOP, TOP + HIGH]


def test_the_line_goes_through_the_last_number_of_each_day():
    found = chart((0, 6), (0, 2), (10, 2))
    assert found.line == f"M{LEFT} {TOP + HIGH * 0.8:g}L{980 - RIGHT} {TOP + HIGH * 0.8:g}"


def test_a_session_a_week_before_the_first_number_is_marked_and_one_before_that_is_not():
    found = chart((0, 5), (20, 4), sessions=(-8, -7, 27, 28))
    assert [mark.x for mark in found.sessions] == [LEFT, 980 - RIGHT]


@pytest.mark.parametrize("width", [390, 980])
def test_dates_never_touch(width: int):
    found = chart(*[(number, 3) for number in range(60)], width=width)
    places = [one.x for one in found.labels]
    assert min(after - before for before, after in pairwise(places)) >= 90
    assert (found.labels[0].words, found.labels[-1].words) == ("1", "29")
