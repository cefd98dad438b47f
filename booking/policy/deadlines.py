"""Until when cancelling or moving is free, when it is late, and when one has to ring."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal

Window = Literal["free", "late", "locked"]


@dataclass(frozen=True)
class Policy:
    """Elapsed hours before the session: free until `free_hours`, locked in the last `locked_hours`."""

    free_hours: int
    locked_hours: int


def window(policy: Policy, starts_at: datetime, now: datetime) -> Window:
    """The window `now` lies in. Exactly at a limit counts as the kinder side.

    The hours are elapsed: a night in which the clocks change is an hour shorter or longer, and a limit
    taken from the wall clock would be off by that hour. Both instants are aware.
    """
    return within(limits(policy, starts_at), now)


def within(bounds: tuple[datetime, datetime], now: datetime) -> Window:
    """The same, between the last instant that is free and the last that is late."""
    free_until, late_until = bounds
    moment = now.astimezone(UTC)
    if moment <= free_until:
        return "free"
    return "late" if moment <= late_until else "locked"


def limits(policy: Policy, starts_at: datetime) -> tuple[datetime, datetime]:
    """The last instant that is free, and the last that is late (both in UTC)."""
    # In UTC first: Python subtracts two times of one zone as if the clocks never changed.
    start = starts_at.astimezone(UTC)
    return start - timedelta(hours=policy.free_hours), start - timedelta(hours=policy.locked_hours)
