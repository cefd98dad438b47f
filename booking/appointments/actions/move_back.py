"""Undo a recent move: the same row at its old time, as it was before."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db.models import F

from booking.appointments.actions.notify import plan_session_emails
from booking.appointments.actions.restore import TOLD, WITHIN, must_be_free
from booking.errors import AlreadyOver, CannotMoveBack
from booking.letters import restored
from booking.letters.before_session import scheduled
from booking.locking.changes import (
    State,
    What,
    is_staff,
    record_change,
    release_expired_of,
    reload,
    reload_in_same_hands,
)
from booking.locking.choosing import raising_slot_taken
from booking.locking.locks import lock, moment
from booking.models import Appointment, AppointmentChange
from booking.offers.actions import offer_freed, withdraw_offers_of
from booking.packages import actions as packages_actions
from booking.policy.terms import answer_by
from practice.core.reasons import because
from practice.models import Practitioner, User
from practice.queries import the_practice


def move_back(
    appointment: Appointment, *, by: User | None = None, now: datetime | None = None
) -> Appointment:
    """Undo a move of the last three minutes. If it was undone already, nothing changes.

    No rule judges the old time again, since it was free or offered for a moment; only somebody else who has
    it by now prevents the undo, and an offer of it that nobody has accepted is withdrawn. The move is not
    counted; a session that went to a colleague goes back. A refused undo changes nothing. Raises SlotTaken
    with the nearest free times, CannotMoveBack, AlreadyOver or HandedOver.
    """
    kind, seen = appointment.session_type, last_change(appointment)
    start = (seen.was_starts_at if seen else None) or appointment.starts_at
    whose = (seen.was_practitioner if seen else None) or appointment.practitioner
    with raising_slot_taken(kind, [whose], start=start, now=moment(now), ignoring=appointment):
        locked = lock([appointment.practitioner, whose], rooms=[appointment.room_id, _room_before(seen)])
        now = moment(now)
        release_expired_of(locked, now=now)
        moved = reload_in_same_hands(appointment)
        change = last_change(moved)
        if change and change.what == What.RESTORED and moved.is_expected:
            return moved
        start, was = must_be_undoable(moved, change, by=by, now=now)
        if whose != ((change.was_practitioner if change else None) or moved.practitioner):
            raise CannotMoveBack  # moved again since it was read: its practitioner is not locked
        end = start + timedelta(minutes=moved.minutes)
        withdraw_offers_of(moved, start=start, end=end, now=now)
        must_be_free(moved, whose=whose, room=was["room_id"], start=start, end=end)
        return put_back(moved, whose, start, was, since=change.at if change else now, by=by, now=now)


def put_back(
    moved: Appointment,
    whose: Practitioner,
    start: datetime,
    was: dict[str, Any],
    *,
    since: datetime,
    by: User | None,
    now: datetime,
) -> Appointment:
    """Write the old time, offer the time given up, and email those who heard of the move made at `since`."""
    Appointment.objects.filter(pk=moved.pk, state=moved.state).update(
        starts_at=start,
        ends_at=start + timedelta(minutes=moved.minutes),
        practitioner=whose,
        sequence=F("sequence") + 1,
        **restored_fields(moved, start, was, now=now),
    )
    after = reload(moved)
    record_change(after, What.RESTORED, now=now, by=by, was=moved.starts_at, whose=moved.practitioner)
    packages_actions.pay_moved_back(after, was, since=since, now=now)
    offer_freed(moved.practitioner, moved.starts_at, moved.ends_at, freed=after, now=now)
    scheduled.cancel_before_session(after, why=because("appointment_moved"))
    if was.get(TOLD, True):
        restored.moved_back(after, was=moved, now=now)
    else:
        restored.correct_unsent(after, now=now)
    restored.notice_moved_back(after, was=moved, by=by, now=now)
    plan_session_emails(after, now=now)
    return after


def last_change(appointment: Appointment) -> AppointmentChange | None:
    """Return the last change of the appointment, without its note, which a lost key could block."""
    return appointment.changes.defer("note").last()


def undo_deadline(
    appointment: Appointment, change: AppointmentChange | None, *, by: User | None
) -> tuple[datetime, datetime] | None:
    """Return until when this person may undo the move, and the old start; None: not at all. No query.

    `change`: the last one of the appointment.

    Only while nothing else has happened since. A client undoes their own move, not one by staff; staff undo
    either.
    """
    if not appointment.is_expected or change is None or change.what != What.MOVED:
        return None
    if change.before is None or change.was_starts_at is None:
        return None
    if change.by_staff and not is_staff(by):
        return None
    if "confirmed_at" in change.before and change.was_practitioner_id is None:
        return None  # the earlier practitioner no longer works here
    return change.at + WITHIN, change.was_starts_at


def must_be_undoable(
    appointment: Appointment, change: AppointmentChange | None, *, by: User | None, now: datetime
) -> tuple[datetime, dict[str, Any]]:
    """Return the old start and the fields stored with it. Raises AlreadyOver or CannotMoveBack."""
    found = undo_deadline(appointment, change, by=by)
    if change is None or found is None or now > found[0]:
        raise CannotMoveBack
    if found[1] <= now:
        raise AlreadyOver
    return found[1], change.before


def restored_fields(
    moved: Appointment, start: datetime, was: dict[str, Any], *, now: datetime
) -> dict[str, Any]:
    """Return the fields as before the move; a request has its full time for an answer again."""
    fields = {name: value for name, value in was.items() if name not in (packages_actions.PAID_BY, TOLD)}
    for name in ("free_until", "confirmed_at"):
        if was.get(name):
            fields[name] = datetime.fromisoformat(was[name])
    if moved.state == State.PENDING:
        fields["answer_by"] = answer_by(the_practice(), start, now=now)
    return fields


def _room_before(change: AppointmentChange | None) -> int | None:
    return change.before["room_id"] if change and change.before else None
