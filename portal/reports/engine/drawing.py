"""PURE. The months of a report as planks: side by side, or one below the other on a phone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from portal.practice_log.practice_chart import (
    LEAST,
    TALL,
    Drawing,
    PlacedWeek,
    WeekOfBars,
    floor_path,
    plank,
    wide,
)

#: Between two grid lines, in whatever is counted: 1, 2, 5, 10 … 5 million.
STEPS = tuple(step * 10**zeros for zeros in range(7) for step in (1, 2, 5))
#: Of the drawing for phones: a month's row, where its plank begins, and the room for the longest.
ROW, BEGINS, MOST_LONG = 42, 62, 180.0


@dataclass(frozen=True)
class MonthOfBars:
    """A month of a chart. `solid` and `dashed`: its two planks; `words`: the number beside it, or ""."""

    label: str
    year: str
    words: str
    solid: float
    dashed: float = 0.0


def side_by_side(months: Sequence[MonthOfBars]) -> Drawing:
    """Return the drawing for wide pages: the highest month is as high as there is room."""
    return wide([_bars(month) for month in months], steps=STEPS, most_per_unit=float("inf"))


def one_below_the_other(months: Sequence[MonthOfBars]) -> Drawing:
    """Return the drawing for phones: a row for each month, its number behind its planks."""
    longest = max((max(0.0, month.solid) + max(0.0, month.dashed) for month in months), default=0.0)
    scale = MOST_LONG / longest if longest else 0.0
    laid = tuple(_row(place, _bars(month), scale) for place, month in enumerate(months))
    height = ROW * len(months) + 8
    return Drawing(TALL, height, floor_path(BEGINS - 6, 4, BEGINS - 6, height - 4), laid)


def _row(place: int, month: WeekOfBars, scale: float) -> PlacedWeek:
    foot = ROW * (place + 1)
    sizes = [max(LEAST, size * scale) for size, _done in month.planks]
    ends = [BEGINS + reached for reached in accumulate(sizes)]
    planks = tuple(
        plank(end - size, foot - 28, end - 2, foot - 4, part=not done, seed=place * 9 + number)
        for number, (end, size, (_size, done)) in enumerate(zip(ends, sizes, month.planks, strict=True))
    )
    return PlacedWeek(month, round(ends[-1] if ends else BEGINS) + 10, foot - 10, foot - 10, planks)


def _bars(month: MonthOfBars) -> WeekOfBars:
    planks = ((month.solid, True), (month.dashed, False))
    return WeekOfBars(
        label=month.label,
        times=month.words,
        minutes="",
        note=month.year,
        planks=tuple((size, done) for size, done in planks if size > 0),
    )
