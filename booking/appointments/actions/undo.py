"""Undo the last change of an appointment: a cancel or a move."""

from __future__ import annotations

from datetime import datetime

from booking.appointments.actions.move_back import last_change, move_back
from booking.appointments.actions.restore import restore
from booking.models import Appointment, AppointmentChange
from practice.models import User


def undo(appointment: Appointment, *, by: User | None = None, now: datetime | None = None) -> Appointment:
    """Undo the last cancel or move of `appointment` as its reader saw it, judged again under the lock.

    An expected appointment that was not moved last stays as it is: the button was pressed twice, or
    something else happened since. Raises what `restore` and `move_back` raise.
    """
    change = last_change(appointment) if appointment.is_expected else None
    if change and change.what == AppointmentChange.What.MOVED:
        return move_back(appointment, by=by, now=now)
    return restore(appointment, by=by, now=now)
