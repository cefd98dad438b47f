"""Opening hours: rules of the wall clock, in the practitioner's zone."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from booking.availability.engine.intervals import Busy, Interval, TakenSeconds, union
from booking.availability.engine.service import Service

DAY = 1440  # minutes of wall clock
FIRST_DAY = date(1970, 1, 1).toordinal()


@dataclass(frozen=True)
class WeeklyHours:
    """Weekly hours on `weekday` (0 = Monday), from `opens` to `closes`.

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
    """One practitioner's rules and busy time. `busy` is sorted by start.

    `taken`: more busy time, in the seconds in which it was read, sorted too. `shortest`: the shortest session
    they give, for which a gap must have room; None: the one asked for.
    """

    zone: ZoneInfo
    weekly: tuple[WeeklyHours, ...] = ()
    closures: tuple[Closure, ...] = ()
    busy: tuple[Busy, ...] = ()
    shortest: Service | None = None
    taken: tuple[TakenSeconds, ...] = ()

    def __post_init__(self) -> None:
        """Refuse hours that no clock shows, which would silently open or close days. Raises ValueError."""
        windows = [(rule.opens, rule.closes) for rule in self.weekly]
        windows += [window for closure in self.closures for window in closure.windows]
        if not all(0 <= opens < closes <= 2 * DAY and opens < DAY for opens, closes in windows):
            raise ValueError("hours open within 0–1439 and close after that, within 2880 minutes")
        if not all(0 <= rule.weekday <= 6 for rule in self.weekly):
            raise ValueError("a weekday is 0 (Monday) to 6 (Sunday)")


def runs(schedule: Schedule, first: date, last: date) -> list[Interval]:
    """Return the merged windows from `first` to `last`, in minutes of wall clock since 1970-01-01 00:00.

    Windows that overlap or touch are one, also over midnight. But a day that is open around the clock begins
    a window of its own: otherwise endless hours would have no beginning to count a grid from. So no window is
    longer than two days. Hours of the day before `first` may reach into it; such a window is cut at that
    day's 00:00.
    """
    closed = _closures_by_day(schedule.closures, first.toordinal() - 2, last.toordinal())
    ordinary = [_pieces(_weekly(schedule, weekday), _weekly(schedule, weekday - 1)) for weekday in range(7)]
    merged: list[Interval] = []
    for day in range(
        first.toordinal() - 1, last.toordinal() + 1
    ):  # one day before: it may reach into `first`
        pieces = ordinary[(day - 1) % 7]
        if day in closed or day - 1 in closed:
            pieces = _special_pieces(schedule, closed, day)
        midnight = (day - FIRST_DAY) * DAY
        for opens, closes in pieces:
            if merged and merged[-1][1] == midnight + opens and (opens, closes) != (0, DAY):
                merged[-1] = (merged[-1][0], midnight + closes)
            else:
                merged.append((midnight + opens, midnight + closes))
    return merged


def closures_between(schedule: Schedule, first: date, last: date) -> list[Closure]:
    """Return the closures that decide about any day from `first` to `last` (both included)."""
    return [closure for closure in schedule.closures if closure.first <= last and closure.last >= first]


def _weekly(schedule: Schedule, weekday: int) -> list[Interval]:
    return [(rule.opens, rule.closes) for rule in schedule.weekly if rule.weekday == weekday % 7]


def _pieces(own: Iterable[Interval], yesterdays: Iterable[Interval]) -> list[Interval]:
    """Return what is open within one day, 0 to 1440: its own hours, and the rest of yesterday's."""
    reaching_in = [(0, closes - DAY) for _, closes in yesterdays if closes > DAY]
    return union([(opens, min(closes, DAY)) for opens, closes in own] + reaching_in)


def _special_pieces(schedule: Schedule, closed: dict[int, list[Closure]], day: int) -> list[Interval]:
    """Return what is open within one day when a closure holds on it or on the day before.

    A closure cuts what reaches into its first day from the night before: those hours are the weekly
    rule's, or another closure's. Its own late hours go on over midnight.
    """
    today, yesterday = closed.get(day, []), closed.get(day - 1, [])
    if any(not closure.windows for closure in today):
        return []
    own = [window for closure in today for window in closure.windows]
    if today:
        carried = [closure for closure in yesterday if closure in today]
    else:
        own, carried = _weekly(schedule, day - 1), yesterday
    if any(not closure.windows for closure in yesterday):
        return _pieces(own, [])
    return _pieces(own, [window for closure in carried for window in closure.windows])


def _closures_by_day(closures: Iterable[Closure], first: int, last: int) -> dict[int, list[Closure]]:
    found: dict[int, list[Closure]] = {}
    for closure in closures:
        begin, end = max(closure.first.toordinal(), first), min(closure.last.toordinal(), last)
        for day in range(begin, end + 1):
            found.setdefault(day, []).append(closure)
    return found
