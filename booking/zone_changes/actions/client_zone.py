"""Set the time zone that an appointment's emails show beside ours, as its client says on the phone."""

from __future__ import annotations

from django.db import transaction

from booking.locking.changes import reload
from booking.locking.locks import lock
from booking.models import Appointment
from booking.time_zones.wall_times import walls
from practice.core.clock import zone_named


def set_client_zone(appointment: Appointment, zone: str) -> Appointment:
    """Show the appointment in `zone` (an IANA name) from now on, also in emails that wait.

    A zone that its client chose on their own page takes precedence. Raises UnknownZone.
    """
    name = zone_named(zone).key
    with transaction.atomic():
        lock([appointment.practitioner], rooms=[appointment.room_id])
        now_is = reload(appointment)
        fields = walls(now_is.starts_at, here=now_is.practitioner.zone, booker=name)
        Appointment.objects.filter(pk=now_is.pk).update(zone=name, **fields)
    return reload(appointment)
