"""Undo the last change of an appointment: a cancel, a move, or another length."""

from __future__ import annotations

from datetime import datetime

from booking.appointments.actions.change_length import change_length_back
from booking.appointments.actions.move_back import last_change, move_back
from booking.appointments.actions.restore import restore
from booking.locking.changes import is_staff
from booking.models import Appointment, AppointmentChange
from practice.models import User


def undo(appointment: Appointment, *, by: User | None = None, now: datetime | None = None) -> Appointment:
    """Undo the last cancel, move or other length of `appointment`, judged again under the lock.

    An expected appointment whose last change was none of these stays as it is: the button was pressed twice,
    or something else happened since. Another length is for staff. Raises what `restore`, `move_back` and
    `change_length_back` raise.
    """
    change = last_change(appointment) if appointment.is_expected else None
    if change and change.what == AppointmentChange.What.MOVED:
        return move_back(appointment, by=by, now=now)
    if change and change.what == AppointmentChange.What.LENGTH and by is not None and is_staff(by):
        return change_length_back(appointment, by=by, now=now)
    return restore(appointment, by=by, now=now)
