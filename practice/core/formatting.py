"""Dates, times, durations, money and lists in words, as the reader's locale writes them.

Pure: no Django and no translation catalog. `locale` is a language tag such as "en-us"; what it means for a
date, a price or a list is in CLDR, read through Babel (practice/core/locales/patterns.py). A tag that is not
known is read as US English. Every time is shown in the `zone` given, which is the reader's; `name_zone=True`
says its name (do so whenever reader and practice are in different zones).

CLDR puts thin and no-break spaces into times and prices ("2:00 PM", "95,50 €"). All of them are plain spaces
here: the same words go into subjects, plain emails, calendar files, API answers and logs, where others show
up as boxes or are encoded, and a person who searches a page for "2:00 PM" types a plain space. Where a line
must not end inside such words, a page says so itself: `unbroken` (practice/templatetags/wording.py).
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel.dates import format_interval
from babel.lists import format_list
from babel.numbers import format_decimal, format_percent
from babel.units import format_unit

from practice.core.clock import instants_of
from practice.core.locales.patterns import (
    currency_edges,
    groups_digits,
    locale_named,
    patterns,
    price_pattern,
)

#: Thin, narrow no-break and no-break space.
_SPACES = {0x2009: " ", 0x202F: " ", 0xA0: " "}


def first_weekday(*, locale: str = "en-us") -> int:
    """Return the day a week begins with: 6 is Sunday, 0 Monday."""
    return locale_named(locale).first_week_day


def week_of(day: date, *, locale: str = "en-us") -> date:
    """Return the first day of that day's week."""
    return day - timedelta(days=(day.weekday() - first_weekday(locale=locale)) % 7)


def in_week_order(weekdays: Iterable[int], *, locale: str = "en-us") -> list[int]:
    """Return days of the week (0 is Monday) in the order a calendar shows them."""
    first = first_weekday(locale=locale)
    return sorted(weekdays, key=lambda day: (day - first) % 7)


def weekday_name(weekday: int, *, locale: str = "en-us") -> str:
    """Return the name of a weekday; 0 is Monday."""
    return str(locale_named(locale).days["stand-alone"]["wide"][weekday])


def short_weekday(weekday: int, *, locale: str = "en-us") -> str:
    """Return the short name of a weekday, such as "Mon"; 0 is Monday."""
    return str(locale_named(locale).days["stand-alone"]["abbreviated"][weekday])


def month_name(month: int, *, locale: str = "en-us") -> str:
    """Return the name of a month by itself; 1 is January."""
    return str(locale_named(locale).months["stand-alone"]["wide"][month])


def short_month(month: int, *, locale: str = "en-us") -> str:
    """Return the short name of a month by itself, such as "Mar"; 1 is January."""
    return str(locale_named(locale).months["stand-alone"]["abbreviated"][month])


@lru_cache(maxsize=2048)
def day_in_words(day: date, *, locale: str = "en-us", year: bool = False) -> str:
    """Return a day like "Tuesday, November 24", "Tuesday 24 November", "martes, 24 de noviembre"."""
    known = patterns(locale)
    return _plain((known.day_of_year if year else known.day).apply(day, known.locale))


@lru_cache(maxsize=2048)
def date_in_words(day: date, *, locale: str = "en-us", year: bool = True) -> str:
    """Return a date like "November 24, 2026", "24 November 2026", "24 de noviembre de 2026"."""
    known = patterns(locale)
    return _plain((known.date_of_year if year else known.date).apply(day, known.locale))


def month_in_words(day: date, *, locale: str = "en-us") -> str:
    """Return a day's month like "November 2026"."""
    known = patterns(locale)
    return _plain(known.month_of_year.apply(day, known.locale))


def short_date(day: date, *, locale: str = "en-us") -> str:
    """Return a date like "Nov 24", "24 Nov", "24 nov"."""
    known = patterns(locale)
    return _plain(known.short_date.apply(day, known.locale))


def clock_time(instant: datetime, zone: ZoneInfo, *, locale: str = "en-us", name_zone: bool = False) -> str:
    """Return a time like "2:00 PM", "14:00"; "14:00 MST" where it comes twice that night."""
    words = wall_time(instant.astimezone(zone), locale=locale)
    return f"{words} {zone_name(instant, zone)}" if name_zone or comes_twice(instant, zone) else words


def wall_time(wall: datetime | time, *, locale: str = "en-us") -> str:
    """Return hours and minutes as the clock shows them: "2:00 PM", "14:00"."""
    return _wall_time(wall.hour, wall.minute, locale)


@lru_cache(maxsize=4096)
def _wall_time(hour: int, minute: int, locale: str) -> str:
    known = patterns(locale)
    return _plain(known.time.apply(time(hour, minute), known.locale))


