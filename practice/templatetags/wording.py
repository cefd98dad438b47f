"""Times, sums and lists in words, for templates. The rules are in practice/core/formatting.py.

    {% load wording %}
    {{ slot.start|day:practice }}              Tuesday, November 24
    {{ slot.start|hour:practice }}             2:00 PM
    {{ slot.start|moment:practice }}           Tuesday, November 24 at 2:00 PM
    {% span start end practice name_zone=True %}   Tuesday, November 24, 2:00 – 3:30 PM MST
    {{ article.published_at|date_in_words:practice }}   February 2, 2027
    {{ type.minutes|in_minutes:practice }}     90 minutes
    {{ practice.reminder_hours|lead_times:practice }}   2 days and 2 hours
    {{ type.minutes|in_min:practice }}         90 min
    {{ lesson.minutes|short_duration:practice }}   1 hr 30 min
    {{ day|month:practice }}, {{ day|short_weekday:practice }}   November, Tue
    {{ type.price_cents|money:practice }}      $140
    {{ names|listed:practice }}                a, b, and c
    {{ session.user_agent|browser }}           Firefox, Windows
    {{ name|zone_in_words:practice }}          Eastern Time (New York)
    {% zone_options reader.zone.key practice %}   the options of a choice of time zones
    {% please_call practice %}                 Please call us: 303 555 0142.
    {% or_call practice %}                     Or call us: 303 555 0142.
    {{ when|unbroken }}                        no line ends between 9:00 and PM, or between November and 4

The *place* after the colon says whose clock and manner: anything with `zone` (and, if it has one, `locale`
or `language`) such as the practice, a practitioner, a user or an appointment; or a zone. What has no locale
is written in the practice's.
"""

import re
from collections.abc import Iterable
from datetime import date, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from django import template
from django.conf import settings
from django.utils.html import format_html_join
from django.utils.safestring import SafeString, mark_safe

from practice import contact, queries
from practice.core import formatting
from practice.core.locales import zone_words
from practice.core.locales.patterns import AT_TIME

register = template.Library()
register.simple_tag(contact.please_call)
register.simple_tag(contact.or_call)

# In the order of asking: most browsers also claim to be one further down.
BROWSERS = {
    "Edg": "Edge",
    "OPR": "Opera",
    "SamsungBrowser": "Samsung Internet",
    "Firefox": "Firefox",
    "FxiOS": "Firefox",
    "CriOS": "Chrome",
    "Chrome": "Chrome",
    "Safari": "Safari",
}
DEVICES = {
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Android": "Android",
    "Windows": "Windows",
    "Macintosh": "Mac",
    "Linux": "Linux",
}


_BEFORE_A_TIME = "|".join(glue.split()[1] for glue in AT_TIME if glue.startswith("{1} "))
_BESIDE_A_NUMBER = re.compile(rf"(?<=[^\W\d_]) (?=\d)|(?<=\d) (?!(?:{_BEFORE_A_TIME})\b)(?=[\w$€£])")


def zone_of(place: object) -> ZoneInfo:
    """Return the zone of a place; the server's own where a place names none."""
    zone = getattr(place, "zone", place) or settings.TIME_ZONE
    return zone if isinstance(zone, ZoneInfo) else ZoneInfo(str(zone))


def locale_of(place: object) -> str:
    """Return the locale of a place; where it has none, as a person or a zone, the reader's."""
    return str(getattr(place, "locale", "") or queries.the_practice().locale)


def _local_day(when: date | datetime, place: object) -> date:
    return when.astimezone(zone_of(place)).date() if isinstance(when, datetime) else when


@register.filter
def day(when: date | datetime | None, place: object = None) -> str:
    """Return a day like "Tuesday, November 24", of an instant in the place's zone or of a plain date."""
    return formatting.day_in_words(_local_day(when, place), locale=locale_of(place)) if when else ""


@register.filter
def hour(instant: datetime | None, place: object = None) -> str:
    """Return a time like "2:00 PM" on the place's clock."""
    return formatting.clock_time(instant, zone_of(place), locale=locale_of(place)) if instant else ""


