"""Dates, times, durations, money and lists in words, as the reader's locale writes them.

Pure: no translation catalogue. `locale` is a language tag: US English writes "Tuesday, November 24" and
2:00 pm, all others "Tuesday 24 November" and 14:00; Spanish tags write Spanish names, all others English
ones. Every time is shown in the `zone` given, which is the reader's; `name_zone=True` says its name (do so
whenever reader and practice are in different zones).
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from practice.core.clock import instants_of

ENGLISH_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
SPANISH_DAYS = ("lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo")
ENGLISH_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
SPANISH_MONTHS = (
    *("enero", "febrero", "marzo", "abril", "mayo", "junio"),
    *("julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre"),
)
#: Where a calendar begins with Sunday (CLDR's week data, for the tags a practice can have here).
SUNDAY_FIRST = {"en", "en-us", "en-ca", "es-us", "es-mx"}
SYMBOLS = {"USD": "$", "CAD": "$", "AUD": "$", "NZD": "$", "EUR": "€", "GBP": "£"}


def _spanish(locale: str) -> bool:
    return locale.lower().replace("_", "-").split("-")[0] == "es"


def _american(locale: str) -> bool:
    return locale.lower().replace("_", "-") in {"en", "en-us"}


def first_weekday(*, locale: str = "en-us") -> int:
    """Return the day a week begins with: 6 is Sunday, 0 Monday."""
    return 6 if locale.lower().replace("_", "-") in SUNDAY_FIRST else 0


def week_of(day: date, *, locale: str = "en-us") -> date:
    """Return the first day of that day's week."""
    return day - timedelta(days=(day.weekday() - first_weekday(locale=locale)) % 7)


def in_week_order(weekdays: Iterable[int], *, locale: str = "en-us") -> list[int]:
    """Return days of the week (0 is Monday) in the order a calendar shows them."""
    return sorted(weekdays, key=lambda day: (day - first_weekday(locale=locale)) % 7)


def weekday_name(weekday: int, *, locale: str = "en-us") -> str:
    """Return the name of a weekday; 0 is Monday."""
    return (SPANISH_DAYS if _spanish(locale) else ENGLISH_DAYS)[weekday]


def day_in_words(day: date, *, locale: str = "en-us", year: bool = False) -> str:
    """Return a day like "Tuesday, November 24", "Tuesday 24 November", "martes 24 de noviembre"."""
    name = weekday_name(day.weekday(), locale=locale)
    return f"{name}{',' if _american(locale) else ''} {date_in_words(day, locale=locale, year=year)}"


def date_in_words(day: date, *, locale: str = "en-us", year: bool = True) -> str:
    """Return a date like "November 24, 2026", "24 November 2026", "24 de noviembre de 2026"."""
    if _spanish(locale):
        words = f"{day.day} de {SPANISH_MONTHS[day.month - 1]}"
        return f"{words} de {day.year}" if year else words
    month = ENGLISH_MONTHS[day.month - 1]
    if _american(locale):
        return f"{month} {day.day}, {day.year}" if year else f"{month} {day.day}"
    return f"{day.day} {month} {day.year}" if year else f"{day.day} {month}"


def short_date(day: date, *, locale: str = "en-us") -> str:
    """Return a date like "Nov 24", "24 Nov", "24 nov"."""
    month = (SPANISH_MONTHS if _spanish(locale) else ENGLISH_MONTHS)[day.month - 1][:3]
    return f"{month} {day.day}" if _american(locale) else f"{day.day} {month}"


def clock_time(instant: datetime, zone: ZoneInfo, *, locale: str = "en-us", name_zone: bool = False) -> str:
    """Return a time like "2:00 pm", "14:00"; "14:00 MST" where it comes twice that night."""
    words = wall_time(instant.astimezone(zone), locale=locale)
    return f"{words} {zone_name(instant, zone)}" if name_zone or comes_twice(instant, zone) else words


def wall_time(wall: datetime | time, *, locale: str = "en-us") -> str:
    """Return hours and minutes as the clock shows them: "2:00 pm", "14:00"."""
    if not _american(locale):
        return f"{wall.hour:02}:{wall.minute:02}"
    return f"{wall.hour % 12 or 12}:{wall.minute:02} {'am' if wall.hour < 12 else 'pm'}"


def moment(
    instant: datetime, zone: ZoneInfo, *, locale: str = "en-us", name_zone: bool = False, year: bool = False
) -> str:
    """Return an instant like "Tuesday, November 24, 2:00 pm"."""
    day = day_in_words(instant.astimezone(zone).date(), locale=locale, year=year)
    return f"{day}, {clock_time(instant, zone, locale=locale, name_zone=name_zone)}"


