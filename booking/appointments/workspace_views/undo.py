"""The notice of what its reader changed a moment ago, with its undo, for the pages of the calendar."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef

from booking.appointments.actions import change_length, move_back
from booking.appointments.actions.restore import WITHIN
from booking.models import Appointment, AppointmentChange
from practice.models import User

What = AppointmentChange.What


@dataclass(frozen=True)
class Undoable:
    """A change that its reader made a moment ago and can still undo. `until`: how long."""

    appointment: Appointment
    what: str
    until: datetime


def undoable_by(user: User, *, now: datetime) -> Undoable | None:
    """Return the last move or other length that this person made, while it can be undone; one query."""
    recent = AppointmentChange.objects.filter(
        at__gt=now - WITHIN, at__lte=now, by=user, what__in=(What.MOVED, What.LENGTH)
    )
    later = AppointmentChange.objects.filter(appointment=OuterRef("appointment"), pk__gt=OuterRef("pk"))
    rows = recent.annotate(is_last=~Exists(later)).select_related("appointment__practitioner__user")
    change = rows.defer("note").order_by("at", "pk").last()
    if change is None or not change.is_last:
        return None
    until = undo_until(change, user)
    return Undoable(change.appointment, change.what, until) if until and now <= until else None


def undo_until(change: AppointmentChange, user: User) -> datetime | None:
    """Return until when this person may undo the last change, a move or another length; None: not at all."""
    appointment = change.appointment
    if found := change_length.undo_deadline(appointment, change):
        return found[0] if user.is_staff else None
    moved = move_back.undo_deadline(appointment, change, by=user)
    return moved[0] if moved else None