def at_time(day: str, clock: str, *, locale: str = "en-us") -> str:
    """Return a day and one time, both in words: "Tuesday, November 24 at 2:00 PM"."""
    return patterns(locale).at.format(clock, day)


def moment(
    instant: datetime, zone: ZoneInfo, *, locale: str = "en-us", name_zone: bool = False, year: bool = False
) -> str:
    """Return an instant like "Tuesday, November 24 at 2:00 PM"."""
    day = day_in_words(instant.astimezone(zone).date(), locale=locale, year=year)
    return at_time(day, clock_time(instant, zone, locale=locale, name_zone=name_zone), locale=locale)


def wall_moment(wall: datetime, *, locale: str = "en-us") -> str:
    """Return a time without a zone, like `moment`."""
    return at_time(day_in_words(wall.date(), locale=locale), wall_time(wall, locale=locale), locale=locale)


def span(
    start: datetime, end: datetime, zone: ZoneInfo, *, locale: str = "en-us", name_zone: bool = False
) -> str:
    """Return a stretch of time like "Tuesday, November 24, 2:00 – 3:30 PM".

    Over midnight it names both days. When the clocks change in between, or show one of the two times twice,
    both ends say their zone's name, asked or not: else 1:30 AM – 3:30 AM looks like two hours.
    """
    day, last = start.astimezone(zone).date(), end.astimezone(zone).date()
    changed = zone_name(start, zone) != zone_name(end, zone)
    both = changed or comes_twice(start, zone) or comes_twice(end, zone)
    if day == last:
        clocks = (
            _between([clock_time(one, zone, locale=locale, name_zone=True) for one in (start, end)], locale)
            if both
            else clock_span(start.astimezone(zone), end.astimezone(zone), locale=locale)
        )
        named = f"{clocks} {zone_name(start, zone)}" if name_zone and not both else clocks
        return patterns(locale).joined.format(named, day_in_words(day, locale=locale))
    begins = moment(start, zone, locale=locale, name_zone=both)
    finishes = moment(end, zone, locale=locale, name_zone=both or name_zone)
    return _between([begins, finishes], locale)


def hour_number(hour: int, *, locale: str = "en-us") -> str:
    """Return a full hour as a number on the locale's clock: 13 is "1" or "13"."""
    return str((hour - 1) % 12 + 1 if patterns(locale).clock == "hm" else hour)


def clock_span(start: datetime | time, end: datetime | time, *, locale: str = "en-us") -> str:
    """Return two times: "2:00 – 3:30 PM", "11:00 AM – 12:30 PM", "14:00–15:30 Uhr"."""
    return _clock_span(time(start.hour, start.minute), time(end.hour, end.minute), locale)


@lru_cache(maxsize=2048)
def _clock_span(start: time, end: time, locale: str) -> str:
    known = patterns(locale)
    both = _between([wall_time(one, locale=locale) for one in (start, end)], locale)
    if end <= start:  # after midnight: 3:00 – 1:00 PM would be read backward
        return both
    try:
        return _plain(format_interval(start, end, known.clock, locale=known.locale))
    except NotImplementedError:  # Babel cannot compare times by "in the afternoon", as Taiwan writes
        return both


def day_span(first: date, last: date, *, locale: str = "en-us", year: bool = False) -> str:
    """Return the days from the first to the last: "Monday, June 7 – Friday, June 11"; a single day once."""
    said = [day_in_words(day, locale=locale, year=year) for day in (first, last)]
    return said[0] if first == last else _between(said, locale)


@lru_cache(maxsize=256)
def date_span(first: date, last: date, *, locale: str = "en-us", short: bool = False) -> str:
    """Return dates without weekdays: "February 28 – March 6", "March 7 – 13"; `short`: "Feb 28 – Mar 6"."""
    known = patterns(locale)
    return _plain(format_interval(first, last, "MMMd" if short else "MMMMd", locale=known.locale))


def _between(ends: Sequence[str], locale: str) -> str:
    return _plain(patterns(locale).between.format(*ends))


def _plain(words: str) -> str:
    """Return words with plain spaces only."""
    return words.translate(_SPACES)


def comes_twice(instant: datetime, zone: ZoneInfo) -> bool:
    """Return whether clocks in the zone show this time of this day twice."""
    return len(instants_of(instant.astimezone(zone).replace(tzinfo=None, fold=0), zone)) > 1


def zone_name(instant: datetime, zone: ZoneInfo) -> str:
    """Return a zone's name like "MST" or "MDT"; "UTC+10:30" where the zone has no abbreviation of its own."""
    local = instant.astimezone(zone)
    name = local.tzname() or ""
    return name if name.isalpha() else offset_name(local.utcoffset() or timedelta(0))


