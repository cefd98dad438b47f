"""Undo what was done to an appointment a moment ago: a cancel, or else a move."""

from __future__ import annotations

from datetime import datetime

from booking.actions.move_back import move_back
from booking.actions.restore import restore
from booking.models import Appointment
from practice.models import User


def undo(appointment: Appointment, *, by: User | None = None, now: datetime | None = None) -> Appointment:
    """Undo the last change of `appointment` as its reader saw it; each judges for itself, under the lock.

    Raises what `restore` and `move_back` raise.
    """
    act = restore if appointment.state == Appointment.State.CANCELLED else move_back
    return act(appointment, by=by, now=now)
