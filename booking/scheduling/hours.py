"""Opening hours: rules of the clock on the wall, in the practitioner's zone."""

from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from booking.scheduling.intervals import Busy

DAY = 1440  # minutes of wall clock


@dataclass(frozen=True)
class WeeklyHours:
    """Open every week on `weekday` (0 = Monday), from `opens` to `closes`.

    Both are minutes of wall clock since that day's 00:00. `closes` is 1440 for 24:00, and more, up to
    2880, when the hours run past midnight into the next day.
    """

    weekday: int
    opens: int
    closes: int


@dataclass(frozen=True)
class Closure:
    """Days, both ends included, on which the weekly rule does not hold.

    Without `windows` the days are closed; with them, these hours (minutes, as in `WeeklyHours`) replace
    the weekly ones. Where closures meet on a day, "closed" wins, and other hours add up.
    """

    first: date
    last: date
    windows: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True)
class Schedule:
    """One practitioner's rules and taken time. `busy` is sorted by start."""

    zone: ZoneInfo
    weekly: tuple[WeeklyHours, ...] = ()
    closures: tuple[Closure, ...] = ()
    busy: tuple[Busy, ...] = ()