def offset_name(offset: timedelta) -> str:
    """Return an offset like "UTC", "UTC−3", "UTC+10:30"."""
    minutes = offset // timedelta(minutes=1)
    if not minutes:
        return "UTC"
    hours, rest = divmod(abs(minutes), 60)
    return f"UTC{'+' if minutes > 0 else '−'}{hours}" + (f":{rest:02}" if rest else "")


def number(value: int, *, locale: str = "en-us") -> str:
    """Return a whole number with the locale's grouping: "1,200", "1.200"."""
    groups = groups_digits(locale, digits=len(str(abs(value))))
    return _plain(format_decimal(value, locale=locale_named(locale), group_separator=groups))


def count(value: int, one: str, many: str, *, locale: str = "en-us") -> str:
    """Return a count like "1 session", "2 sessions", "1,200 sessions"."""
    return f"{number(value, locale=locale)} {one if value == 1 else many}"


@lru_cache(maxsize=2048)
def _units(value: int, unit: str, locale: str, length: str = "long") -> str:
    said = format_unit(value, f"duration-{unit}", length, locale=locale_named(locale))  # type: ignore[arg-type]
    return _plain(said)


def minutes_in_words(minutes: int, *, locale: str = "en-us") -> str:
    """Return minutes like "90 minutes", "1 minute", "1 minuto"."""
    return _units(minutes, "minute", locale)


def short_minutes(minutes: int, *, locale: str = "en-us") -> str:
    """Return minutes like "75 min"."""
    return _units(minutes, "minute", locale, "short")


def hours_in_words(minutes: int, *, locale: str = "en-us") -> str:
    """Return a length like "3 hours 10 minutes", "45 minutes"."""
    return _hours_and_minutes(minutes, locale, "long")


def short_duration(minutes: int, *, locale: str = "en-us") -> str:
    """Return a length like "45 min", "1 hr", "1 hr 30 min"."""
    return _hours_and_minutes(minutes, locale, "short")


def _hours_and_minutes(minutes: int, locale: str, length: str) -> str:
    hours, rest = divmod(minutes, 60)
    parts = [_units(hours, "hour", locale, length)] if hours else []
    parts += [_units(rest, "minute", locale, length)] if rest or not hours else []
    return patterns(locale).two_units.format(*parts) if len(parts) == 2 else parts[0]


def lead_time(lead: timedelta, *, locale: str = "en-us") -> str:
    """Return a limit in the largest unit that leaves no rest: "5 days", "24 hours", "90 minutes".

    A single day is said in hours: "24 hours before" cannot be read as "the day before".
    """
    minutes = lead // timedelta(minutes=1)
    if minutes >= 2880 and minutes % 1440 == 0:
        return _units(minutes // 1440, "day", locale)
    if minutes and minutes % 60 == 0:
        return _units(minutes // 60, "hour", locale)
    return minutes_in_words(minutes, locale=locale)


def lead_times(hours: Sequence[int], *, locale: str = "en-us") -> str:
    """Return several limits, the longest first: "2 days and 2 hours"; nothing for none."""
    leads = [timedelta(hours=each) for each in sorted(hours, reverse=True)]
    return listed([lead_time(lead, locale=locale) for lead in leads], locale=locale)


def place_in_audio(seconds: float) -> str:
    """Return a position in a recording: "0:05", "12:40", "1:02:03"; the same in every language."""
    minutes, second = divmod(int(seconds), 60)
    hours, minute = divmod(minutes, 60)
    return f"{hours}:{minute:02}:{second:02}" if hours else f"{minute}:{second:02}"


@lru_cache(maxsize=1024)
def money(cents: int, currency: str = "USD", *, locale: str = "en-us") -> str:
    """Return an amount like "$140", "$95.50", "95,50 €" (German). Whole amounts carry no cents."""
    pattern, currency = price_pattern(locale, whole=cents % 100 == 0), currency.upper()
    words = pattern.apply(
        Decimal(cents) / 100,
        locale_named(locale),
        currency=currency,
        currency_digits=False,
        group_separator=groups_digits(locale, digits=len(str(abs(cents) // 100))),
    )
    for edge, apart in currency_edges(currency, locale):
        words = edge.sub(apart, words)
    return _plain(words)


def percent_in_words(hundredths: int, *, locale: str = "en-us") -> str:
    """Return a rate given in hundredths of a percent like "7.7%", "19 %" (German)."""
    rate, known = Decimal(hundredths) / 10_000, locale_named(locale)
    return _plain(format_percent(rate, locale=known, decimal_quantization=False))


def listed(words: Sequence[str], *, locale: str = "en-us") -> str:
    """Return a list like "a", "a and b", "a, b, and c"."""
    return _plain(format_list(list(words), locale=locale_named(locale)))
