"""A wish of the waitlist in words, for pages and emails."""

from __future__ import annotations

from django.utils.translation import gettext as _

from booking.models import WaitlistEntry
from practice.core import formatting


def with_whom(entry: WaitlistEntry) -> str:
    """Return words like "with Tess", or "with anyone available"."""
    if entry.practitioner is None:
        return _("with anyone available")
    return _("with %(name)s") % {"name": entry.practitioner.first_name}


def which_days(entry: WaitlistEntry, locale: str) -> str:
    """Return words like "Tuesday and Thursday, until Friday, April 30"."""
    names = [
        formatting.weekday_name(day, locale=locale)
        for day in formatting.in_week_order(entry.weekdays, locale=locale)
    ]
    days = formatting.listed(names, locale=locale) if names and len(names) < 7 else _("any day")
    last = formatting.day_in_words(entry.last_day, locale=locale)
    if entry.first_day:
        first = formatting.day_in_words(entry.first_day, locale=locale)
        return _("%(days)s, from %(first)s until %(last)s") % {"days": days, "first": first, "last": last}
    return _("%(days)s, until %(last)s") % {"days": days, "last": last}


def which_times(entry: WaitlistEntry, locale: str) -> str:
    """Return "beginning between 2 PM and 5 PM", on the practice's clock; "" for any time."""
    said = {
        name: formatting.wall_time(moment, locale=locale)
        for name, moment in (("earliest", entry.earliest), ("latest", entry.latest))
        if moment
    }
    if len(said) == 2:
        return _("starting between %(earliest)s and %(latest)s") % said
    if "earliest" in said:
        return _("starting at %(earliest)s or later") % said
    return _("starting by %(latest)s") % said if said else ""


def entry_in_words(entry: WaitlistEntry, locale: str) -> str:
    """Return the whole wish in one line."""
    parts = (which_days(entry, locale), which_times(entry, locale))
    return f"{entry.session_type.name} {with_whom(entry)}: {', '.join(filter(None, parts))}"
