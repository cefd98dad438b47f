"""Bookings that are not at their agreed wall time any more, because the rules of a zone have changed.

The wall time on the practitioner's clocks is the promise: opening hours, closures and rooms follow them. A
client in another zone then reads another hour, also when the rules of their own zone change: they get an
email. Opening hours, closures and wishes are stored as days and hours, so they follow the clocks by
themselves.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet

from booking import queries
from booking.models import Appointment
from booking.time_zones.wall_times import as_read
from practice.core import wall_time as core_wall_time
from practice.core.clock import UnknownZone, instants_of, zone_named
from practice.models import Practitioner

#: No zone ever changed by more at once, except where the date line moved.
FURTHEST = timedelta(hours=3)
AT_ONCE = 500


@dataclass(frozen=True)
class ZoneMismatch:
    """An appointment that no longer matches, and how it was agreed.

    `agreed`: the wall time without a zone, on the clocks of `zone`. `start`: the instant that keeps it; None
    where there is nothing to move: the clocks skip it or it is over (`stuck`), or only the booker's own clock
    has changed (`only_theirs`).
    """

    appointment: Appointment
    agreed: datetime
    zone: ZoneInfo
    start: datetime | None = None
    only_theirs: bool = False

    @property
    def stuck(self) -> bool:
        """Return whether the wall time cannot be kept."""
        return self.start is None and not self.only_theirs

    @property
    def end(self) -> datetime | None:
        """Return when the appointment is over if the wall time is kept, or None."""
        return self.start + timedelta(minutes=self.appointment.minutes) if self.start else None


def zone_mismatches(practitioners: Collection[Practitioner], *, now: datetime) -> list[ZoneMismatch]:
    """Return what is booked, requested, held or offered and no longer matches, by start.

    One query, and one more for each 500 that there are.
    """
    found = _ahead(practitioners, now).values_list("pk", "starts_at", "wall_here", "wall_time", "zone")
    hits = [
        pk
        for pk, start, here, theirs, zone in found.order_by("starts_at", "pk").iterator(chunk_size=AT_ONCE)
        if _differs(start, here, theirs, zone)
    ]
    changes = [mismatch_of(row, now=now) for row in _rows_of(hits)]
    return [one for one in changes if one is not None]


def _rows_of(hits: Sequence[int]) -> Iterator[Appointment]:
    """Yield these appointments in this order, some at a time: no database takes any number of ids at once."""
    related = ("session_type", "practitioner__user", "client", "room", "offer")
    for begin in range(0, len(hits), AT_ONCE):
        some = hits[begin : begin + AT_ONCE]
        yield from (
            Appointment.objects.filter(pk__in=some).select_related(*related).order_by("starts_at", "pk")
        )


def _ahead(practitioners: Collection[Practitioner], now: datetime) -> QuerySet[Appointment]:
    occupying = Appointment.objects.undecided().occupying(now)
    return occupying.filter(practitioner__in=practitioners, starts_at__gt=now - FURTHEST)


def _differs(starts_at: datetime, wall_here: str, wall_time: str, zone: str) -> bool:
    return bool(
        core_wall_time.wall_time_shift(wall_here, starts_at)
        or _read_otherwise(starts_at, wall_here, wall_time, zone)
    )


def mismatch_of(appointment: Appointment, *, now: datetime) -> ZoneMismatch | None:
    """Return how an appointment was agreed, if it no longer matches and is not over; else None."""
    shift = core_wall_time.wall_time_shift(appointment.wall_here, appointment.starts_at)
    if shift:
        if max(appointment.starts_at, shift.to or appointment.starts_at) <= now:
            return None
        ahead = shift.to if shift.to and shift.to > now else None
        return ZoneMismatch(appointment, shift.wall.clock, zone_named(shift.wall.zone), ahead)
    if appointment.starts_at <= now:
        return None
    read = _read_otherwise(
        appointment.starts_at, appointment.wall_here, appointment.wall_time, appointment.zone
    )
    return ZoneMismatch(appointment, read, zone_named(appointment.zone), only_theirs=True) if read else None


def _read_otherwise(starts_at: datetime, wall_here: str, wall_time: str, zone: str) -> datetime | None:
    """Return what a booker's clock in another zone was to show, if it shows something else now."""
    if not zone or wall_here.endswith(f"[{zone}]"):
        return None
    clock = as_read(wall_time)
    if clock is None:
        return None
    try:
        found = instants_of(clock, zone_named(zone))
    except UnknownZone:
        return None
    return None if starts_at.replace(second=0, microsecond=0) in found else clock


def conflicting_appointment(one: ZoneMismatch, others: Sequence[ZoneMismatch]) -> Appointment | None:
    """Return who has the time that keeps its wall time, except those that would move along with it."""
    if one.start is None or one.end is None:
        return None
    moving = [other.appointment.pk for other in others if other.start]
    room = one.appointment.room_id
    theirs = Q(practitioner=one.appointment.practitioner_id) | (Q(room=room) if room else Q(pk__in=()))
    return (
        Appointment.objects.filter(theirs, occupies=True, starts_at__lt=one.end, ends_at__gt=one.start)
        .filter(starts_at__gt=one.start - queries.REACH)
        .exclude(pk__in=[*moving, one.appointment.pk])
        .select_related("practitioner__user", "client", "correspondent")
        .first()
    )
