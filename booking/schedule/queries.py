"""Reads for the boards: each is one query over a window of time, whatever is in it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from django.db.models import Q, QuerySet

from booking.models import Appointment
from booking.queries import REACH
from practice.models import Practitioner, Room


def on_boards(
    people: Sequence[Practitioner],
    rooms: Collection[int],
    *,
    first: datetime,
    until: datetime,
    now: datetime,
) -> QuerySet[Appointment]:
    """Return what is on the boards of these people or in these rooms around `[first, until)`, by start.

    Sessions and requests, decided ones too, and the holds that still keep their time, with their offer.
    """
    shown = Appointment.objects.on_calendar() | Appointment.objects.open_holds(now)
    return (
        shown.filter(
            Q(practitioner__in=people) | Q(room__in=rooms),
            starts_at__gt=first - REACH,
            starts_at__lt=until + REACH,
        )
        .select_related("session_type", "offer")
        .order_by("starts_at", "pk")
    )


def rooms_of(people: Sequence[Practitioner], *, everything: bool) -> list[Room]:
    """Return the rooms, by name: all of them, or those that these people work in."""
    rooms = Room.objects.all()
    return list(rooms if everything else rooms.filter(pk__in={one.room_id for one in people if one.room_id}))