def wall_moment(wall: datetime, *, locale: str = "en-us") -> str:
    """Return a time without a zone, like `moment`."""
    return f"{day_in_words(wall.date(), locale=locale)}, {wall_time(wall, locale=locale)}"


def span(
    start: datetime, end: datetime, zone: ZoneInfo, *, locale: str = "en-us", name_zone: bool = False
) -> str:
    """Return a stretch of time like "Tuesday, November 24, 2:00 pm – 3:30 pm".

    Over midnight it names both days. When the clocks change in between, both ends say their zone's name,
    asked or not: else 1:30 am – 3:30 am looks like two hours.
    """
    day, last = start.astimezone(zone).date(), end.astimezone(zone).date()
    changed = zone_name(start, zone) != zone_name(end, zone)
    twice = comes_twice(start, zone) or comes_twice(end, zone)
    both = changed or twice
    begins = moment(start, zone, locale=locale, name_zone=both)
    finish = moment if last != day else clock_time
    return f"{begins} – {finish(end, zone, locale=locale, name_zone=both or name_zone)}"


def zone_in_words(name: str) -> str:
    """Return a zone like "America, New York" for "America/New_York"."""
    return name.replace("/", ", ").replace("_", " ")


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


def count(number: int, one: str, many: str) -> str:
    """Return a count like "1 session", "2 sessions", "1,200 sessions"."""
    return f"{number:,} {one if number == 1 else many}"


def minutes_in_words(minutes: int, *, locale: str = "en-us") -> str:
    """Return minutes like "90 minutes", "1 minute", "1 minuto"."""
    return count(minutes, "minuto", "minutos") if _spanish(locale) else count(minutes, "minute", "minutes")


def lead_time(lead: timedelta, *, locale: str = "en-us") -> str:
    """Return a limit in the largest unit that leaves no rest: "5 days", "24 hours", "90 minutes".

    A single day is said in hours: "24 hours before" cannot be read as "the day before".
    """
    spanish = _spanish(locale)
    minutes = lead // timedelta(minutes=1)
    if minutes >= 2880 and minutes % 1440 == 0:
        return count(minutes // 1440, "", "días" if spanish else "days")
    if minutes and minutes % 60 == 0:
        one, many = ("hora", "horas") if spanish else ("hour", "hours")
        return count(minutes // 60, one, many)
    return minutes_in_words(minutes, locale=locale)


def lead_times(hours: Sequence[int], *, locale: str = "en-us") -> str:
    """Return several limits, the longest first: "2 days and 2 hours"; nothing for none."""
    leads = [timedelta(hours=each) for each in sorted(hours, reverse=True)]
    return listed([lead_time(lead, locale=locale) for lead in leads], locale=locale)


def short_duration(minutes: int) -> str:
    """Return a duration like "45 min", "1 h", "1 h 30 min"; the same in every language here."""
    hours, rest = divmod(minutes, 60)
    parts = [f"{hours} h"] if hours else []
    return " ".join(parts + ([f"{rest} min"] if rest or not hours else []))


def place_in_audio(seconds: float) -> str:
    """Return a position in a recording: "0:05", "12:40", "1:02:03"."""
    minutes, second = divmod(int(seconds), 60)
    hours, minute = divmod(minutes, 60)
    return f"{hours}:{minute:02}:{second:02}" if hours else f"{minute}:{second:02}"


def money(cents: int, currency: str = "USD", *, locale: str = "en-us") -> str:
    """Return an amount like "$140", "$95.50", "95,50 €" (Spanish). Whole amounts carry no cents."""
    whole, rest = divmod(abs(cents), 100)
    amount = f"{whole:,}" + (f".{rest:02}" if rest else "")
    sign = "−" if cents < 0 else ""
    symbol = SYMBOLS.get(currency)
    if _spanish(locale) and locale.lower() != "es-us":
        amount = amount.translate(str.maketrans(",.", ".,"))
        if currency == "EUR":
            return f"{sign}{amount} €"
    return f"{sign}{symbol}{amount}" if symbol else f"{sign}{amount} {currency}"


def listed(words: Sequence[str], *, locale: str = "en-us") -> str:
    """Return a list like "a", "a and b", "a, b and c"."""
    *most, last = words or ("",)
    if not most:
        return last
    return f"{', '.join(most)} {'y' if _spanish(locale) else 'and'} {last}"
