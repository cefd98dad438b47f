"""The same hour of the week, on the wall clock: an hour that stays the same when the clocks change."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from practice.core.clock import AmbiguousTime, NonexistentTime, resolve

WEEK = timedelta(weeks=1)


def walls(first: datetime, *, every: int, count: int) -> list[datetime]:
    """`first` and its like every so many weeks: as clocks show them, without a zone.

    Added to wall time: weeks of elapsed time would drift by an hour over a clock change.
    """
    wall = first.replace(tzinfo=None)
    return [wall + number * every * WEEK for number in range(count)]


def weeks_after(last: datetime, *, first: int, count: int, not_before: datetime) -> list[datetime]:
    """`count` weeks in a row from `first` weeks after `last` (aware), or from the first one still ahead."""
    passed = (not_before.astimezone(last.tzinfo).replace(tzinfo=None) - last.replace(tzinfo=None)) // WEEK
    return walls(last.replace(tzinfo=None) + max(first, passed + 1) * WEEK, every=1, count=count)


def nearest_instant(wall: datetime, zone: ZoneInfo) -> datetime:
    """The instant at which clocks read `wall`; where they do so twice or never, the first of both near it."""
    try:
        return resolve(wall, zone)
    except (NonexistentTime, AmbiguousTime) as error:
        return error.candidates[0]
