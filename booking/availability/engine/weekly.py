"""The same hour of the week on the wall clock, also when the clocks change."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from practice.core.clock import AmbiguousTime, NonexistentTime, resolve

WEEK = timedelta(weeks=1)


def walls(first: datetime, *, every: int, count: int) -> list[datetime]:
    """Return `first` and its repeats every so many weeks, as wall times without a zone.

    Added to wall time: weeks of elapsed time would drift by an hour over a clock change.
    """
    wall = first.replace(tzinfo=None)
    return [wall + number * every * WEEK for number in range(count)]


def weeks_after(last: datetime, *, first: int, count: int, not_before: datetime) -> list[datetime]:
    """Return `count` weekly wall times, the first `first` weeks after `last` (aware) or still ahead."""
    passed = (not_before.astimezone(last.tzinfo).replace(tzinfo=None) - last.replace(tzinfo=None)) // WEEK
    return walls(last.replace(tzinfo=None) + max(first, passed + 1) * WEEK, every=1, count=count)


def nearest_instant(wall: datetime, zone: ZoneInfo) -> datetime:
    """Return the instant when clocks read `wall`; if twice or never, the first of the two nearest."""
    try:
        return resolve(wall, zone)
    except (NonexistentTime, AmbiguousTime) as error:
        return error.candidates[0]
