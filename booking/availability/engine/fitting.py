"""Where a session fits: within open time, and far enough from what is taken. All in seconds since 1970."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from booking.availability.engine.intervals import Busy, Interval, subtract, union
from booking.availability.engine.service import Service


class Taken(NamedTuple):
    """Busy time in whole seconds: a started second is taken."""

    busy: Busy
    start: int
    end: int


def room(service: Service, open_time: Iterable[Interval]) -> list[Interval]:
    """Starts from which the whole session lies in one stretch of open time; its buffers too when strict."""
    before, after = 0, service.minutes * 60
    if service.buffers_inside_hours:
        before, after = service.buffer_before * 60, after + service.buffer_after * 60
    # The last start counts: whole seconds, so one more second ends the half-open interval.
    shrunk = ((start + before, end - after + 1) for start, end in open_time)
    return [(start, end) for start, end in shrunk if start < end]


def free(service: Service, starts: Sequence[Interval], taken: Iterable[Taken]) -> list[Interval]:
    """Of these starts, those that nothing taken forbids."""
    return subtract(starts, union(forbidden(service, one) for one in taken))


def forbidden(service: Service, taken: Taken) -> Interval:
    """Starts at which the session would overlap this, or come too close to it."""
    ahead, behind = distances(service, taken.busy)
    return taken.start - ahead - service.minutes * 60 + 1, taken.end + behind


def distances(service: Service, busy: Busy) -> tuple[int, int]:
    """Seconds between a session and this busy time, when the session comes before it, and after it."""
    ahead = service.between(service.buffer_after, busy.before)
    return ahead * 60, service.between(busy.after, service.buffer_before) * 60
