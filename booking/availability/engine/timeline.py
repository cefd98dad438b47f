"""One session type judged against one schedule, around a range of starts. All in seconds since 1970."""

from bisect import bisect_right
from collections import Counter
from datetime import date
from functools import cached_property
from typing import NamedTuple

from booking.availability.engine import fitting, hours
from booking.availability.engine.explain import Refusal
from booking.availability.engine.gaps import Gapless, gapless
from booking.availability.engine.hours import Schedule
from booking.availability.engine.intervals import (
    Interval,
    TakenSeconds,
    between,
    common,
    end_of,
    holding,
    start_of,
    union,
    within,
)
from booking.availability.engine.service import Service
from practice.core.clock import DAY, instant_at, stretches

# A merged window is at most two days long; with this much before the range, each one is seen whole.
LOOK_BACK = 4 * DAY


class Piece(NamedTuple):
    """A part of a merged window in which the zone's offset stays the same."""

    start: int
    end: int
    base: int  # the instant, by this offset, at which the window opens: the grid counts from here
    window: int  # which window (its beginning on the wall clock)


class Timeline:
    """A session type and a schedule, prepared once to list, refuse and explain from the same sets.

    `open`: instants at which clocks in the zone read a time within opening hours. `room`: starts whose whole
    session lies in one stretch of open time. `free`: those that no busy time forbids. Where gaps are refused,
    `gapless` holds those of them that leave none.
    """

    def __init__(self, service: Service, schedule: Schedule, first: int, until: int):
        self.service, self.schedule = service, schedule
        self.length = service.minutes * 60
        self.shortest = schedule.shortest or service
        margin = DAY + sum(
            60 * (one.minutes + one.buffer_before + one.buffer_after) for one in (service, self.shortest)
        )
        self.begin, self.end = first - LOOK_BACK - margin, until + margin
        self.stretches = stretches(schedule.zone, self.begin, self.end)
        self.pieces = self._pieces()
        self.open = union((piece.start, piece.end) for piece in self.pieces)
        self.room = fitting.starts_that_fit(service, self.open)
        self.taken = self._taken_within()
        self.free = fitting.unoccupied(service, self.room, self.taken)
        self.full_days = self._full_days()

    def bookable(self, first: int, until: int) -> list[int]:
        """Return the starts in `[first, until)` that no rule of this timeline refuses, in order."""
        found = self._on_ladder(self.free, first, until)
        if self.full_days:
            found = [second for second in found if self._day_of(second) not in self.full_days]
        return within(found, self.gapless.both) if found and self.gapless else found

    def candidates(self, first: int, until: int) -> list[int]:
        """Return the starts in `[first, until)` as they would be with nothing booked, in order."""
        return self._on_ladder(self.room, first, until)

    def is_free(self, second: int) -> bool:
        """Return whether no busy time forbids this start."""
        return holding(self.free, second) is not None

    def refuse(self, second: int, *, whole: bool) -> Refusal | None:
        """Return the first rule that refuses this start, or None. `whole`: it is a whole second."""
        refusal = self._refuse_hours(second) or self._refuse_busy(second) or self.refuse_day(second)
        if refusal:
            return refusal
        if whole and self._on_ladder(self.free, second, second + 1):
            return self.refuse_gap(second)
        zone, step = self.schedule.zone, self.service.step
        return Refusal("off_grid", {"start": instant_at(second), "zone": zone, "step": step})

    def refuse_day(self, second: int) -> Refusal | None:
        """Return the daily limit if it is reached, counted by days of the practitioner's zone."""
        day = self._day_of(second)
        if day not in self.full_days:
            return None
        limit = {"date": self._date(day), "limit": self.service.daily_limit}
        return Refusal("daily_limit", {"start": instant_at(second), "zone": self.schedule.zone, **limit})

    def refuse_gap(self, second: int) -> Refusal | None:
        """Return the useless gap beside a free start, the earlier side first, or None."""
        stretch = holding(self.free, second)
        if not self.gapless or not stretch:
            return None
        if not holding(self.gapless.before, second):
            side, left = "before", second - stretch[0]
        elif not holding(self.gapless.after, second):
            side, left = "after", stretch[1] - 1 - second
        else:
            return None
        lost = {"side": side, "minutes": left // 60, "shortest": self.shortest.minutes}
        return Refusal("gap", {"start": instant_at(second), **lost})

    def beside(self) -> set[int]:
        """Return the first and last starts of free stretches, on sides where busy time ends them."""
        found: set[int] = set()
        for start, end in self.free:
            after_one, before_one = holding(self.room, start - 1), holding(self.room, end)
            rungs = self._on_ladder([(start, end)], start, end) if after_one or before_one else []
            found.update(rungs[:1] if after_one else [], rungs[-1:] if before_one else [])
        return found

    def refuse_range(self, first: int, until: int) -> Refusal:
        """Return why `candidates` finds nothing in a whole range."""
        span = {"first": instant_at(first), "until": instant_at(until)}
        zone = self.schedule.zone
        if not common(self.open, [(first, until)]):
            days = self._date(self._day_of(first)), self._date(self._day_of(until - 1))
            by = "closure" if hours.closures_between(self.schedule, *days) else "weekly"
            return Refusal("closed_throughout", {**span, "zone": zone, "by": by})
        if not common(self.room, [(first, until)]):
            return Refusal("too_short", {**span, "minutes": self.service.minutes})
        return Refusal("off_grid", {"start": span["first"], "zone": zone, "step": self.service.step})

    # Opening hours as instants

    def _pieces(self) -> list[Piece]:
        first, last = self._date(self._day_of(self.begin)), self._date(self._day_of(self.end))
        windows = [(opens * 60, closes * 60) for opens, closes in hours.runs(self.schedule, first, last)]
        pieces = []
        for start, end, offset in self.stretches:
            i = bisect_right(windows, start + offset, key=end_of)
            while i < len(windows) and windows[i][0] < end + offset:
                opens, closes = windows[i][0] - offset, windows[i][1] - offset
                pieces.append(Piece(max(start, opens), min(end, closes), opens, windows[i][0]))
                i += 1
        return pieces

    def _refuse_hours(self, second: int) -> Refusal | None:
        if holding(self.room, second):
            return None
        start, zone = instant_at(second), self.schedule.zone
        window, day = holding(self.open, second), self._day_of(second)
        if window and second + self.length > window[1]:
            times = {"end": instant_at(second + self.length), "closes": instant_at(window[1])}
            return Refusal("past_closing", {"start": start, "zone": zone, **times})
        if window:
            buffers = {"before": self.service.buffer_before, "after": self.service.buffer_after}
            return Refusal("buffer_outside_hours", {"start": start, "zone": zone, **buffers})
        today = self._date(day)
        where = {"start": start, "zone": zone, "date": today}
        if any(self._day_of(piece.start) <= day <= self._day_of(piece.end - 1) for piece in self.pieces):
            return Refusal("outside_hours", where)
        by = "closure" if hours.closures_between(self.schedule, today, today) else "weekly"
        return Refusal("closed", {**where, "by": by})

    # What is taken, and what is left

    def _taken_within(self) -> list[TakenSeconds]:
        """Return the busy time that can matter in this range, by start."""
        begin, end, taken = self.begin, self.end, self.schedule.taken
        if self.schedule.busy:
            taken = tuple(sorted((*taken, *map(TakenSeconds.of, self.schedule.busy)), key=start_of))
        return [
            one
            for one in taken
            if one[0] < one[1] and one[0] - one[2] * 60 < end and one[1] + one[3] * 60 > begin
        ]

    @cached_property
    def gapless(self) -> Gapless | None:
        """Return the gapless starts, made only when asked for; None when gaps are allowed."""
        if self.service.gaps != "require":
            return None
        return gapless(self.service, self.shortest, free=self.free, open_time=self.open, taken=self.taken)

    def _refuse_busy(self, second: int) -> Refusal | None:
        if holding(self.free, second):
            return None
        end, nearest = second + self.length, None
        for taken in self.taken:
            begins, ends = fitting.forbidden(self.service, taken)
            if begins <= second < ends:
                nearest = nearest or taken
                if second < taken.end and taken.start < end:
                    return Refusal("taken", self._clash(second, taken))
        if nearest is None:  # impossible: `free` is `room` without what is forbidden
            raise AssertionError("a start is neither free nor forbidden")
        ahead, behind = fitting.distances(self.service, nearest.before, nearest.after)
        minutes = (ahead if end <= nearest.start else behind) // 60
        return Refusal("buffer", {**self._clash(second, nearest), "minutes": minutes})

    def _clash(self, second: int, taken: TakenSeconds) -> dict[str, object]:
        own = {"start": second, "end": second + self.length}
        times = {**own, "busy_start": taken.start, "busy_end": taken.end}
        return {name: instant_at(moment) for name, moment in times.items()}

    def _full_days(self) -> set[int]:
        limit = self.service.daily_limit
        if limit is None:
            return set()
        inside = (one.start for one in self.taken if one.counts and self.begin <= one.start)
        return {day for day, number in Counter(map(self._day_of, inside)).items() if number >= limit}

    # Where a session may start

    def _on_ladder(self, allowed: list[Interval], first: int, until: int) -> list[int]:
        """Return the starts in `[first, until)` that are allowed and lie on the grid, or back-to-back."""
        if self.service.step is None:
            return self._back_to_back(allowed, first, until)
        step = self.service.step * 60
        found: list[int] = []
        for piece in self.pieces:
            for start, end in between(allowed, max(piece.start, first), min(piece.end, until)):
                found += range(start + (piece.base - start) % step, end, step)
        return found

    def _back_to_back(self, allowed: list[Interval], first: int, until: int) -> list[int]:
        gap = self.service.between(self.service.buffer_after, self.service.buffer_before)
        step = self.length + gap * 60
        found: list[int] = []
        for base, end in common(self._windows(), allowed):
            start = max(base, first)
            found += range(start + (base - start) % step, min(end, until), step)
        return found

    def _windows(self) -> list[Interval]:
        """Return the merged windows as instants; a clock change within one does not divide it."""
        windows: list[Piece] = []
        for piece in self.pieces:
            last = windows[-1] if windows else None
            if last and last.end == piece.start and last.window == piece.window:
                windows[-1] = last._replace(end=piece.end)
            else:
                windows.append(piece)
        return [(window.start, window.end) for window in windows]

    # The practitioner's calendar

    def _day_of(self, second: int) -> int:
        """Return the day of the zone's calendar, counted from 1970-01-01."""
        i = bisect_right(self.stretches, second, key=start_of) - 1
        return (second + self.stretches[max(i, 0)][2]) // DAY

    @staticmethod
    def _date(day: int) -> date:
        return date.fromordinal(hours.FIRST_DAY + day)
