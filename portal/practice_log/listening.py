"""PURE. Judging what was heard of a recording from what a device reports.

A *segment* is media heard from a to b at a rate; a pause, a seek or a stall closes it. A device says how long
each took by its monotonic clock, and how old each was when sent; what time it was, we say ourselves.
Milliseconds and aware instants in UTC; only a device speaks in seconds.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

MOST_SEGMENTS = 20_000  # of one entry: more than three days of quarter minutes
MOST_AT_ONCE = 400
MOST_SECONDS = 1e9  # of anything a device says; thirty years are a broken clock, and clocks are clamped
SLOWEST, FASTEST = 0.25, 4.0
PATIENCE = 2_000  # ms a segment may be longer than its time: players round, and jump a little
OVERHANG = 1_000  # ms a browser may find a recording longer than we measured it
DONE_PERCENT = 85
WORTH_RESUMING = 10_000  # ms from either end: nearer, one begins anew
STALE = dt.timedelta(hours=2)
MILLISECOND = dt.timedelta(milliseconds=1)


class ImpossibleReport(ValueError):
    """Raised when a device's report cannot be true.

    `code`: shape, number, order, file, time, repeat, window or many.
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Report:
    """A segment as a device reports it; `elapsed_ms` by its monotonic clock, `age_ms` when sent."""

    seq: int
    start_ms: int
    end_ms: int
    rate: float
    elapsed_ms: int
    age_ms: int


@dataclass(frozen=True)
class Heard:
    """A segment that was accepted, dated by the server's clock."""

    seq: int
    start_ms: int
    end_ms: int
    rate: float
    began_at: dt.datetime
    ended_at: dt.datetime

    @property
    def heard_ms(self) -> int:
        """Return how long the segment took to hear, in ms."""
        return round((self.end_ms - self.start_ms) / self.rate)


@dataclass(frozen=True)
class Summary:
    """The sums over the segments of one entry. `stopped_ms`: where it was left."""

    heard_ms: int
    covered_ms: int
    stopped_ms: int
    began_at: dt.datetime
    last_at: dt.datetime
    is_done: bool


@dataclass(frozen=True)
class Stop:
    """The place where an entry was left, and when.

    `is_done`: its play-through was finished, on any device.
    """

    at_ms: int
    when: dt.datetime
    is_done: bool = False


def read_reports(value: object) -> list[Report]:
    """Return the reports in decoded JSON (times in seconds). Raises Lie: shape, number, order or many."""
    if not isinstance(value, list):
        raise ImpossibleReport("shape")
    if len(value) > MOST_AT_ONCE:
        raise ImpossibleReport("many")
    return [_read(one) for one in value]


def _read(one: object) -> Report:
    if not isinstance(one, dict):
        raise ImpossibleReport("shape")
    seq = one.get("seq")
    if not isinstance(seq, int) or isinstance(seq, bool) or not 0 <= seq < MOST_SEGMENTS:
        raise ImpossibleReport("number")
    rate = _number(one.get("rate", 1))
    if not SLOWEST <= rate <= FASTEST:
        raise ImpossibleReport("number")
    start, end, elapsed, age = (_ms(one.get(name)) for name in ("start", "end", "elapsed", "age"))
    if end < start:
        raise ImpossibleReport("order")
    return Report(seq, start, end, round(rate, 3), elapsed, age)


def _number(value: object) -> float:
    """Return a finite number that is not negative; NaN fails the comparison and raises Lie too."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= MOST_SECONDS:
        raise ImpossibleReport("number")
    return float(value)


def _ms(value: object) -> int:
    return round(_number(value) * 1000)


def accepted_segments(
    reports: Sequence[Report],
    *,
    known: Mapping[int, Heard],
    duration_ms: int,
    since: dt.datetime,
    now: dt.datetime,
) -> list[Heard]:
    """Return the segments among the reports that are not in `known` yet, by seq.

    `since` is the earliest moment the entry can have begun (the page or the recording was handed out), `now`
    when the reports were received. One lie, and nothing of the batch is believed: raises Lie.
    """
    new: dict[int, Heard] = {}
    for report in reports:
        heard = _believe(report, duration_ms=duration_ms, since=since, now=now)
        before = known.get(report.seq) or new.get(report.seq)
        if before is None:
            new[report.seq] = heard
        elif (before.start_ms, before.end_ms, before.rate) != (heard.start_ms, heard.end_ms, heard.rate):
            raise ImpossibleReport("repeat")
    total = sum(one.heard_ms for one in (*known.values(), *new.values()))
    if new and total * MILLISECOND > now - since:
        raise ImpossibleReport("window")
    return sorted(new.values(), key=lambda one: one.seq)


def _believe(report: Report, *, duration_ms: int, since: dt.datetime, now: dt.datetime) -> Heard:
    if report.end_ms > duration_ms + OVERHANG:
        raise ImpossibleReport("file")
    if report.end_ms - report.start_ms > report.elapsed_ms * report.rate + PATIENCE:
        raise ImpossibleReport("time")
    ended_at = _within(now - report.age_ms * MILLISECOND, since, now)
    return Heard(
        seq=report.seq,
        start_ms=min(report.start_ms, duration_ms),
        end_ms=min(report.end_ms, duration_ms),
        rate=report.rate,
        began_at=_within(ended_at - report.elapsed_ms * MILLISECOND, since, now),
        ended_at=ended_at,
    )


def _within(moment: dt.datetime, since: dt.datetime, now: dt.datetime) -> dt.datetime:
    return max(since, min(moment, now))


def covered(segments: Iterable[Heard]) -> int:
    """Return how much of the recording was heard at least once, in ms: the union of the spans."""
    total = reached = 0
    for start, end in sorted((one.start_ms, one.end_ms) for one in segments):
        total += max(0, end - max(start, reached))
        reached = max(reached, end)
    return total


def summary(
    segments: Sequence[Heard],
    *,
    duration_ms: int,
    said_done: bool = False,
    continues: Iterable[Heard] = (),
) -> Summary:
    """Return the sums over the segments of an entry, which has at least one.

    `continues`: segments of the same play-through on another device, which count for its completion only.
    """
    whole = covered((*segments, *continues))
    return Summary(
        heard_ms=sum(one.heard_ms for one in segments),
        covered_ms=covered(segments),
        stopped_ms=max(segments, key=lambda one: one.seq).end_ms,
        began_at=min(one.began_at for one in segments),
        last_at=max(one.ended_at for one in segments),
        is_done=said_done or (duration_ms > 0 and whole * 100 >= duration_ms * DONE_PERCENT),
    )


def resume(stops: Iterable[Stop], *, duration_ms: int) -> Stop | None:
    """Return where to go on: the client's last stop on any device; None for the beginning.

    Clamped to the recording, which may have been replaced by a shorter one.
    """
    last = max(stops, key=lambda stop: (stop.when, stop.at_ms), default=None)
    if last is None or last.is_done:
        return None
    at_ms = min(last.at_ms, duration_ms)
    if not WORTH_RESUMING <= at_ms <= duration_ms - WORTH_RESUMING:
        return None
    return Stop(at_ms, last.when)


def is_stale(stop: Stop, *, now: dt.datetime) -> bool:
    """Return whether the stop is so long ago (two hours) that starting again is offered first."""
    return now - stop.when > STALE


def day_of(began_at: dt.datetime, zone: ZoneInfo) -> dt.date:
    """Return the day an entry belongs to: the local one on which it began."""
    return began_at.astimezone(zone).date()
