"""A week of opening hours as a value: which hours are in each other's way, and how they are combined."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, NamedTuple

from booking.availability.engine.hours import DAY, WeeklyHours

__all__ = ["DAY", "EMPTY", "Clash", "OpenSpan", "Week", "clashes", "combined", "copied", "rules_of", "tidied"]


class OpenSpan(NamedTuple):
    """Hours of one day in minutes since its 00:00; after 1440 they end on the next day, within 24 hours."""

    opens: int
    closes: int

    @property
    def is_late(self) -> bool:
        """Return whether they end after midnight, on the next day."""
        return self.closes > DAY


Week = tuple[tuple[OpenSpan, ...], ...]  # Monday to Sunday
EMPTY: Week = ((),) * 7


@dataclass(frozen=True)
class Clash:
    """Hours that overlap or touch: the row `number` of `weekday`, and the earlier row `other` of `other_day`.

    `together`: what they are when they are combined.
    """

    weekday: int
    number: int
    other_day: int
    other: int
    kind: Literal["overlap", "touch"]
    together: OpenSpan


def clashes(week: Week) -> list[Clash]:
    """Return each row that overlaps or touches an earlier one of its day, or overlaps the night before.

    Hours that go on where the day before ended at midnight are two days' hours, and no mistake.
    """
    return [one for weekday in range(7) for one in (*_overnight(week, weekday), *_within(week, weekday))]


def _within(week: Week, weekday: int) -> Iterable[Clash]:
    rows = sorted(enumerate(week[weekday]), key=lambda row: (row[1], row[0]))
    for place, (number, row) in enumerate(rows[1:], 1):
        other, earlier = max(rows[:place], key=lambda one: one[1].closes)
        if row.opens <= earlier.closes:
            kind: Literal["overlap", "touch"] = "touch" if row.opens == earlier.closes else "overlap"
            together = OpenSpan(earlier.opens, max(earlier.closes, row.closes))
            yield Clash(weekday, number, weekday, other, kind, together)


def _overnight(week: Week, weekday: int) -> Iterable[Clash]:
    yesterday = (weekday - 1) % 7
    nights = [(number, row) for number, row in enumerate(week[yesterday]) if row.is_late]
    for number, row in enumerate(week[weekday]):
        for other, night in nights:
            if row.opens < night.closes - DAY:
                together = OpenSpan(night.opens, max(night.closes, row.closes + DAY))
                yield Clash(weekday, number, yesterday, other, "overlap", together)


def combined(week: Week) -> Week:
    """Return the same open time without overlaps: one row for rows of a day that overlap or touch.

    A night keeps its hours; those of the next morning begin where it ends.
    """
    found = tidied(week)
    for _round in range(2):  # Sunday night reaches into Monday morning, which is looked at first
        for weekday in range(7):
            found = _without_the_night_before(found, weekday)
    return found


def _without_the_night_before(week: Week, weekday: int) -> Week:
    night = max((row.closes - DAY for row in week[(weekday - 1) % 7]), default=0)
    own, spilled = [], []
    for row in _union(week[weekday]):
        begin = max(row.opens, night)
        if begin >= row.closes:
            continue
        if row.closes - begin > DAY:  # more than a day in one row: the rest is the next day's
            spilled.append(OpenSpan(0, row.closes - DAY))
        own.append(OpenSpan(begin, DAY if row.closes - begin > DAY else row.closes))
    days = list(week)
    days[weekday] = tuple(one for one in own if one.opens < DAY)
    tomorrow = (weekday + 1) % 7
    days[tomorrow] = tuple(_union([*days[tomorrow], *spilled]))
    return tuple(days)


def _union(rows: Iterable[OpenSpan]) -> list[OpenSpan]:
    found: list[OpenSpan] = []
    for row in sorted(rows):
        if found and row.opens <= found[-1].closes:
            found[-1] = OpenSpan(found[-1].opens, max(found[-1].closes, row.closes))
        else:
            found.append(row)
    return found


def tidied(week: Iterable[Iterable[OpenSpan]]) -> Week:
    """Return the week with each day's hours in order."""
    return tuple(tuple(sorted(day)) for day in week)


def copied(week: Week, source: int, targets: Iterable[int]) -> Week:
    """Return the week with the hours of one day on other days as well, in place of theirs."""
    chosen = set(targets)
    return tuple(week[source] if day in chosen else hours for day, hours in enumerate(week))


def rules_of(week: Week) -> tuple[WeeklyHours, ...]:
    """Return the week as the rules of the engine."""
    return tuple(WeeklyHours(day, *row) for day, rows in enumerate(week) for row in rows)
