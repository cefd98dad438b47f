"""PURE. How large a run is, and on which days the few great events of the year fall."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Scale:
    """A run. The days count from its first one."""

    seed: int
    first: datetime
    days: int
    clients: int
    every: float  # days between two sessions of a client, on average
    address_day: int
    zones_day: int
    backup_day: int

    def day(self, number: float) -> datetime:
        """Return the instant so many days after the beginning."""
        return self.first + number * DAY

    @property
    def end(self) -> datetime:
        """Return when nobody begins anything any more."""
        return self.day(self.days)


def a_year(seed: int, *, days: int = 365, clients: int = 400) -> Scale:
    """Return the long form: from Monday, January 4, 2027; new zone rules on October 20, a restore before."""
    return Scale(
        seed=seed,
        first=datetime(2027, 1, 4, 7, tzinfo=UTC),
        days=days,
        clients=clients,
        every=80,
        address_day=round(days * 0.45),
        zones_day=round(days * 289 / 365),
        backup_day=round(days * 0.75),
    )


def some_weeks(seed: int, *, days: int = 21, clients: int = 8) -> Scale:
    """Return the short form: some weeks around the night in November in which clocks change."""
    return Scale(
        seed=seed,
        first=datetime(2027, 10, 25, 6, tzinfo=UTC),
        days=days,
        clients=clients,
        every=9,
        address_day=9,
        zones_day=5,
        backup_day=7,
    )


#: The two forms by their names on the command line.
FORMS = {"year": a_year, "weeks": some_weeks}
