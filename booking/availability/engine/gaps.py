"""Starts that leave no gap too short for another session. All in seconds since 1970.

A *gap* is open time in which nothing is taken. A start is in order on one side when nothing is left there
beyond the required buffers, or enough for the shortest session with its own buffers.
"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from booking.availability.engine import fitting
from booking.availability.engine.intervals import (
    Interval,
    TakenSeconds,
    common,
    end_of,
    holding,
    start_of,
    subtract,
    union,
)
from booking.availability.engine.service import Service


@dataclass(frozen=True)
class Gapless:
    """Starts that leave no useless gap before them, and after them. Both are sets within `free`."""

    before: list[Interval]
    after: list[Interval]

    @property
    def both(self) -> list[Interval]:
        """Return the starts that leave no useless gap on either side."""
        return common(self.before, self.after)


def gapless(
    service: Service,
    shortest: Service,
    *,
    free: Sequence[Interval],
    open_time: Sequence[Interval],
    taken: Sequence[TakenSeconds],
) -> Gapless:
    """Return the starts in `free` that leave nothing, or room for a session as `shortest`."""
    gaps = subtract(open_time, union((one.start, one.end) for one in taken))
    fits = fitting.unoccupied(shortest, fitting.starts_that_fit(shortest, open_time), taken)
    length, other = service.minutes * 60, shortest.minutes * 60
    ahead = other + shortest.between(shortest.buffer_after, service.buffer_before) * 60
    behind = length + shortest.between(service.buffer_after, shortest.buffer_before) * 60
    before: list[Interval] = []
    after: list[Interval] = []
    for first, end in free:  # all its starts lie in one gap, with no busy time between them
        opens, closes = holding(gaps, first) or (first, end)
        earliest, latest = _first_from(fits, opens), _last_until(fits, closes - other)
        before += (first, first + 1), (max(first, earliest + ahead), end)
        after += (first, min(end, latest - behind + 1)), (end - 1, end)
    return Gapless(union(before), union(after))


NEVER = 10**15


def _first_from(intervals: Sequence[Interval], moment: int) -> int:
    """Return the first member of the set at or after `moment`; NEVER when there is none."""
    i = bisect_right(intervals, moment, key=end_of)
    return max(moment, intervals[i][0]) if i < len(intervals) else NEVER


def _last_until(intervals: Sequence[Interval], moment: int) -> int:
    """Return the last member of the set at or before `moment`; -NEVER when there is none."""
    i = bisect_right(intervals, moment, key=start_of) - 1
    return min(moment, intervals[i][1] - 1) if i >= 0 else -NEVER
