"""PURE. The chart of weeks of practice: one bar is one time, its thickness the minutes heard.

Two drawings of the same: wide, a column for each week; tall, a row for each, for a phone. All words come in;
out come coordinates and the paths of an SVG. No goal, no average: what lies there is what was heard.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

LEAST = 4.0  # px: somebody who began has a plank that can be seen
WIDE, TALL = 980, 390  # px of the two drawings
PER_MINUTE, MOST_HIGH = 3.05, 190.0  # of the wide one
PER_MINUTE_LONG, MOST_LONG = 5.2, 290.0  # of the tall one
STEPS = (10, 20, 30, 60, 120, 240, 480, 960)  # minutes between two lines


@dataclass(frozen=True)
class WeekOfBars:
    """A week of the chart. `planks`: minutes and whether heard to the end, one for each time, in order."""

    label: str
    times: str
    minutes: str
    note: str
    planks: tuple[tuple[float, bool], ...]


@dataclass(frozen=True)
class Bar:
    """A bar of the chart, as an SVG path; dashed when it is a `part`."""

    path: str
    part: bool


@dataclass(frozen=True)
class PlacedWeek:
    """A week and its position: `x` and `y` of its words, `foot` above the week's label."""

    heap: WeekOfBars
    x: int
    y: int
    foot: int
    planks: tuple[Bar, ...]


@dataclass(frozen=True)
class Line:
    """A grid line to read heights by."""

    y: int
    minutes: int


@dataclass(frozen=True)
class Drawing:
    """The whole chart, `width` by `height` px; `floor` is a path."""

    width: int
    height: int
    floor: str
    laid: tuple[PlacedWeek, ...]
    lines: tuple[Line, ...] = ()


def wide(
    heaps: Sequence[WeekOfBars], *, steps: Sequence[int] = STEPS, most_per_unit: float = PER_MINUTE
) -> Drawing:
    """Return the chart with weeks side by side and bars upward from the floor.

    `steps`: what may be between two lines; `most_per_unit`: px for a minute, or whatever else is counted.
    """
    scale = _scale(heaps, most_per_unit, MOST_HIGH)
    highest = max((sum(_sizes(heap, scale)) for heap in heaps), default=0.0)
    floor = 64 + round(highest)
    pitch = (WIDE - 62) // max(1, len(heaps))
    laid = []
    for week, heap in enumerate(heaps):
        x, sizes = 62 + week * pitch, _sizes(heap, scale)
        tops = [floor - 1 - reached for reached in accumulate(sizes)]
        planks = tuple(
            plank(x, top, x + pitch - 24, top + size - _joint(size), part=not done, seed=week * 9 + n)
            for n, (top, size, (_minutes, done)) in enumerate(zip(tops, sizes, heap.planks, strict=True))
        )
        laid.append(PlacedWeek(heap, x, round(floor - sum(sizes)) - 30, floor + 28, planks))
    most = max((sum(minutes for minutes, _ in heap.planks) for heap in heaps), default=0.0)
    return Drawing(
        WIDE,
        floor + 64,
        floor_path(44, floor, 976, floor),
        tuple(laid),
        _lines(most, floor=floor, scale=scale, steps=steps),
    )


def tall(heaps: Sequence[WeekOfBars]) -> Drawing:
    """Return the chart with weeks one below the other and bars along their row."""
    scale = _scale(heaps, PER_MINUTE_LONG, MOST_LONG)
    laid = []
    for week, heap in enumerate(heaps):
        foot, sizes = 66 + week * 74, _sizes(heap, scale)
        ends = [86 + reached for reached in accumulate(sizes)]
        planks = tuple(
            plank(end - size, foot - 30, end - _joint(size), foot - 2, part=not done, seed=week * 9 + n)
            for n, (end, size, (_minutes, done)) in enumerate(zip(ends, sizes, heap.planks, strict=True))
        )
        laid.append(PlacedWeek(heap, 86, foot - 39, foot, planks))
    height = 20 + 74 * len(heaps)
    return Drawing(TALL, height, floor_path(80, 4, 80, height - 4), tuple(laid))


def _scale(heaps: Sequence[WeekOfBars], per_minute: float, most: float) -> float:
    """Return the pixels for a minute: the usual ones, or fewer when a week would not fit."""
    minutes = max((sum(minutes for minutes, _ in heap.planks) for heap in heaps), default=0.0)
    thinnest = LEAST * max((len(heap.planks) for heap in heaps), default=0)
    room = max(most - thinnest, most / 2)
    return min(per_minute, room / minutes) if minutes else 0.0


def _sizes(heap: WeekOfBars, scale: float) -> list[float]:
    return [max(LEAST, minutes * scale) for minutes, _done in heap.planks]


def _joint(size: float) -> float:
    """Return the gap after a bar, taken from the bar itself."""
    return min(3.0, size / 2)


def _lines(most: float, *, floor: int, scale: float, steps: Sequence[int]) -> tuple[Line, ...]:
    step = next((step for step in steps if most / step <= 3), 0)
    if not step:
        return ()
    return tuple(
        Line(round(floor - step * place * scale), step * place) for place in range(1, int(most // step) + 1)
    )


def plank(left: float, top: float, right: float, bottom: float, *, part: bool, seed: int) -> Bar:
    """Return a bar with slightly irregular corners; its thickness stays the minutes heard."""
    by = [_unsteady(seed * 4 + corner) for corner in range(4)]
    corners = (
        (left + by[0], top),
        (right + by[1], top + by[1] / 4),
        (right + by[2], bottom),
        (left + by[3], bottom),
    )
    return Bar("M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in corners) + "Z", part)


def _unsteady(seed: int) -> float:
    """Return a number between -2 and 2, the same for the same seed, so that a page does not change."""
    return ((seed * 2654435761) >> 7) % 41 / 10 - 2


def floor_path(x: int, y: int, to_x: int, to_y: int) -> str:
    """Return the path of the floor, drawn slightly uneven."""
    middle = ((x + to_x) / 2 + (0.8 if x == to_x else 0), (y + to_y) / 2 + (0.8 if y == to_y else 0))
    return f"M{x} {y}Q{middle[0]:.1f} {middle[1]:.1f} {to_x} {to_y}"
