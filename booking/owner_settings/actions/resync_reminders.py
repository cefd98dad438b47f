"""Replan waiting reminders, within minutes, after the owner chose other hours."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from booking.letters.before_session.reminders import keep_step, out_of_step
from booking.locking.changes import State, reload
from booking.locking.locks import lock, moment


def follow_the_owner(*, now: datetime | None = None) -> int:
    """Plan and cancel reminders of booked sessions by the owner's present choice; return how many sessions.

    Each is judged again under the lock, so that none is planned for a time just canceled.
    """
    found = out_of_step(now=moment(now))
    for seen in found:
        with transaction.atomic():
            lock([seen.practitioner], rooms=[seen.room_id])
            appointment = reload(seen)
            if appointment.state == State.BOOKED:
                keep_step(appointment, now=moment(now))
    return len(found)
