"""PURE. Days and hours as exports write them: the order is guessed from all rows, and in doubt asked.

3/4/2027 is April in Paris and March in Denver. One row with 25/4/2027 tells for all; without such a row,
nobody can know.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

MONTH_FIRST, DAY_FIRST, YEAR_FIRST = "mdy", "dmy", "ymd"
ORDERS = (MONTH_FIRST, DAY_FIRST, YEAR_FIRST)
TWELVE, TWENTY_FOUR = "12", "24"
CLOCKS = (TWELVE, TWENTY_FOUR)

_ISO = re.compile(
    r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ]+(\d{1,2}:\d\d(?::\d\d)?)(?:\.\d+)?\s*(Z|[+-]\d\d:?\d\d)?)?",
    re.ASCII,
)
_NUMBERS = re.compile(r"(\d{1,2})[-/. ]+(\d{1,2})[-/. ]+(\d{4}|\d\d)(?!\d)", re.ASCII)
_NAMED = re.compile(
    r"(?:[A-Za-z]+,?\s+)??(?:(\d{1,2})\.?(?:st|nd|rd|th)?\s+([A-Za-z]{3,})|([A-Za-z]{3,})\.?\s+(\d{1,2})(?:st|nd|rd|th)?)"
    r"\.?,?\s+(\d{4})",
    re.ASCII,
)
_WEEKDAY = re.compile(r"^(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*[,.]?\s+", re.IGNORECASE)
_TIME = re.compile(r"(\d{1,2})(?:[:.h](\d\d))?(?::(\d\d))?\s*([ap])?\.?(m)?\.?", re.IGNORECASE | re.ASCII)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


@dataclass(frozen=True)
class Guess:
    """A guess about all rows; `sure`: at least one row tells, and none says otherwise."""

    value: str
    sure: bool


@dataclass(frozen=True)
class Moment:
    """A day with an hour as read. `offset`: the text says how far from UTC, as in "Z" or "-06:00"."""

    wall: datetime
    offset: bool = False


def guess_order(values: Iterable[str], *, likely: str = MONTH_FIRST) -> Guess:
    """Return in which order days, months and years are written, from all rows. `likely`: in doubt."""
    tells: set[str] = set()
    seen = False
    for value in values:
        text = _WEEKDAY.sub("", value.strip())
        if _ISO.match(text):
            tells.add(YEAR_FIRST)
        elif found := _NUMBERS.match(text):
            seen = True
            tells |= _tells(int(found[1]), int(found[2]))
    if tells - {YEAR_FIRST} and len(tells - {YEAR_FIRST}) == 1:
        return Guess((tells - {YEAR_FIRST}).pop(), sure=True)
    if tells == {YEAR_FIRST} and not seen:
        return Guess(YEAR_FIRST, sure=True)
    return Guess(likely, sure=not seen and not tells)  # named months need no order


def _tells(first: int, second: int) -> set[str]:
    if first > 12 >= second:
        return {DAY_FIRST}
    return {MONTH_FIRST} if second > 12 >= first else set()


def guess_clock(values: Iterable[str]) -> Guess:
    """Return whether hours run to 12 or to 24, from all rows; in doubt 24."""
    hours: list[int] = []
    for value in values:
        found = _TIME.fullmatch(_time_part(value))
        if found is None:
            continue
        if found[4]:
            return Guess(TWELVE, sure=True)
        hours.append(int(found[1]))
    afternoon = any(hour > 12 or hour == 0 for hour in hours)
    return Guess(TWENTY_FOUR, sure=afternoon or not any(1 <= hour < 7 for hour in hours))


def _time_part(value: str) -> str:
    text = _WEEKDAY.sub("", value.strip())
    if found := _ISO.match(text):
        return found[4] or text[found.end() :].strip(" ,")
    for pattern in (_NUMBERS, _NAMED):
        if found := pattern.match(text):
            return _joined(text[found.end() :])
    return text


def _joined(rest: str) -> str:
    return re.sub(r"^(?:\s|,|at\b|@|-|–)+", "", rest, flags=re.IGNORECASE).strip()


def read_day(text: str, order: str) -> date | None:
    """Return the day written alone in a text, in this order; None for anything else."""
    found = _day_and_rest(text, order)
    return found[0] if found and not found[1] else None


def read_moment(text: str, order: str, clock: str) -> Moment | None:
    """Return the day and hour in one text; None for anything else."""
    stripped = _WEEKDAY.sub("", text.strip())
    if (found := _ISO.fullmatch(stripped)) and found[4] and found[5]:
        zone = "+00:00" if found[5] == "Z" else found[5]
        try:
            return Moment(
                datetime.fromisoformat(f"{found[1]}-{found[2]:0>2}-{found[3]:0>2}T{found[4]:0>5}{zone}"),
                offset=True,
            )
        except ValueError:
            return None
    split = _day_and_rest(text, order)
    return joined(split[0], split[1], clock) if split else None


def joined(day: date | None, hour: str, clock: str) -> Moment | None:
    """Return a day and an hour as one moment; None if one of them cannot be read."""
    at = read_time(hour, clock)
    return Moment(datetime.combine(day, at)) if day and at else None


def read_time(text: str, clock: str) -> time | None:
    """Return the hour in a text: "2:30 PM", "14:30", "14h30". None for anything else.

    By a clock to 12, an hour without AM or PM is not known; by one to 24, "2:30" is at night.
    """
    found = _TIME.fullmatch(text.strip())
    if found is None or not (found[2] or found[4]):
        return None
    hour, half = int(found[1]), (found[4] or "").lower()
    if half:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if half == "p" else 0)
    elif clock == TWELVE:
        return None
    try:
        return time(hour, int(found[2] or 0), int(found[3] or 0))
    except ValueError:
        return None


def _day_and_rest(text: str, order: str) -> tuple[date, str] | None:
    """Return the day at the begin of a text, and what follows."""
    text = _WEEKDAY.sub("", text.strip())
    if found := _ISO.match(text):
        return _made(found[1], found[2], found[3], found[4] or text[found.end() :].strip(" ,"))
    if found := _NUMBERS.match(text):
        return _made(*_in_order(found.groups(), order), _joined(text[found.end() :]))
    if found := _NAMED.match(text):
        month = (found[2] or found[3])[:3].lower()
        if month in _MONTHS:
            day = found[1] or found[4]
            return _made(found[5], str(_MONTHS.index(month) + 1), day, _joined(text[found.end() :]))
    return None


def _in_order(parts: Sequence[str], order: str) -> tuple[str, str, str]:
    first, second, year = parts
    year = f"20{year}" if len(year) == 2 else year
    return (year, second, first) if order == DAY_FIRST else (year, first, second)


def _made(year: str, month: str, day: str, rest: str) -> tuple[date, str] | None:
    try:
        return date(int(year), int(month), int(day)), rest
    except ValueError:
        return None
