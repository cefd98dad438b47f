"""Replan waiting reminders: after the owner chose other hours, and after a client confirmed a number."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from booking.letters.before_session.reminders import outdated_reminders, plan_reminders, resync_reminders
from booking.locking.changes import State, reload
from booking.locking.locks import lock, moment
from booking.models import Appointment, ImportRow
from practice.models import User


def resync(*, now: datetime | None = None) -> int:
    """Plan and cancel reminders of booked sessions by the owner's present choice; return how many."""
    return _under_lock(
        outdated_reminders(now=moment(now)),
        lambda appointment: resync_reminders(appointment, now=moment(now)),
    )


def plan_texts(reader: User, *, now: datetime) -> int:
    """Plan the texts of all booked sessions whose emails go to this person; return how many sessions.

    What is planned already stays as it is.
    """
    theirs = Appointment.objects.filter(Q(client=reader) | Q(correspondent=reader))
    ahead = theirs.filter(state=State.BOOKED, starts_at__gt=now).exclude(
        pk__in=ImportRow.objects.filter(no_reminders=True).values("appointment")
    )
    found = ahead.select_related("practitioner", "client", "correspondent")
    return _under_lock(
        [one for one in found if one.contact == reader],
        lambda appointment: plan_reminders(appointment, now=now),
    )


def _under_lock(found: Iterable[Appointment], replan: Callable[[Appointment], object]) -> int:
    """Read each again under its lock, so that nothing is planned for a time just canceled."""
    count = 0
    for seen in found:
        count += 1
        with transaction.atomic():
            lock([seen.practitioner], rooms=[seen.room_id])
            appointment = reload(seen)
            if appointment.state == State.BOOKED:
                replan(appointment)
    return count
