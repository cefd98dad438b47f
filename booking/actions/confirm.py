"""The client stands behind an appointment: they acted on it signed in, or from a link in their own email."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q

from booking.models import Appointment
from booking.states import NOBODY_YET


def confirm(appointment: Appointment | int, *, now: datetime) -> bool:
    """Note that its client did so; whether for the first time. Nothing takes it back.

    Of a series, all are confirmed: they were booked together.

    That it was a client's act, the caller has seen: `links.came_by_mail`, or who signed in.
    """
    pk = appointment if isinstance(appointment, int) else appointment.pk
    itself = Appointment.objects.filter(pk=pk)
    together = Q(pk=pk) | Q(series__in=itself.exclude(series=None).values("series"))
    waiting = Appointment.objects.filter(together, confirmed_at=None).exclude(state__in=NOBODY_YET)
    return bool(waiting.update(confirmed_at=now))
