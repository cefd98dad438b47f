"""Sentences about days off: what a closure closes, and the names of public holidays."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from booking.models import Closure
from booking.time_off.engine.holidays import Holiday
from practice.core import formatting

NAMES: dict[str, Promise] = {
    "new_year": gettext_lazy("New Year’s Day"),
    "king": gettext_lazy("Martin Luther King Jr. Day"),
    "washington": gettext_lazy("Washington’s Birthday"),
    "memorial": gettext_lazy("Memorial Day"),
    "juneteenth": gettext_lazy("Juneteenth"),
    "independence": gettext_lazy("Independence Day"),
    "labor": gettext_lazy("Labor Day"),
    "columbus": gettext_lazy("Columbus Day"),
    "veterans": gettext_lazy("Veterans Day"),
    "thanksgiving": gettext_lazy("Thanksgiving Day"),
    "christmas": gettext_lazy("Christmas Day"),
}


def holiday_name(holiday: Holiday) -> str:
    """Return the name of a holiday, or of the day on which it is observed."""
    name = str(NAMES[holiday.code])
    return _("%(holiday)s (observed)") % {"holiday": name} if holiday.is_observed else name


def whose(closure: Closure) -> str:
    """Return whose days a closure closes."""
    return str(closure.practitioner) if closure.practitioner else _("Everyone")


def days_of(closure: Closure, *, locale: str) -> str:
    """Return a closure's days in words: "Tuesday, March 16", or from one to another."""
    first = formatting.day_in_words(closure.first_day, locale=locale)
    if closure.first_day == closure.last_day:
        return first
    last = formatting.day_in_words(closure.last_day, locale=locale)
    return _("%(first)s to %(last)s") % {"first": first, "last": last}


def what_is_open(closure: Closure, *, locale: str) -> str:
    """Return what a closure leaves open: "Closed", or "Open only 1:00 – 3:00 PM"."""
    if closure.opens is None or closure.closes is None:
        return _("Closed")
    hours = formatting.clock_span(closure.opens, closure.closes, locale=locale)
    return _("Open only %(hours)s") % {"hours": hours}
