"""PURE. How long backups are kept, when one is due, and when the last one is too old."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

#: Every backup of the last day stays: one that was made before an upgrade is not replaced an hour later.
RECENT = timedelta(days=1)
#: After a failure, the next try waits, so that a full disk is not filled and emptied all day.
RETRY = timedelta(hours=1)
#: A backup may take time, and the machine may be off for an evening.
GRACE = timedelta(hours=2)


@dataclass(frozen=True)
class Keep:
    """For how many days, weeks and months with a backup the last one of each is kept."""

    daily: int = 7
    weekly: int = 4
    monthly: int = 12

    @classmethod
    def parse(cls, raw: str) -> Keep:
        """Return what `7,4,12` says. Raises ValueError with the reason."""
        parts = [part.strip() for part in raw.split(",")]
        if len(parts) != 3 or not all(part.isascii() and part.isdigit() for part in parts):
            raise ValueError(f"{raw!r} is not three whole numbers.")
        found = cls(*(int(part) for part in parts))
        if max(found.daily, found.weekly, found.monthly) > 1000:
            raise ValueError(f"{raw!r} keeps more than anyone can store.")
        if not found.daily + found.weekly + found.monthly:
            raise ValueError("It would keep no backup.")
        return found


def longest(keep: Keep) -> tuple[int, str]:
    """Return for about how long a backup is kept at most: a number, and "days", "weeks" or "months"."""
    periods = ((keep.daily, "days", 1), (keep.weekly, "weeks", 7), (keep.monthly, "months", 31))
    number, unit, _length = max(periods, key=lambda one: one[0] * one[2])
    return number, unit


def kept(made: Iterable[datetime], keep: Keep, *, now: datetime) -> set[datetime]:
    """Return which of these backups stay: the last of each day, week (Monday first) and month, in UTC.

    Days without a backup do not count: a machine that was off for a month loses nothing. The newest and all
    of the last 24 hours always stay.
    """
    newest_first = sorted(set(made), reverse=True)
    periods: tuple[tuple[int, Callable[[datetime], object]], ...] = (
        (keep.daily, lambda at: at.date()),
        (keep.weekly, lambda at: at.isocalendar()[:2]),
        (keep.monthly, lambda at: (at.year, at.month)),
    )
    stay = set(newest_first[:1]) | {at for at in newest_first if at > now - RECENT}
    for count, period in periods:
        last_of: dict[object, datetime] = {}
        for at in newest_first:
            last_of.setdefault(period(at), at)
        stay |= set(list(last_of.values())[:count])
    return stay


def is_due(last: datetime | None, failed: datetime | None, *, every: timedelta, now: datetime) -> bool:
    """Return whether a backup is to be made now. `last`: the last good one; `failed`: the last failure.

    Of a clock that was set back, what lies ahead does not count: a backup too many harms nobody.
    """
    if failed and now - RETRY < failed <= now:
        return False
    return last is None or last > now or now - last >= every


def is_too_old(last: datetime, *, every: timedelta, now: datetime) -> bool:
    """Return whether the last good backup is so old that a person has to look: two of them are missing."""
    return now - last > 2 * every + GRACE
