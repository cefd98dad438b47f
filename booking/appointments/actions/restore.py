"""Undo a recent cancel: the same row, its time, its links, its calendar entry."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import Enum
from typing import Any

from django.db.models import F

from booking import queries
from booking.appointments.actions.notify import plan_session_emails
from booking.errors import AlreadyOver, CannotBringBack
from booking.letters import restored
from booking.locking.changes import (
    State,
    What,
    is_staff,
    record_change,
    release_expired_of,
    reload,
    reload_in_same_hands,
)
from booking.locking.choosing import StartRefused, raising_slot_taken, taken_refusal
from booking.locking.locks import lock, moment
from booking.models import Appointment
from booking.offers.actions import withdraw_offers_of
from booking.packages import actions as packages_actions
from booking.policy.terms import answer_by
from practice.models import Practitioner, User
from practice.queries import the_practice

WITHIN = timedelta(minutes=3)
#: In `AppointmentChange.before`: whether the client was to be emailed about the change.
TOLD = "told"


class Telling(Enum):
    """When the emails about a change leave. NOT: none to the client; colleagues hear of it all the same."""

    NOW = "now"
    AFTER_UNDO = "after_undo"
    NOT = "not"

    @property
    def tells(self) -> bool:
        """Return whether the client is emailed."""
        return self is not Telling.NOT

    def due(self, now: datetime) -> datetime:
        """Return when the emails of a change made at `now` leave: an undone one then sends nothing."""
        return now if self is Telling.NOW else now + WITHIN


def restore(appointment: Appointment, *, by: User | None = None, now: datetime | None = None) -> Appointment:
    """Undo a cancel of the last three minutes. If it was undone already, nothing changes.

    No rule judges it a second time; only somebody else who has the time by now prevents it. An offer of it
    that nobody has accepted is withdrawn. Raises SlotTaken with the nearest free times, CannotBringBack or
    AlreadyOver.
    """
    kind, practitioner, start = appointment.session_type, appointment.practitioner, appointment.starts_at
    with raising_slot_taken(kind, [practitioner], start=start, now=moment(now), ignoring=appointment):
        locked = lock([practitioner], rooms=[appointment.room_id])
        now = moment(now)
        release_expired_of(locked, now=now)
        before = reload_in_same_hands(appointment)
        if before.is_expected:
            return before
        must_be_undoable(before, by=by, now=now)
        withdraw_offers_of(before, start=start, end=before.ends_at, now=now)
        must_be_free(before, whose=practitioner, room=before.room_id, start=start, end=before.ends_at)
        won = Appointment.objects.filter(pk=before.pk, state=State.CANCELLED).update(
            **restored_fields(before, now=now), occupies=True, cancelled_at=None, sequence=F("sequence") + 1
        )
        after = reload(before)
        if won:
            record_change(after, What.RESTORED, now=now, by=by)
            packages_actions.reclaim_use(after, cancelled_at=before.cancelled_at or now, now=now)
            restored.restored(after, was=before, now=now)
            restored.notice_restored(after, was=before, by=by, now=now)
            plan_session_emails(after, now=now)
    return after


def undo_deadline(appointment: Appointment, *, by: User | None) -> datetime | None:
    """Return until when this person may undo the cancel; None: not at all, as for a declined request.

    A client undoes their own cancel, not one by staff; staff undo either, since clients call.
    """
    if appointment.state != State.CANCELLED or appointment.declined or appointment.cancelled_at is None:
        return None
    if not is_staff(by):
        last = appointment.changes.defer("note").filter(what=What.CANCELLED).last()
        if last is None or last.by_staff:
            return None
    return appointment.cancelled_at + WITHIN


def must_be_undoable(appointment: Appointment, *, by: User | None, now: datetime) -> None:
    """Check that the cancel can still be undone. Raises AlreadyOver or CannotBringBack."""
    if appointment.starts_at <= now:
        raise AlreadyOver
    until = undo_deadline(appointment, by=by)
    if until is None or now > until:
        raise CannotBringBack


def must_be_free(
    appointment: Appointment, *, whose: Practitioner, room: int | None, start: datetime, end: datetime
) -> None:
    """Check that nobody has this time of `whose`, or that room, by now. Raises Refused, like the guard."""
    other = queries.overlapping(whose, room=room, start=start, end=end, ignoring=appointment).first()
    if other:
        raise StartRefused(taken_refusal(start, end, other.starts_at), whose)


def restored_fields(appointment: Appointment, *, now: datetime) -> dict[str, Any]:
    """Return the state fields: booked, or a request with its full time for an answer."""
    if appointment.booked_at:
        return {"state": State.BOOKED}
    wait = answer_by(the_practice(), appointment.starts_at, now=now)
    return {"state": State.PENDING, "answer_by": wait}
