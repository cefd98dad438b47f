"""Wording: times, durations, money and plurals, in the reader's manner. Pure: no translation catalogue.

`locale` is a language tag: "en-us" writes 2:00 pm, all others 14:00; "es…" writes Spanish names.
"""

from collections.abc import Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo


def day_in_words(day: date, *, locale: str = "en-us") -> str:
    """ "Tuesday 24 November"."""
    raise NotImplementedError


def clock_time(instant: datetime, zone: ZoneInfo, *, locale: str = "en-us", name_zone: bool = False) -> str:
    """ "2:00 pm", "14:00"; with the zone's name when asked, or when that time comes twice that day."""
    raise NotImplementedError


def moment(instant: datetime, zone: ZoneInfo, *, locale: str = "en-us", name_zone: bool = False) -> str:
    """ "Tuesday 24 November, 2:00 pm"."""
    raise NotImplementedError


def span(
    start: datetime, end: datetime, zone: ZoneInfo, *, locale: str = "en-us", name_zone: bool = False
) -> str:
    """ "Tuesday 24 November, 2:00–3:30 pm"; both zone names when the name changes in between."""
    raise NotImplementedError


def zone_name(instant: datetime, zone: ZoneInfo) -> str:
    """ "MST", "MDT"; "UTC+10:30" where a zone's own short name is only a number."""
    raise NotImplementedError


def minutes_in_words(minutes: int, *, locale: str = "en-us") -> str:
    """ "90 minutes", "1 minute"."""
    raise NotImplementedError


def short_duration(minutes: int) -> str:
    """ "45 min", "1 h", "1 h 30 min"."""
    raise NotImplementedError


def money(cents: int, currency: str = "USD", *, locale: str = "en-us") -> str:
    """ "$140", "$95.50"."""
    raise NotImplementedError


def count(number: int, one: str, many: str) -> str:
    """ "1 session", "2 sessions"."""
    raise NotImplementedError


def listed(words: Sequence[str], *, locale: str = "en-us") -> str:
    """ "a, b and c"."""
    raise NotImplementedError
