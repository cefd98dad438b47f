"""Clock times as people type them: "9", "9am", "9:00 AM", "13.30", "noon", "24:00"."""

import re
import unicodedata
from datetime import time
from functools import lru_cache

from booking.opening_hours.engine.week import DAY, OpenSpan
from practice.core import formatting
from practice.core.locales.patterns import locale_named

HALF = DAY // 2
NOON, MIDNIGHT = re.compile(r"(12 ?)?noon"), re.compile(r"(12 ?)?midnight")
_WITH_SIGN = re.compile(r"(\d{1,2})(?: ?[:.h] ?(\d\d))?(?: ?(?:h|hrs?|uhr|o'?clock))? ?([ap]m?)?")
_DIGITS_ONLY = re.compile(r"(\d{1,2})(\d\d) ?([ap]m?)?")
_EARLIEST = 6 * 60  # in 12-hour locales "1" to "5" opens in the afternoon, "6" to "11" in the morning


class TimeProblem(ValueError):
    """Raised for a time that cannot be used.

    `field`: "opens" or "closes"; `code`: "unreadable" or "missing".
    """

    def __init__(self, field: str, code: str):
        self.field, self.code = field, code
        super().__init__(f"{field}: {code}")


def read_window(opens: str, closes: str, *, locale: str) -> OpenSpan:
    """Return the hours of two typed times; past midnight where they end at or before they begin.

    Without AM or PM, in a locale that uses them, hours open between 6 AM and 5 PM, and close at the first
    such time after that: "9" to "5" is 9 AM to 5 PM. Raises TimeProblem.
    """
    first, last = _candidates_of("opens", opens, locale), _candidates_of("closes", closes, locale)
    begin = next((one for one in first if one >= _EARLIEST), first[0])
    if begin == DAY:
        raise TimeProblem("opens", "unreadable")
    ends = sorted(one or DAY for one in last)
    after = next((one for one in ends if one > begin), None)
    if after is None:
        after = min(last) % DAY + DAY
    return OpenSpan(begin, after)


def _candidates_of(field: str, text: str, locale: str) -> list[int]:
    if not text.strip():
        raise TimeProblem(field, "missing")
    found = candidates(text, locale=locale)
    if not found:
        raise TimeProblem(field, "unreadable")
    return found


def candidates(text: str, *, locale: str) -> list[int]:
    """Return the minutes since 00:00 that a text can mean: none, one, or two (before and after noon)."""
    plain = _plain(text, locale)
    if NOON.fullmatch(plain):
        return [HALF]
    if MIDNIGHT.fullmatch(plain):
        return [0]
    match = _match(plain)
    if match is None:
        return []
    hour, minute, half = int(match[1]), int(match[2] or 0), match[3]
    if minute > 59 or (hour, minute) > (24, 0):
        return []
    if half:
        return [hour % 12 * 60 + minute + (HALF if half[0] == "p" else 0)] if 1 <= hour <= 12 else []
    if 1 <= hour <= 12 and not match[1].startswith("0") and says_am_and_pm(locale):
        return [hour % 12 * 60 + minute, hour % 12 * 60 + minute + HALF]
    return [hour * 60 + minute]


def shown_time(minutes: int, *, locale: str) -> str:
    """Return minutes since 00:00 as the locale writes them, in words that are read back as the same time."""
    hour, minute = divmod(minutes % DAY, 60)
    said = formatting.wall_time(time(hour, minute), locale=locale)
    return said if candidates(said, locale=locale) == [minutes % DAY] else f"{hour:02}:{minute:02}"


def shown_window(window: OpenSpan, *, locale: str) -> str:
    """Return hours like "9:00 AM – 1:00 PM"."""
    return formatting.clock_span(_clock(window.opens), _clock(window.closes), locale=locale)


@lru_cache(maxsize=64)
def says_am_and_pm(locale: str) -> bool:
    """Return whether the locale counts the hours twice a day, in words that we can read."""
    shown = [formatting.wall_time(time(hour), locale=locale) for hour in (9, 13)]
    matches = [_match(_plain(one, locale)) for one in shown]
    return [one[3] if one else None for one in matches] == ["am", "pm"]


def _match(plain: str) -> re.Match[str] | None:
    return _WITH_SIGN.fullmatch(plain) or _DIGITS_ONLY.fullmatch(plain)


def _clock(minutes: int) -> time:
    return time(*divmod(minutes % DAY, 60))


def _plain(text: str, locale: str) -> str:
    """Return the text in small letters with one space between words, and "am" or "pm" for the locale's."""
    plain = " ".join(unicodedata.normalize("NFKC", text).casefold().split())
    for half, words in _halves(locale):
        plain = plain.replace(words, half)
    return re.sub(r"([ap])\. ?m\.?$|([ap])\.$", lambda found: f"{found[1] or found[2]}m", plain)


@lru_cache(maxsize=64)
def _halves(locale: str) -> list[tuple[str, str]]:
    """Return "am" and "pm" with each way the locale writes them, the longest first."""
    periods = locale_named(locale).day_periods
    found = {
        (half, " ".join(unicodedata.normalize("NFKC", names[half]).casefold().split()))
        for width in periods.values()
        for name, names in width.items()
        if name != "narrow"
        for half in ("am", "pm")
        if half in names
    }
    return sorted(found, key=lambda one: -len(one[1]))
