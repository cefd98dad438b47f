"""The client stands behind an appointment: they acted on it signed in, or from a link in their own email."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q

from booking.models import Appointment
from booking.states import NOBODY_YET


def confirm(appointment: Appointment | int, *, now: datetime) -> bool:
    """Note that its client did so; whether for the first time. Nothing takes it back.

    Of a series, all of that client and whoever booked for them are confirmed: they were booked together.

    That it was a client's act, the caller has seen: `links.came_by_mail`, or who signed in.
    """
    pk = appointment if isinstance(appointment, int) else appointment.pk
    itself = Appointment.objects.filter(pk=pk).values_list("series", "client", "correspondent").first()
    if itself is None:
        return False
    series, client, correspondent = itself
    together = Q(series=series, client=client, correspondent=correspondent) if series else Q(pk=pk)
    waiting = Appointment.objects.filter(together, confirmed_at=None).exclude(state__in=NOBODY_YET)
    return bool(waiting.update(confirmed_at=now))
