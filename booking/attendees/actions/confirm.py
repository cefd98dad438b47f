"""Confirm an appointment as its client: signed in, or through a link in their own email."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q

from booking.models import Appointment


def confirm(appointment: Appointment | int, *, now: datetime) -> bool:
    """Record that its client confirmed the appointment; return whether it was the first time.

    Nothing undoes it. Of a series, all appointments of the same client and booker are confirmed: they were
    booked together. The caller has checked that the client acts: `links.came_by_mail`, or who signed in.
    """
    pk = appointment if isinstance(appointment, int) else appointment.pk
    itself = Appointment.objects.filter(pk=pk).values_list("series", "client", "correspondent").first()
    if itself is None:
        return False
    series, client, correspondent = itself
    together = Q(series=series, client=client, correspondent=correspondent) if series else Q(pk=pk)
    waiting = Appointment.objects.filter(together, confirmed_at=None).without_holds()
    return bool(waiting.update(confirmed_at=now))
