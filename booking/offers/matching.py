"""Matching of a freed time: the first person in the queue whom it suits."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

# No offers at night. Wall clock, in the zone of the person who is asked.
ASKED_FROM, ASKED_UNTIL = time(8), time(20)


@dataclass(frozen=True)
class WaitlistCriteria:
    """A wish for a time. Days and times are in the practitioner's zone.

    `kind`: the session type's key. `practitioner`: a key, or None for any. `weekdays`: 0 is Monday; none:
    any. `earliest`, `latest`: of the start. `first_day` and `last_day` are included. `before`: the start of a
    session that would be given up for it; only an earlier time is worth that. `zone`: where the person lives.
    """

    key: int
    kind: int
    zone: ZoneInfo
    last_day: date
    first_day: date | None = None
    practitioner: int | None = None
    weekdays: frozenset[int] = frozenset()
    earliest: time | None = None
    latest: time | None = None
    before: datetime | None = None


def fits(wish: WaitlistCriteria, start: datetime, *, practitioner: int, zone: ZoneInfo) -> bool:
    """Return whether this start suits the wish. `zone`: the practitioner's."""
    wall = start.astimezone(zone)
    return (
        wish.practitioner in (None, practitioner)
        and (not wish.weekdays or wall.weekday() in wish.weekdays)
        and (wish.first_day or date.min) <= wall.date() <= wish.last_day
        and (wish.earliest or time.min) <= wall.time() <= (wish.latest or time.max)
        and (wish.before is None or start < wish.before)
    )


def may_be_asked(wish: WaitlistCriteria, now: datetime) -> bool:
    """Return whether it is day where the person lives, from 8:00 until 20:00."""
    return ASKED_FROM <= now.astimezone(wish.zone).time() < ASKED_UNTIL


def first_match(
    wishes: Sequence[WaitlistCriteria],
    starts: Mapping[int, Sequence[datetime]],
    *,
    practitioner: int,
    zone: ZoneInfo,
    now: datetime,
) -> tuple[WaitlistCriteria, datetime] | None:
    """Return the first in the queue who can be asked now and whom a start suits, with that start.

    `wishes`: in the order in which they came. `starts`: of each session type, the starts that can be booked,
    the best one first.
    """
    for wish in wishes:
        if not may_be_asked(wish, now):
            continue
        for start in starts.get(wish.kind, ()):
            if fits(wish, start, practitioner=practitioner, zone=zone):
                return wish, start
    return None
