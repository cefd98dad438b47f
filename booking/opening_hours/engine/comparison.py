"""Two weeks compared by the times that a client could book under each."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo


@dataclass(frozen=True)
class DayTimes:
    """The starts of one day: with the hours as saved (`before`), and as typed (`after`)."""

    day: date
    before: tuple[datetime, ...]
    after: tuple[datetime, ...]

    @property
    def is_changed(self) -> bool:
        """Return whether the day would offer other times."""
        return self.before != self.after


@dataclass(frozen=True)
class WeekdayChange:
    """How many times a weekday would gain and lose, on all its days together."""

    weekday: int
    gained: int
    lost: int


def by_day(
    before: Sequence[datetime], after: Sequence[datetime], *, days: Sequence[date], zone: ZoneInfo
) -> list[DayTimes]:
    """Return both lists of starts by the day of the zone's calendar, for each of `days`."""
    was, will_be = _grouped(before, zone), _grouped(after, zone)
    return [DayTimes(day, tuple(was.get(day, ())), tuple(will_be.get(day, ()))) for day in days]


def by_weekday(days: Sequence[DayTimes]) -> list[WeekdayChange]:
    """Return the weekdays on which anything changes, Monday first."""
    found = []
    for weekday in range(7):
        mine = [one for one in days if one.day.weekday() == weekday]
        gained = sum(len(set(one.after) - set(one.before)) for one in mine)
        lost = sum(len(set(one.before) - set(one.after)) for one in mine)
        if gained or lost:
            found.append(WeekdayChange(weekday, gained, lost))
    return found


def _grouped(starts: Sequence[datetime], zone: ZoneInfo) -> dict[date, list[datetime]]:
    found: dict[date, list[datetime]] = {}
    for start in starts:
        found.setdefault(start.astimezone(zone).date(), []).append(start)
    return found
