"""The public holidays of the United States, by 5 U.S.C. 6103 (a): what falls on which day."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import NamedTuple

MONDAY, THURSDAY, SATURDAY, SUNDAY = 0, 3, 5, 6
DAY = timedelta(days=1)


class Holiday(NamedTuple):
    """A holiday. `is_observed`: the weekday on which federal offices close instead of the day itself."""

    day: date
    code: str
    is_observed: bool = False


def nth(year: int, month: int, weekday: int, number: int) -> date:
    """Return the `number`-th such weekday of a month; -1 for the last."""
    if number < 0:
        last = date(year + month // 12, month % 12 + 1, 1) - DAY
        return last - (last.weekday() - weekday) % 7 * DAY
    first = date(year, month, 1)
    return first + (weekday - first.weekday()) % 7 * DAY + (number - 1) * 7 * DAY


DAYS: dict[str, Callable[[int], date]] = {
    "new_year": lambda year: date(year, 1, 1),
    "king": lambda year: nth(year, 1, MONDAY, 3),
    "washington": lambda year: nth(year, 2, MONDAY, 3),
    "memorial": lambda year: nth(year, 5, MONDAY, -1),
    "juneteenth": lambda year: date(year, 6, 19),
    "independence": lambda year: date(year, 7, 4),
    "labor": lambda year: nth(year, 9, MONDAY, 1),
    "columbus": lambda year: nth(year, 10, MONDAY, 2),
    "veterans": lambda year: date(year, 11, 11),
    "thanksgiving": lambda year: nth(year, 11, THURSDAY, 4),
    "christmas": lambda year: date(year, 12, 25),
}


def coming_holidays(today: date) -> list[Holiday]:
    """Return the holidays of the twelve months from `today` on, with the days they are observed, in order."""
    year_ahead = (
        today.replace(day=28, year=today.year + 1) if today.day > 28 else today.replace(year=today.year + 1)
    )
    found = [one for year in range(today.year, today.year + 3) for one in holidays_of(year)]
    return sorted(one for one in found if today <= one.day < year_ahead)


def holidays_of(year: int) -> list[Holiday]:
    """Return the holidays of a year; one on a weekend is followed by the day on which it is observed."""
    found = []
    for code, day_of in DAYS.items():
        day = day_of(year)
        found.append(Holiday(day, code))
        if day.weekday() == SATURDAY:
            found.append(Holiday(day - DAY, code, is_observed=True))
        elif day.weekday() == SUNDAY:
            found.append(Holiday(day + DAY, code, is_observed=True))
    return found
