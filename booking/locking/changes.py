"""What happened to an appointment, written down in the transaction in which it happens; holds let go."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import Q

from booking import queries
from booking.errors import HandedOver
from booking.models import Appointment, AppointmentChange
from practice.models import Practitioner, User

State = Appointment.State


What = AppointmentChange.What


def is_staff(by: User | None) -> bool:
    """Whether whoever acts works here, and so is exempt from the policy."""
    return by is not None and by.is_staff


def record(
    appointment: Appointment,
    what: AppointmentChange.What,
    *,
    now: datetime,
    by: User | None = None,
    was: datetime | None = None,
    before: dict[str, Any] | None = None,
    whose: Practitioner | None = None,
    note: str = "",
) -> AppointmentChange:
    """Write down what happened, in the transaction in which it happens. `whose`: who had it before."""
    return AppointmentChange.objects.create(
        appointment=appointment,
        at=now,
        what=what,
        by=by,
        by_staff=is_staff(by),
        starts_at=appointment.starts_at,
        was_starts_at=was,
        before=before,
        was_practitioner=whose if whose and whose.pk != appointment.practitioner_id else None,
        note=note[:200],
    )


def release(held: Appointment, *, now: datetime, note: str = "") -> bool:
    """Let go of one hold, if it is still one. Whether it was us."""
    changed = Appointment.objects.filter(pk=held.pk, state=State.HELD).update(
        state=State.RELEASED, occupies=False
    )
    if changed:
        record(held, What.RELEASED, now=now, note=note)
    return bool(changed)


def release_expired_of(locked: Sequence[Practitioner], *, now: datetime) -> int:
    """Let go of the holds that have run out and stand in the way of these practitioners or their rooms."""
    rooms = {practitioner.room_id for practitioner in locked if practitioner.room_id}
    gone = queries.expired_holds(now=now).filter(Q(practitioner__in=locked) | Q(room__in=rooms))
    return sum(release(held, now=now) for held in gone)


def reload(appointment: Appointment) -> Appointment:
    """The row as it is now, with what letters need."""
    return Appointment.objects.select_related(
        "session_type", "practitioner__user", "practitioner__room", "room", "client", "correspondent"
    ).get(pk=appointment.pk)


def reload_in_same_hands(seen: Appointment) -> Appointment:
    """The same, for whoever locked the practitioner it was seen with. Raises HandedOver if that changed."""
    row = reload(seen)
    if row.practitioner_id != seen.practitioner_id:
        raise HandedOver
    return row
