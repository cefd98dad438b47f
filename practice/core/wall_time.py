"""A time as clocks showed it when it was agreed (RFC 9557): "2027-01-15T10:00:00-08:00[America/Vancouver]".

Beside the instant on a row it says what was meant, should the rules of the zone change: wall time and zone
are the promise; the offset tells by which rules the instant was computed. Pure: nothing here asks what time
it is.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from practice.core.clock import UnknownZone, instants_of, zone_named

LONGEST = 100  # letters: with the longest name of a zone it has 59
_TEXT = re.compile(r"([^\[\]]+)\[([^\[\]]+)\]")


@dataclass(frozen=True)
class WallTime:
    """A stored wall time. `clock`: without a zone. `then`: the instant by the rules of that day, in UTC."""

    clock: datetime
    zone: str
    then: datetime

    def instants(self) -> tuple[datetime, ...]:
        """Return the instants of this wall time today: none, one or two, in UTC. Raises UnknownZone."""
        return instants_of(self.clock, zone_named(self.zone))


@dataclass(frozen=True)
class WallTimeShift:
    """A wall time that now names another instant: `to`; None: the clocks skip it."""

    wall: WallTime
    to: datetime | None

    @property
    def by(self) -> timedelta:
        """Return how much later the wall time comes now; negative: earlier; zero where it never comes."""
        return self.to - self.wall.then if self.to else timedelta()


def wall_time_text(instant: datetime, zone: ZoneInfo) -> str:
    """Return the instant as clocks in the zone show it by the rules of today."""
    return f"{instant.astimezone(zone).isoformat()}[{zone.key}]"


def read_wall_time(text: str) -> WallTime | None:
    """Return the wall time in a text that `wall_time_text` made; None for anything else."""
    found = _TEXT.fullmatch(text)
    if not found:
        return None
    try:
        moment = datetime.fromisoformat(found[1])
    except ValueError:
        return None
    if moment.tzinfo is None:
        return None
    return WallTime(moment.replace(tzinfo=None), found[2], moment.astimezone(UTC))


def converted(text: str, instant: datetime) -> str:
    """Return another instant in the zone of a stored text; empty where there is none, or its zone is gone."""
    wall = read_wall_time(text)
    try:
        return wall_time_text(instant, zone_named(wall.zone)) if wall else ""
    except UnknownZone:
        return ""


def names_instant(text: str, instant: datetime) -> bool:
    """Return whether a stored text was written for this instant."""
    wall = read_wall_time(text)
    return wall is not None and wall.then == instant


def wall_time_shift(text: str, instant: datetime) -> WallTimeShift | None:
    """Return how today's rules move a stored time; None: they agree, or nothing can be said.

    Nothing can be where it was written for another instant, or its zone is known no more. Where the wall time
    comes twice now, the one nearer to the instant is meant.
    """
    wall = read_wall_time(text)
    if wall is None or wall.then != instant:
        return None
    try:
        found = wall.instants()
    except UnknownZone:
        return None
    if instant in found:
        return None
    return WallTimeShift(wall, min(found, key=lambda one: abs(one - instant)) if found else None)
