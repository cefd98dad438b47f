"""Replan waiting reminders, within minutes, after the owner chose other hours."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from booking.letters.before_session.reminders import outdated_reminders, resync_reminders
from booking.locking.changes import State, reload
from booking.locking.locks import lock, moment


def resync(*, now: datetime | None = None) -> int:
    """Plan and cancel reminders of booked sessions by the owner's present choice; return how many sessions.

    Each is judged again under the lock, so that none is planned for a time just canceled.
    """
    found = outdated_reminders(now=moment(now))
    for seen in found:
        with transaction.atomic():
            lock([seen.practitioner], rooms=[seen.room_id])
            appointment = reload(seen)
            if appointment.state == State.BOOKED:
                resync_reminders(appointment, now=moment(now))
    return len(found)
