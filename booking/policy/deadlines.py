"""The three windows before a session: changing it is free, then late, then locked (by phone only)."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal

Window = Literal["free", "late", "locked"]


@dataclass(frozen=True)
class Policy:
    """A pair of limits in elapsed hours before the session: `free_hours` and `locked_hours`."""

    free_hours: int
    locked_hours: int


def window(policy: Policy, starts_at: datetime, now: datetime) -> Window:
    """Return the window `now` lies in. Exactly at a limit counts as the better side for the client.

    The hours are elapsed: a night in which the clocks change is an hour shorter or longer, and a limit taken
    from the wall clock would be off by that hour. Both instants are aware.
    """
    return within(limits(policy, starts_at), now)


def within(bounds: tuple[datetime, datetime], now: datetime) -> Window:
    """Return the window of `now`, given the last free and the last late instant."""
    free_until, late_until = bounds
    moment = now.astimezone(UTC)
    if moment <= free_until:
        return "free"
    return "late" if moment <= late_until else "locked"


def limits(policy: Policy, starts_at: datetime) -> tuple[datetime, datetime]:
    """Return the last instant that is free, and the last that is late (both in UTC)."""
    # In UTC first: Python subtracts two times of one zone as if the clocks never changed.
    start = starts_at.astimezone(UTC)
    return start - timedelta(hours=policy.free_hours), start - timedelta(hours=policy.locked_hours)
