"""Undo what was done to an appointment a moment ago: a cancel, or else a move."""

from __future__ import annotations

from datetime import datetime

from booking.appointments.actions.move_back import last_change, move_back
from booking.appointments.actions.restore import restore
from booking.models import Appointment, AppointmentChange
from booking.states import STANDS
from practice.models import User


def undo(appointment: Appointment, *, by: User | None = None, now: datetime | None = None) -> Appointment:
    """Undo the last change of `appointment` as its reader saw it; each judges for itself, under the lock.

    What stands, and was not moved last, stays as it is: it was pressed twice, or something came in between.
    Raises what `restore` and `move_back` raise.
    """
    change = last_change(appointment) if appointment.state in STANDS else None
    if change and change.what == AppointmentChange.What.MOVED:
        return move_back(appointment, by=by, now=now)
    return restore(appointment, by=by, now=now)
