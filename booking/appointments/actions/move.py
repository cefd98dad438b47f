"""Move an appointment to another time: the same row and the same calendar entry."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db.models import F

from booking import queries
from booking.appointments.actions.notify import plan_session_emails
from booking.appointments.actions.restore import TOLD, Telling
from booking.availability.loading import room_for
from booking.errors import AlreadyCancelled, AlreadyOver, NotOffered, TooLate, TooManyMoves
from booking.letters import restored, to_client, to_practitioner
from booking.letters.before_session import scheduled
from booking.locking.changes import (
    Code,
    State,
    What,
    is_staff,
    must_be_as_seen,
    record_change,
    release_expired_of,
    reload,
    reload_in_same_hands,
)
from booking.locking.choosing import choose_practitioner, raising_slot_taken, refuse_if_taken
from booking.locking.locks import lock, moment, whole_seconds
from booking.models import Appointment
from booking.offers.actions import offer_freed
from booking.packages import actions as packages_actions
from booking.packages.queries import use_of
from booking.policy.terms import answer_by, limits_of, policy_of, window_of
from booking.time_zones.wall_times import walls
from practice.contact import please_call
from practice.core.reasons import because
from practice.models import Practitioner, User
from practice.queries import one_practice, the_practice


def move(
    appointment: Appointment,
    *,
    start: datetime,
    by: User | None = None,
    now: datetime | None = None,
    override_note: str = "",
    to: Practitioner | None = None,
    sequence: int | None = None,
    telling: Telling = Telling.NOW,
) -> Appointment:
    """Move the appointment to `start`, with its practitioner or `to` a colleague. The old time is free.

    A move to its own time changes nothing. A client's moves are held to the policy agreed when booking; staff
    are exempt, and with an `override_note` pass every rule but an overlap. A request stays a request, with
    its full time for an answer; a booked session stays booked: approval was for the person, and rules judge
    the time. The time is judged as for a booking (`refuse_if_taken`, `choose_practitioner`), and its package
    is chosen again. `sequence`: of the row as its form showed it; if it has changed since, nothing moves.
    `telling`: when its emails leave. A refused move leaves the original as it was. Raises SlotTaken,
    NotBookable, NotOffered, TooLate, TooManyMoves, AlreadyCancelled, AlreadyOver, HandedOver or
    ChangedMeanwhile.
    """
    start, seen_at = whole_seconds(start), moment(now)
    kind, person = appointment.session_type, to or appointment.practitioner
    override = bool(override_note) and is_staff(by)
    if not override:
        must_be_possible(appointment, start, person, by=by, now=seen_at)
    with raising_slot_taken(kind, [person], start=start, now=seen_at, ignoring=appointment):
        locked = lock([appointment.practitioner, person], rooms=[appointment.room_id])
        now = moment(now)
        release_expired_of(locked, now=now)
        before = reload_in_same_hands(appointment)
        must_be_expected(before)
        if is_already_there(before, start, person):
            return before
        must_be_as_seen(before, sequence)
        if not is_staff(by):
            must_be_allowed(before, now=now)
        must_be_given(before, person, by=by)
        candidates = [one for one in locked if one.pk == person.pk]
        chosen = choose_practitioner(
            kind, candidates, start=start, now=now, ignoring=before, override=override
        )
        note = override_note if override else ""
        after = write(before, chosen, start, by=by, now=now, override_note=note)
        record_move(before, after, by=by, now=now, override_note=note, telling=telling)
    return after


def must_be_possible(
    appointment: Appointment,
    start: datetime,
    person: Practitioner | None = None,
    *,
    by: User | None,
    now: datetime | None = None,
) -> None:
    """Refuse a move that is clearly not possible, before it is confirmed or waits for the lock.

    From one reading and without the lock; nothing is reserved. Raises what `move` raises.
    """
    start, now, person = whole_seconds(start), moment(now), person or appointment.practitioner
    must_be_expected(appointment)
    if is_already_there(appointment, start, person):
        return
    if not is_staff(by):
        must_be_allowed(appointment, now=now)
    must_be_given(appointment, person, by=by)
    kind = appointment.session_type
    refuse_if_taken(kind, [person], start=start, now=now, asker="unknown", ignoring=appointment)


def write(
    before: Appointment,
    chosen: Practitioner,
    start: datetime,
    *,
    by: User | None,
    now: datetime,
    override_note: str,
) -> Appointment:
    """Write the appointment at its new time.

    With a colleague its client confirms it again: only then their record opens to the colleague.
    """
    other = chosen.pk != before.practitioner_id
    unproved = before.is_claim and before.confirmed_at is None
    Appointment.objects.filter(pk=before.pk, state=before.state).update(
        starts_at=start,
        ends_at=start + timedelta(minutes=before.minutes),
        **walls(start, here=chosen.zone, booker=before.zone),
        practitioner=chosen,
        room_id=room_for(before.session_type, chosen, before),
        sequence=F("sequence") + 1,
        moves=before.moves if is_staff(by) else before.moves + 1,
        **({"override_note": override_note} if override_note else {}),
        **({"confirmed_at": None, "is_claim": unproved} if other else {}),
        **restarted_fields(before, start, by=by, now=now),
    )
    return reload(before)


@one_practice()
def record_move(
    before: Appointment,
    after: Appointment,
    *,
    by: User | None,
    now: datetime,
    override_note: str,
    telling: Telling,
) -> None:
    """Do what a move brings along: the change row, the package, the waitlist's offer, the emails."""
    code = Code.MOVED_LATE if after.free_until and not override_note else ""
    code = code if telling.tells or override_note else Code.NOT_TOLD
    was = {**state_before_move(before, after, override=bool(override_note)), TOLD: telling.tells}
    whose = before.practitioner
    record_change(
        after,
        What.MOVED,
        now=now,
        by=by,
        was=before.starts_at,
        whose=whose,
        before=was,
        note=override_note,
        code=code,
    )
    packages_actions.recheck_payment(after, now=now)
    offer_freed(whose, before.starts_at, before.ends_at, freed=after, now=now)
    scheduled.cancel_before_session(after, why=because("appointment_moved"))
    tell_of_move(before, after, by=by, now=now, telling=telling)


