"""Reads of other calendars: how far ahead they are read, and which are not read any more."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from django.db.models import Count, F, Max, Q, QuerySet
from django.db.models.functions import Coalesce

from booking.models import ImportedCalendar, SessionType
from practice.models import Practitioner

SHOWN_AFTER = timedelta(days=1)  # without a reading it is shown on Today
DEFAULT_DAYS = 60


def days_ahead() -> int:
    """Return how many days ahead anybody can book, and calendars have to be read."""
    return SessionType.objects.aggregate(days=Max("horizon_days"))["days"] or DEFAULT_DAYS


def calendars_of(people: Collection[Practitioner], *, now: datetime) -> QuerySet[ImportedCalendar]:
    """Return these people's calendars, each with the number `ahead` of its busy times that can matter.

    Addresses are not decrypted: one with a lost key must not stop the rest.
    """
    until = now + timedelta(days=days_ahead())
    ahead = Count("busy_times", filter=Q(busy_times__ends_at__gt=now, busy_times__starts_at__lt=until))
    found = ImportedCalendar.objects.filter(practitioner__in=people).defer("url")
    return found.select_related("practitioner__user").annotate(ahead=ahead)


def not_read(*, now: datetime, since: timedelta = SHOWN_AFTER) -> QuerySet[ImportedCalendar]:
    """Return active calendars not read since `now - since`, the longest first, with `silent_since`."""
    silent = ImportedCalendar.objects.filter(is_active=True).defer("url").select_related("practitioner__user")
    silent = silent.annotate(silent_since=Coalesce(F("checked_at"), F("added_at")))
    return silent.filter(silent_since__lte=now - since).order_by("silent_since", "pk")
