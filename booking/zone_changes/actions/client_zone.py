"""In whose time zone an appointment is told beside ours: as its client says on the telephone."""

from __future__ import annotations

from django.db import transaction

from booking.locking.changes import reload
from booking.locking.locks import lock
from booking.models import Appointment
from booking.time_zones.wall_times import walls
from practice.core.clock import zone_named


def told_in(appointment: Appointment, zone: str) -> Appointment:
    """Tell it in `zone` (an IANA name) from now on; emails that wait follow: they are worded when they go.

    A zone that its client chose on their own page goes before it. Raises UnknownZone.
    """
    name = zone_named(zone).key
    with transaction.atomic():
        lock([appointment.practitioner], rooms=[appointment.room_id])
        now_is = reload(appointment)
        fields = walls(now_is.starts_at, here=now_is.practitioner.zone, booker=name)
        Appointment.objects.filter(pk=now_is.pk).update(zone=name, **fields)
    return reload(appointment)
