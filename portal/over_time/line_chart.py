"""PURE. A line of numbers from 0 to 10 over days, with the sessions marked on it.

Two drawings of the same: wide, and narrow for a phone. No goal, no trend, no average: what lies there is what
was said. Out come coordinates and the paths of an SVG.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

MOST = 10  # the scale's end
WIDE, NARROW = 980, 390  # px
LEFT, RIGHT = 36, 14  # px beside the lines: their numbers, and half a dot
TOP, HIGH, FOOT = 16, 130, 52  # px: above the lines, between 0 and 10, below them
LABEL = 92  # px: the room that a date needs
GRID = (0, 5, 10)


@dataclass(frozen=True)
class Reading:
    """A number from 0 to 10 on a day. `before`: told before practicing; it is drawn as a ring."""

    day: dt.date
    value: int
    before: bool = False


@dataclass(frozen=True)
class Dot:
    """A reading and its position, in px."""

    x: float
    y: float
    before: bool


@dataclass(frozen=True)
class DayMark:
    """A position in px, with its `words`; `anchor`: the side of them that stands there, as SVG names it."""

    x: float
    words: str = ""
    anchor: str = "middle"


@dataclass(frozen=True)
class GridLine:
    """A line to read numbers by."""

    y: float
    value: int


@dataclass(frozen=True)
class LineDrawing:
    """The chart, `width` by `height` px. `line`: the path through the last reading of each day."""

    width: int
    height: int
    floor: float
    line: str
    dots: tuple[Dot, ...]
    sessions: tuple[DayMark, ...]
    labels: tuple[DayMark, ...]
    grid: tuple[GridLine, ...]


def drawn(
    readings: Sequence[Reading],
    sessions: Iterable[dt.date],
    *,
    width: int,
    say: Callable[[dt.date], str],
) -> LineDrawing:
    """Return the drawing of readings in order of time. Raises ValueError without any.

    Sessions are marked between the first and the last reading, and up to a week beside them. `say`: how a day
    is written.
    """
    if not readings:
        raise ValueError("nothing to draw")
    week = dt.timedelta(days=7)
    first, last = readings[0].day, readings[-1].day
    near = sorted({day for day in sessions if first - week <= day <= last + week})
    first, last = min([first, *near]), max([last, *near])

    def x_of(day: dt.date) -> float:
        span = (last - first).days
        if not span:
            return LEFT + (width - LEFT - RIGHT) / 2
        return round(LEFT + (width - LEFT - RIGHT) * (day - first).days / span, 1)

    dots = tuple(Dot(x_of(one.day), _y_of(one.value), one.before) for one in readings)
    return LineDrawing(
        width=width,
        height=TOP + HIGH + FOOT,
        floor=TOP + HIGH,
        line=_path(readings, dots),
        dots=dots,
        sessions=tuple(DayMark(x_of(day)) for day in near),
        labels=_labels(sorted({one.day for one in readings}), x_of, say),
        grid=tuple(GridLine(_y_of(value), value) for value in GRID),
    )


def _y_of(value: int) -> float:
    return round(TOP + HIGH * (MOST - min(MOST, max(0, value))) / MOST, 1)


def _path(readings: Sequence[Reading], dots: Sequence[Dot]) -> str:
    """Return the path through the last dot of each day; "" where there is only one day."""
    last = {one.day: dot for one, dot in zip(readings, dots, strict=True)}
    if len(last) < 2:
        return ""
    return "M" + "L".join(f"{dot.x:g} {dot.y:g}" for dot in last.values())


def _labels(
    days: Sequence[dt.date], x_of: Callable[[dt.date], float], say: Callable[[dt.date], str]
) -> tuple[DayMark, ...]:
    """Return the days to name: the first, the last, and others between them where there is room."""
    if len(days) == 1:
        return (DayMark(x_of(days[0]), say(days[0])),)
    chosen = [DayMark(x_of(days[0]), say(days[0]), "start")]
    end = DayMark(x_of(days[-1]), say(days[-1]), "end")
    for day in days[1:-1]:
        x = x_of(day)
        room = LABEL * (1 if chosen[-1].anchor == "middle" else 1.5)
        if chosen[-1].x + room <= x <= end.x - LABEL * 1.5:
            chosen.append(DayMark(x, say(day)))
    return (*chosen, end) if end.x - chosen[0].x >= LABEL * 2 else (end,)
