"""PURE. The play-through a stretch of sound belongs to, and minutes of the clock counted once.

A play-through is over two hours after its last stretch: what is heard later is another one, whatever part of
the lesson it begins with. Who listens on two devices at once has still heard one minute in a minute.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

from portal.practice_log.listening import MILLISECOND, STALE, Heard


def over_from(
    known: Iterable[Heard], new: Sequence[Heard], *, left_at: dt.datetime | None = None
) -> int | None:
    """Return the first new segment, by `seq`, of another play-through; None when all are of this one.

    `known`: what was heard of it before. `left_at`: when an entry without any sound was made by its words.
    """
    fresh = {one.seq for one in new}
    reached = left_at
    for one in sorted((*known, *new), key=lambda one: (one.began_at, one.seq)):
        if one.seq in fresh and reached is not None and one.began_at - reached > STALE:
            return min(other.seq for other in new if other.began_at >= one.began_at)
        reached = one.ended_at if reached is None else max(reached, one.ended_at)
    return None


def alone_ms(segments: Iterable[Heard], others: Iterable[Heard]) -> int:
    """Return how long the segments of one entry sounded, in ms, without time that `others` cover.

    `others`: segments of the same client in other entries. A stretch that took longer than its sound (a
    stall, a laptop asleep) sounded at its beginning.
    """
    taken = list(_joined(_sounding(one) for one in others))
    return sum(max(0, one.heard_ms - _shared(_sounding(one), taken)) for one in segments)


Span = tuple[dt.datetime, dt.datetime]


def _sounding(one: Heard) -> Span:
    return one.began_at, min(one.ended_at, one.began_at + one.heard_ms * MILLISECOND)


def _joined(spans: Iterable[Span]) -> Iterable[Span]:
    """Yield the same time as spans that do not overlap."""
    reached: dt.datetime | None = None
    for since, until in sorted(spans):
        begin = since if reached is None else max(since, reached)
        if until > begin:
            yield begin, until
            reached = until


def _shared(span: Span, taken: Iterable[Span]) -> int:
    begin, end = span
    nothing = dt.timedelta()
    shared = sum((max(nothing, min(end, until) - max(begin, since)) for since, until in taken), nothing)
    return round(shared / MILLISECOND)