@register.filter
def moment(instant: datetime | None, place: object = None) -> str:
    """Return an instant like "Tuesday, November 24 at 2:00 PM"."""
    return formatting.moment(instant, zone_of(place), locale=locale_of(place)) if instant else ""


@register.simple_tag
def span(start: datetime, end: datetime, place: object = None, *, name_zone: bool = False) -> str:
    """Return a stretch like "Tuesday, November 24, 2:00 – 3:30 PM", with the zone's name if asked."""
    return formatting.span(start, end, zone_of(place), locale=locale_of(place), name_zone=name_zone)


@register.filter
def date_in_words(when: date | datetime | None, place: object = None) -> str:
    """Return a date whose year matters, like "February 2, 2027"."""
    return formatting.date_in_words(_local_day(when, place), locale=locale_of(place)) if when else ""


@register.filter
def in_minutes(minutes: int, place: object = None) -> str:
    """Return minutes like "90 minutes"."""
    return formatting.minutes_in_words(minutes, locale=locale_of(place))


@register.filter
def in_min(minutes: int, place: object = None) -> str:
    """Return minutes like "90 min"."""
    return formatting.short_minutes(minutes, locale=locale_of(place))


@register.filter
def short_duration(minutes: int, place: object = None) -> str:
    """Return a duration like "1 hr 30 min"."""
    return formatting.short_duration(minutes, locale=locale_of(place))


@register.filter
def month(when: date, place: object = None) -> str:
    """Return the name of a day's month, like "November"."""
    return formatting.month_name(when.month, locale=locale_of(place))


@register.filter
def short_weekday(when: date, place: object = None) -> str:
    """Return the short name of a day's weekday, like "Tue"."""
    return formatting.short_weekday(when.weekday(), locale=locale_of(place))


@register.filter
def money(cents: int, place: object = None) -> str:
    """Return an amount like "$140", in the place's currency."""
    currency = getattr(place, "currency", "") or "USD"
    return formatting.money(cents, str(currency), locale=locale_of(place))


@register.filter
def listed(words: Iterable[object], place: object = None) -> str:
    """Return a list like "a, b, and c"."""
    return formatting.listed([str(word) for word in words], locale=locale_of(place))


@register.filter
def unbroken(words: object) -> str:
    """Return words with no line break beside numbers or before a dash: large type wraps soon.

    A line may end between a day and its time, and after the dash of a stretch of time. It may always end
    there, even before a no-break space, which would then begin the next line as a gap (UAX #14, LB12a). The
    words' locale is not known here, so that any word keeps to the number beside it, and a price to its
    currency.
    """
    together = re.sub(r"(?<=\w) – (?=\d)", "\u00a0– ", str(words))
    return _BESIDE_A_NUMBER.sub("\u00a0", together)


@register.filter
def zone_in_words(name: str, place: object = None) -> str:
    """Return a zone like "Mountain Time (Denver)", "Central European Time (Vienna)"."""
    return zone_words.zone_in_words(name, locale=locale_of(place))


@register.simple_tag
def zone_options(chosen: str, place: object = None) -> SafeString:
    """Return an `<option>` for each of some 600 time zones, `chosen` selected; those of the country first."""
    return _zone_options(chosen, locale_of(place))


@lru_cache(maxsize=8)
def _zone_options(chosen: str, locale: str) -> SafeString:
    """Return the options, kept for the zones most readers live in.

    Made anew in a template's loop, this list was a fifth of a page of times.
    """
    return format_html_join(
        "",
        '<option value="{}"{}>{}</option>',
        (
            (name, mark_safe(" selected") if name == chosen else "", words)  # a fixed word
            for name, words in zone_words.zone_choices(locale)
        ),
    )


@register.filter
def lead_times(hours: Iterable[int], place: object) -> str:
    """Return limits like "2 days and 2 hours" for [48, 2]."""
    return formatting.lead_times(list(hours), locale=locale_of(place))


@register.filter
def browser(user_agent: str) -> str:
    """Return the browser and device of a user agent, as people know them: "Firefox, Windows"."""
    claims = str(user_agent)
    found = [
        next((name for sign, name in names.items() if sign in claims), "") for names in (BROWSERS, DEVICES)
    ]
    return ", ".join(name for name in found if name)
