"""Months as planks: in proportion to each other, inside the drawing, whatever the numbers are."""

from __future__ import annotations

import re

import pytest

from portal.reports.engine.drawing import MonthOfBars, one_below_the_other, side_by_side


def months(*sizes: tuple[float, float]) -> list[MonthOfBars]:
    return [MonthOfBars("Mar", "", "12", solid, dashed) for solid, dashed in sizes]


@pytest.mark.parametrize("draw", [side_by_side, one_below_the_other])
@pytest.mark.parametrize("most", [0.02, 40.0, 12_345_678.0])
def test_everything_stays_inside_the_drawing(draw, most) -> None:
    drawing = draw(months((most, most), *([(most / 3, 0.0)] * 11)))
    for month in drawing.laid:
        for bar in month.planks:
            for x, y in re.findall(r"(-?[\d.]+) (-?[\d.]+)", bar.path):
                assert 0 <= float(x) <= drawing.width - 100 * (draw is one_below_the_other)
                assert 0 <= float(y) <= drawing.height


@pytest.mark.parametrize("draw", [side_by_side, one_below_the_other])
def test_no_months_and_months_without_anything_are_drawn_without_planks(draw) -> None:
    assert draw([]).laid == ()
    assert all(month.planks == () for month in draw(months((0, 0), (-20.5, 0))).laid)


def test_a_month_twice_as_long_has_a_plank_twice_as_long() -> None:
    first, second = one_below_the_other(months((10, 0), (20, 0))).laid
    assert second.x - 72 == pytest.approx(2 * (first.x - 72), abs=1)


def test_what_did_not_take_place_is_dashed_and_lies_behind() -> None:
    (month,) = one_below_the_other(months((10, 5))).laid
    assert [bar.part for bar in month.planks] == [False, True]


def test_lines_are_few_and_at_round_numbers() -> None:
    for most in (1, 7, 44, 180, 4250, 98_000):
        lines = side_by_side(months((most, 0), (most / 2, 0))).lines
        assert 1 <= len(lines) <= 3
        assert all(str(line.minutes).strip("0") in {"1", "2", "4", "5", "6", "3", "15"} for line in lines)
