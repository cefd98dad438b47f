"""Record changes of an appointment in their own transaction, and release holds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Q

from booking.errors import ChangedMeanwhile, HandedOver
from booking.models import Appointment, AppointmentChange
from practice.models import Practitioner, User

State = Appointment.State


What = AppointmentChange.What
Code = AppointmentChange.Code


def is_staff(by: User | None) -> bool:
    """Return whether this person works here, and so is exempt from the policy."""
    return by is not None and by.is_staff


def record_change(
    appointment: Appointment,
    what: AppointmentChange.What,
    *,
    now: datetime,
    by: User | None = None,
    was: datetime | None = None,
    before: dict[str, Any] | None = None,
    whose: Practitioner | None = None,
    note: str = "",
    code: str = "",
    params: Mapping[str, Any] | None = None,
) -> AppointmentChange:
    """Write a change row, in the transaction of the change. `whose`: the practitioner before it.

    `note`: a person's words. What the system notes is a `code` with `params`, worded when it is shown.
    """
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
        code=code,
        params=dict(params or {}),
    )


def release(held: Appointment, *, now: datetime, code: str = "") -> bool:
    """Release one hold, if it is still one; return whether this call did it."""
    changed = Appointment.objects.filter(pk=held.pk, state=State.HELD).update(
        state=State.RELEASED, occupies=False
    )
    if changed:
        record_change(held, What.RELEASED, now=now, code=code)
    return bool(changed)


def release_expired_of(locked: Sequence[Practitioner], *, now: datetime) -> int:
    """Release the expired holds of these practitioners or their rooms; return how many."""
    rooms = {practitioner.room_id for practitioner in locked if practitioner.room_id}
    gone = Appointment.objects.expired_holds(now).filter(Q(practitioner__in=locked) | Q(room__in=rooms))
    return sum(release(held, now=now) for held in gone)


def reload(appointment: Appointment) -> Appointment:
    """Return the row as it is now, with what emails need."""
    return Appointment.objects.select_related(
        "session_type", "practitioner__user", "practitioner__room", "room", "client", "correspondent"
    ).get(pk=appointment.pk)


def must_be_as_seen(row: Appointment, sequence: int | None) -> None:
    """Check that nothing has changed since a form was shown. Raises ChangedMeanwhile.

    `sequence`: the row's number of changes when the form was made; None: nobody was shown one.
    """
    if sequence is not None and row.sequence != sequence:
        raise ChangedMeanwhile(row)


def reload_in_same_hands(seen: Appointment) -> Appointment:
    """Return the row as it is now. Raises HandedOver if its practitioner is not the one locked."""
    row = reload(seen)
    if row.practitioner_id != seen.practitioner_id:
        raise HandedOver
    return row