def tell_of_move(
    before: Appointment, after: Appointment, *, by: User | None, now: datetime, telling: Telling
) -> None:
    """Plan the emails of a move: to the client, unless that is not wanted, to colleagues, and reminders."""
    due = telling.due(now)
    if telling.tells:
        to_client.moved(after, was=before, now=now, due_at=due)
    else:
        restored.correct_unsent(after, now=now)
    to_practitioner.notice_moved(after, was=before, by=by, now=now, due_at=due)
    plan_session_emails(after, now=due)


def state_before_move(before: Appointment, after: Appointment, *, override: bool) -> dict[str, Any]:
    """Return what a move changes besides time and practitioner, as JSON, so that `move_back` can undo it.

    Asked before the package is chosen again. No words: with an `override`, only that there was a reason.
    """
    use = use_of(before)
    return {
        packages_actions.PAID_BY: use.pk if use else None,
        "room_id": before.room_id,
        "wall_here": before.wall_here,
        "wall_time": before.wall_time,
        "moves": before.moves,
        "free_until": before.free_until.isoformat() if before.free_until else None,
        **({"override_note": ""} if override else {}),
        **(how_confirmed(before) if after.practitioner_id != before.practitioner_id else {}),
    }


def how_confirmed(before: Appointment) -> dict[str, Any]:
    """Return whether and when the client confirmed the appointment, as JSON, for an undo."""
    confirmed = before.confirmed_at.isoformat() if before.confirmed_at else None
    return {"confirmed_at": confirmed, "is_claim": before.is_claim}


def is_already_there(appointment: Appointment, start: datetime, person: Practitioner) -> bool:
    """Return whether the appointment is at that time with that practitioner already."""
    return appointment.starts_at == start and appointment.practitioner_id == person.pk


def restarted_fields(
    before: Appointment, start: datetime, *, by: User | None, now: datetime
) -> dict[str, datetime | None]:
    """Return fields that restart with a new time: `answer_by`, or `free_until` (kept when moved late)."""
    if before.state == State.PENDING:
        return {"answer_by": answer_by(the_practice(), start, now=now)}
    if is_staff(by) or window_of(before, now) == "free":
        return {"free_until": None}
    return {"free_until": limits_of(before)[0]}


def must_be_given(appointment: Appointment, person: Practitioner, *, by: User | None) -> None:
    """Check that `person` gives this type and takes bookings. Raises NotOffered.

    Staff may also move it with its own practitioner who takes no new bookings; a type that is not offered any
    more stays bookable for the people who have booked it.
    """
    if is_staff(by) and person.pk == appointment.practitioner_id:
        return
    if person not in queries.practitioners_of(appointment.session_type):
        raise NotOffered


def must_be_expected(appointment: Appointment) -> None:
    """Check that the appointment is booked or pending. Raises AlreadyCancelled or AlreadyOver."""
    if appointment.state == State.CANCELLED:
        raise AlreadyCancelled(appointment)
    if not appointment.is_expected:
        raise AlreadyOver


def must_be_allowed(appointment: Appointment, *, now: datetime) -> None:
    """Check a client's move against the policy; a request has no late hours. Raises the errors of `move`."""
    terms = policy_of(appointment)
    if appointment.starts_at <= now:
        raise AlreadyOver
    if appointment.state != State.PENDING and window_of(appointment, now) == "locked":
        raise TooLate(terms.locked_hours, please_call(the_practice()))
    if appointment.moves >= terms.moves_allowed:
        raise TooManyMoves(terms.moves_allowed, please_call(the_practice()))
