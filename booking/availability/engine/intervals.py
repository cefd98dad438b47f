"""Half-open intervals on whole numbers: the arithmetic under opening hours and slots.

An interval is a pair `(start, end)` of whole seconds and holds every `t` with `start <= t < end`.
Two that touch do not overlap. A *set* is a list of intervals: sorted, disjoint, none touching.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import itemgetter
from typing import NamedTuple

from practice.core.clock import seconds

Interval = tuple[int, int]
start_of, end_of = itemgetter(0), itemgetter(1)  # the keys for bisecting intervals


@dataclass(frozen=True)
class Busy:
    """Busy time: an appointment (held, pending or booked) or an event of another calendar.

    `start`, `end`: aware instants. `before`, `after`: minutes of buffer *as they were booked*, so that
    editing a session type does not move the buffers of existing appointments. `counts`: whether it counts
    towards the daily limit of the session type asked for (other people's calendars and a shared room do not;
    the code that reads the rows decides).
    """

    start: datetime
    end: datetime
    before: int = 0
    after: int = 0
    counts: bool = True


class TakenSeconds(NamedTuple):
    """Busy time in whole seconds since 1970: a started second is taken. As `Busy` otherwise."""

    start: int
    end: int
    before: int = 0
    after: int = 0
    counts: bool = True

    @classmethod
    def of(cls, busy: Busy) -> "TakenSeconds":
        """Return busy time in whole seconds."""
        end = seconds(busy.end) + bool(busy.end.microsecond)
        return cls(seconds(busy.start), end, busy.before, busy.after, busy.counts)


def union(intervals: Iterable[Interval]) -> list[Interval]:
    """Return everything that is in any of the intervals. Empty ones vanish, touching ones become one."""
    merged: list[Interval] = []
    for start, end in sorted(intervals):
        if end <= start:
            continue
        if merged and start <= merged[-1][1]:
            if end > merged[-1][1]:
                merged[-1] = (merged[-1][0], end)
        else:
            merged.append((start, end))
    return merged


def subtract(wanted: Sequence[Interval], taken: Sequence[Interval]) -> list[Interval]:
    """Return the part of `wanted` that is not in `taken`. Both are sets; one sweep over both."""
    left: list[Interval] = []
    i, count = 0, len(taken)
    for start, end in wanted:
        while i < count and taken[i][1] <= start:
            i += 1
        free, j = start, i
        while j < count and taken[j][0] < end:
            if taken[j][0] > free:
                left.append((free, taken[j][0]))
            free = taken[j][1]
            j += 1
        if free < end:
            left.append((free, end))
    return left


def common(one: Sequence[Interval], other: Sequence[Interval]) -> list[Interval]:
    """Return what is in both lists, each sorted and disjoint; an interval cut by the other list stays cut."""
    both: list[Interval] = []
    i = j = 0
    while i < len(one) and j < len(other):
        start, end = max(one[i][0], other[j][0]), min(one[i][1], other[j][1])
        if start < end:
            both.append((start, end))
        if one[i][1] < other[j][1]:
            i += 1
        else:
            j += 1
    return both


def between(intervals: Sequence[Interval], begin: int, end: int) -> list[Interval]:
    """Return the part of a set that lies in `[begin, end)`: `common` with one interval, by bisecting."""
    if begin >= end:
        return []
    i = bisect_right(intervals, begin, key=end_of)
    found = list(intervals[i : bisect_left(intervals, end, lo=i, key=start_of)])
    if found:
        found[0] = (max(found[0][0], begin), found[0][1])
        found[-1] = (found[-1][0], min(found[-1][1], end))
    return found


def holding(intervals: Sequence[Interval], moment: int) -> Interval | None:
    """Return the interval of the set that holds `moment`, or None."""
    i = bisect_right(intervals, moment, key=start_of) - 1
    return intervals[i] if i >= 0 and moment < intervals[i][1] else None


def within(moments: Sequence[int], intervals: Sequence[Interval]) -> list[int]:
    """Return the moments, in order, that lie in the set."""
    found: list[int] = []
    for start, end in intervals:
        found += moments[bisect_left(moments, start) : bisect_left(moments, end)]
    return found
