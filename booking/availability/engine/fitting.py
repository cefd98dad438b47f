"""Starts at which a session fits: within open time, far enough from busy time. All in seconds since 1970."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from booking.availability.engine.intervals import Busy, Interval, subtract, union
from booking.availability.engine.service import Service


class TakenSeconds(NamedTuple):
    """Busy time in whole seconds: a started second is taken."""

    busy: Busy
    start: int
    end: int


def starts_that_fit(service: Service, open_time: Iterable[Interval]) -> list[Interval]:
    """Return starts whose whole session lies in one stretch of open time; when strict, its buffers too."""
    before, after = 0, service.minutes * 60
    if service.buffers_inside_hours:
        before, after = service.buffer_before * 60, after + service.buffer_after * 60
    # The last start counts: whole seconds, so one more second ends the half-open interval.
    shrunk = ((start + before, end - after + 1) for start, end in open_time)
    return [(start, end) for start, end in shrunk if start < end]


def unoccupied(service: Service, starts: Sequence[Interval], taken: Iterable[TakenSeconds]) -> list[Interval]:
    """Return those of `starts` that no busy time forbids."""
    return subtract(starts, union(forbidden(service, one) for one in taken))


def forbidden(service: Service, taken: TakenSeconds) -> Interval:
    """Return the starts at which the session would overlap `taken`, or come too close to it."""
    ahead, behind = distances(service, taken.busy)
    return taken.start - ahead - service.minutes * 60 + 1, taken.end + behind


def distances(service: Service, busy: Busy) -> tuple[int, int]:
    """Return the seconds needed between session and busy time: session first, then session second."""
    ahead = service.between(service.buffer_after, busy.before)
    return ahead * 60, service.between(busy.after, service.buffer_before) * 60
