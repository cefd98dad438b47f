"""Starts at which a session fits: within open time, far enough from busy time. All in seconds since 1970."""

from collections.abc import Iterable, Sequence

from booking.availability.engine.intervals import Interval, TakenSeconds, subtract, union
from booking.availability.engine.service import Service


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
    known: dict[tuple[int, int], Interval] = {}  # a calendar has few kinds of buffers, and many sessions
    found = []
    for start, end, before, after, _counts in taken:
        around = known.get((before, after)) or known.setdefault(
            (before, after), _around(service, before, after)
        )
        found.append((start - around[0], end + around[1]))
    return subtract(starts, union(found))


def forbidden(service: Service, taken: TakenSeconds) -> Interval:
    """Return the starts at which the session would overlap `taken`, or come too close to it."""
    ahead, behind = _around(service, taken.before, taken.after)
    return taken.start - ahead, taken.end + behind


def _around(service: Service, before: int, after: int) -> tuple[int, int]:
    ahead, behind = distances(service, before, after)
    return ahead + service.minutes * 60 - 1, behind


def distances(service: Service, before: int, after: int) -> tuple[int, int]:
    """Return the seconds needed beside busy time with these buffers: session first, then session second."""
    return (
        service.between(service.buffer_after, before) * 60,
        service.between(after, service.buffer_before) * 60,
    )
