"""Clients found, with their next appointment and whether their record may be opened."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import QuerySet

from booking.access import clients_found, practitioners_for
from booking.models import Appointment
from practice.access import rows
from practice.models import User


@dataclass(frozen=True)
class FoundClient:
    """A client found. `next`: their next appointment on a day that the reader sees."""

    client: User
    next: Appointment | None
    opens: bool


def found_clients(user: User, words: str, *, count: int, now: dt.datetime) -> list[FoundClient]:
    """Return the first clients that `user` finds by these words, at most `count`."""
    found = clients_found(user, words, count=count)
    pks = [one.pk for one in found]
    ahead: dict[int | None, Appointment] = {}
    for one in _ahead(user, pks, now):
        ahead.setdefault(one.client_id, one)
    opened = rows.records_opened(user, pks)
    return [FoundClient(one, ahead.get(one.pk), one.pk in opened) for one in found]


def _ahead(user: User, pks: list[int], now: dt.datetime) -> QuerySet[Appointment]:
    """Return their coming appointments, the next first."""
    theirs = Appointment.objects.filter(client__in=pks, practitioner__in=practitioners_for(user))
    return theirs.upcoming(now).select_related("practitioner__user", "session_type").order_by("starts_at")
