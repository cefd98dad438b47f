"""Reads for the boards: each is one query over a window of time, whatever is in it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import NamedTuple

from django.db.models import BigIntegerField, F, Q, QuerySet, Value

from booking.models import Appointment
from booking.queries import REACH, blocked_in, busy_elsewhere
from practice.models import Practitioner, Room

#: What a board shows of a row: a row has three times as many columns, and a week has hundreds of rows.
_ON_A_BOARD = (
    *("uid", "state", "starts_at", "ends_at", "minutes", "buffer_before", "buffer_after", "place"),
    *("attendee_name", "hold_expires_at", "practitioner_id", "room_id"),
    *("session_type__name", "offer__appointment"),
)


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
        .only(*_ON_A_BOARD)
        .order_by("starts_at", "pk")
    )


class Unbookable(NamedTuple):
    """A time that is no session. `blocked`: the id of a blocked time; None: busy in another calendar."""

    practitioner: int
    starts_at: datetime
    ends_at: datetime
    blocked: int | None


def unbookable(people: Sequence[Practitioner], *, first: datetime, until: datetime) -> list[Unbookable]:
    """Return what other calendars call busy around `[first, until)`, and what is blocked in it, by start."""
    there = busy_elsewhere(people, first=first, until=until).order_by()
    here = blocked_in(people, first=first, until=until).order_by()
    no_block = Value(None, output_field=BigIntegerField())
    rows = there.annotate(blocked=no_block).union(
        here.values_list("practitioner_id", "starts_at", "ends_at").annotate(blocked=F("pk")), all=True
    )
    return sorted((Unbookable(*row) for row in rows), key=lambda one: one.starts_at)


def rooms_of(people: Sequence[Practitioner], *, everything: bool) -> list[Room]:
    """Return the rooms, by name: all of them, or those that these people work in."""
    rooms = Room.objects.all()
    return list(rooms if everything else rooms.filter(pk__in={one.room_id for one in people if one.room_id}))
