"""Move an appointment: the same row, the same calendar entry, another time."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db.models import F
from django.utils.translation import gettext as _

from booking import calendar, letters
from booking.actions.telling import plan_what_comes
from booking.actions.under_lock import (
    Refused,
    State,
    What,
    again,
    again_in_same_hands,
    answering,
    choose,
    in_words,
    is_staff,
    lock,
    moment,
    record,
    release_expired_of,
    whole_seconds,
)
from booking.actions.waitlist.offering import offer_freed
from booking.errors import AlreadyCancelled, AlreadyOver, TooLate, TooManyMoves
from booking.models import Appointment
from booking.policy import answer_by, limits_of, policy_of, window_of
from booking.walls import walls
from practice.models import User
from practice.queries import the_practice


def move(
    appointment: Appointment,
    *,
    start: datetime,
    by: User | None = None,
    now: datetime | None = None,
    override_note: str = "",
) -> Appointment:
    """Move it to `start`, with the same practitioner; the old time is free at once.

    To its own time: nothing happens. A client's moves are held to the policy agreed when booking; staff are
    exempt, and with an `override_note` pass every rule but an overlap. A request stays one, with its full
    time for an answer; what is booked stays booked: our yes was to the person, and rules judge the time.
    Whatever is refused leaves the original as it was.
    Raises SlotTaken, NotBookable, TooLate, TooManyMoves, AlreadyCancelled, AlreadyOver.
    """
    start = whole_seconds(start)
    kind, practitioner = appointment.session_type, appointment.practitioner
    with answering(kind, [practitioner], start=start, now=moment(now), ignoring=appointment):
        locked = lock([practitioner], rooms=[appointment.room_id])
        now = moment(now)
        release_expired_of(locked, now=now)
        before = again_in_same_hands(appointment)
        must_stand(before)
        if before.starts_at == start:
            return before
        if not is_staff(by):
            must_be_allowed(before, now=now)
        override = bool(override_note) and is_staff(by)
        chosen = choose(kind, locked, start=start, now=now, ignoring=before, override=override)
        Appointment.objects.filter(pk=before.pk, state=before.state).update(
            starts_at=start,
            ends_at=start + timedelta(minutes=before.minutes),
            **walls(start, here=practitioner.zone, booker=before.zone),
            room_id=chosen.room_id,
            sequence=F("sequence") + 1,
            moves=before.moves if is_staff(by) else before.moves + 1,
            **({"override_note": override_note} if override else {}),
            **anew(before, start, by=by, now=now),
        )
        after = again(before)
        late = _("Moved late.") if after.free_until else ""
        note = override_note if override else late
        was = as_it_is(before, override=override)
        record(after, What.MOVED, now=now, by=by, was=before.starts_at, before=was, note=note)
        offer_freed(practitioner, before.starts_at, before.ends_at, freed=after, now=now)
        letters.call_off_ahead(after, reason=_("The appointment was moved."))
        letters.moved(after, was=before, now=now)
        letters.notice_moved(after, was=before, by=by, now=now)
        plan_what_comes(after, now=now)
    return after


def must_be_possible(
    appointment: Appointment, *, start: datetime, by: User | None = None, now: datetime | None = None
) -> None:
    """Say what `move` would say to a move to `start`, from one reading and without the lock. Nothing is kept.

    Raises what `move` raises; staff pass no rule here.
    """
    start, now = whole_seconds(start), moment(now)
    kind, practitioner = appointment.session_type, appointment.practitioner
    must_stand(appointment)
    if not is_staff(by):
        must_be_allowed(appointment, now=now)
    if refusal := calendar.judge(kind, practitioner, start, now=now, ignoring=appointment):
        refused = Refused(refusal, practitioner)
        raise in_words(
            refused, kind, [practitioner], start=start, now=now, asker="unknown", ignoring=appointment
        )


def as_it_is(before: Appointment, *, override: bool) -> dict[str, Any]:
    """What a move changes beside the time, as JSON: an undo puts it back (`move_back`). No words: with an
    `override`, only that the reason for it goes."""
    return {
        "room_id": before.room_id,
        "wall_here": before.wall_here,
        "wall_time": before.wall_time,
        "moves": before.moves,
        "free_until": before.free_until.isoformat() if before.free_until else None,
        **({"override_note": ""} if override else {}),
    }


def anew(
    before: Appointment, start: datetime, *, by: User | None, now: datetime
) -> dict[str, datetime | None]:
    """What a new time begins anew: a request's wait for an answer; free hours, unless a client moves late."""
    if before.state == State.PENDING:
        return {"answer_by": answer_by(the_practice(), start, now=now)}
    if is_staff(by) or window_of(before, now) == "free":
        return {"free_until": None}
    return {"free_until": limits_of(before)[0]}


def must_stand(appointment: Appointment) -> None:
    """Only what is booked or asked for can change. Raises AlreadyCancelled or AlreadyOver."""
    if appointment.state == State.CANCELLED:
        raise AlreadyCancelled(appointment)
    if appointment.state not in (State.BOOKED, State.PENDING):
        raise AlreadyOver


def must_be_allowed(appointment: Appointment, *, now: datetime) -> None:
    """A client's side of the policy; a request has no late hours. Raises what `move` says."""
    terms = policy_of(appointment)
    if appointment.starts_at <= now:
        raise AlreadyOver
    if appointment.state != State.PENDING and window_of(appointment, now) == "locked":
        raise TooLate(terms.locked_hours, the_practice().phone)
    if appointment.moves >= terms.moves_allowed:
        raise TooManyMoves(terms.moves_allowed, the_practice().phone)
