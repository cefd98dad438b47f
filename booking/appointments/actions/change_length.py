"""Make a session longer or shorter: the same row, start, price and policy, and the same calendar entry."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from django.db.models import F

from booking.appointments.actions.move import must_be_expected
from booking.appointments.actions.notify import plan_session_emails
from booking.appointments.actions.restore import TOLD, WITHIN, Telling, must_be_free
from booking.availability.engine.explain import Refusal
from booking.availability.engine.slots import first_refusal
from booking.availability.loading import schedules, service_of
from booking.errors import AlreadyOver, CannotChangeBack, WrongLength
from booking.letters import restored, to_client, to_practitioner
from booking.letters.before_session import scheduled
from booking.locking.changes import (
    Code,
    What,
    must_be_as_seen,
    record_change,
    release_expired_of,
    reload,
    reload_in_same_hands,
)
from booking.locking.choosing import StartRefused, raising_slot_taken
from booking.locking.locks import lock, moment
from booking.models import Appointment, AppointmentChange
from booking.offers.actions import offer_freed, withdraw_offers_of
from practice.core.reasons import because
from practice.models import User
from practice.queries import one_practice

SHORTEST, LONGEST, STEP = 5, 720, 5  # minutes


def change_length(
    appointment: Appointment,
    *,
    minutes: int,
    by: User,
    now: datetime | None = None,
    override_note: str = "",
    sequence: int | None = None,
    telling: Telling = Telling.NOW,
) -> Appointment:
    """Let the session last `minutes` from its start; what it gives up is free at once.

    A longer one is judged by hours, buffers and taken time; with an `override_note` only an overlap refuses
    it. A shorter one always fits. To its own length nothing changes. `sequence`, `telling`: as for `move`.
    Raises WrongLength, SlotTaken, NotBookable, AlreadyCancelled, AlreadyOver, HandedOver or ChangedMeanwhile.
    """
    must_be_a_length(minutes)
    kind, person, start = appointment.session_type, appointment.practitioner, appointment.starts_at
    with raising_slot_taken(kind, [person], start=start, now=moment(now), ignoring=appointment):
        locked = lock([person], rooms=[appointment.room_id])
        now = moment(now)
        release_expired_of(locked, now=now)
        before = reload_in_same_hands(appointment)
        must_be_changeable(before, now=now)
        if before.minutes == minutes:
            return before
        must_be_as_seen(before, sequence)
        if refusal := refusal_of_length(before, minutes, now=now, override=bool(override_note)):
            raise StartRefused(refusal, person)
        after = write_length(before, minutes, override_note=override_note)
        record_length(before, after, by=by, now=now, override_note=override_note, telling=telling)
    return after


def must_be_a_length(minutes: int) -> None:
    """Check that a session can last so long. Raises WrongLength."""
    if not SHORTEST <= minutes <= LONGEST or minutes % STEP:
        raise WrongLength(SHORTEST, LONGEST, STEP)


def must_be_changeable(appointment: Appointment, *, now: datetime) -> None:
    """Check that the session is booked or requested and not over. Raises AlreadyCancelled or AlreadyOver."""
    must_be_expected(appointment)
    if not appointment.is_not_ended(now):
        raise AlreadyOver


def refusal_of_length(
    appointment: Appointment, minutes: int, *, now: datetime, override: bool = False
) -> Refusal | None:
    """Return the first rule that refuses a longer session, or None; it is judged from its own start.

    Asked before the lock to explain, and under it to decide. With `override` only a session in the way
    refuses, as it does in `must_be_free`.
    """
    person, start = appointment.practitioner, appointment.starts_at
    if minutes <= appointment.minutes:
        return None
    end = start + timedelta(minutes=minutes)
    if override:
        try:
            must_be_free(appointment, whose=person, room=appointment.room_id, start=start, end=end)
        except StartRefused as refused:
            return refused.refusal
        return None
    kind = appointment.session_type
    plan = schedules(kind, [person], first=start, until=end, now=now, ignoring=appointment)[person.pk]
    service = replace(service_of(kind, appointment).as_agreed(), minutes=minutes, daily_limit=None)
    return first_refusal(service, plan, start, now=min(now, start))


def write_length(before: Appointment, minutes: int, **fields: Any) -> Appointment:
    """Write the length and the end it leads to."""
    fields = {name: value for name, value in fields.items() if value or name != "override_note"}
    Appointment.objects.filter(pk=before.pk, state=before.state).update(
        minutes=minutes,
        ends_at=before.starts_at + timedelta(minutes=minutes),
        sequence=F("sequence") + 1,
        **fields,
    )
    return reload(before)


@one_practice()
def record_length(
    before: Appointment,
    after: Appointment,
    *,
    by: User,
    now: datetime,
    override_note: str,
    telling: Telling,
) -> None:
    """Do what another length brings along: the change row, the waitlist's offer, the emails."""
    due = telling.due(now)
    record_change(
        after,
        What.LENGTH,
        now=now,
        by=by,
        before={"minutes": before.minutes, TOLD: telling.tells, "override": bool(override_note)},
        note=override_note,
        code=Code.LENGTH,
        params={"was": before.minutes, "now": after.minutes, "told": telling.tells},
    )
    free_the_rest(before, after, now=now)
    if telling.tells:
        to_client.length_changed(after, was=before.minutes, now=now, due_at=due)
    else:
        restored.correct_unsent(after, now=now)
    to_practitioner.notice_length_changed(after, was=before.minutes, by=by, now=now, due_at=due)
    plan_session_emails(after, now=due)


def free_the_rest(before: Appointment, after: Appointment, *, now: datetime) -> None:
    """Offer what the session gave up to the waitlist; what named its old end before it is planned again."""
    if after.ends_at < before.ends_at:
        offer_freed(after.practitioner, after.ends_at, before.ends_at, freed=after, now=now)
    scheduled.cancel_before_session(after, why=because("appointment_moved"))


def undo_deadline(
    appointment: Appointment, change: AppointmentChange | None
) -> tuple[datetime, dict[str, Any]] | None:
    """Return until when staff may undo this change, the last one, and what it changed; None: not at all."""
    if change is None or change.what != What.LENGTH or change.before is None or not appointment.is_expected:
        return None
    return change.at + WITHIN, change.before


def change_length_back(appointment: Appointment, *, by: User, now: datetime | None = None) -> Appointment:
    """Undo another length of the last three minutes. If it was undone already, nothing changes.

    No rule judges the old length again; only somebody who has the time by now prevents it. A refused undo
    changes nothing. Raises SlotTaken, CannotChangeBack, AlreadyCancelled, AlreadyOver or HandedOver.
    """
    kind, person, start = appointment.session_type, appointment.practitioner, appointment.starts_at
    with raising_slot_taken(kind, [person], start=start, now=moment(now), ignoring=appointment):
        locked = lock([person], rooms=[appointment.room_id])
        now = moment(now)
        release_expired_of(locked, now=now)
        longer = reload_in_same_hands(appointment)
        must_be_changeable(longer, now=now)
        change = longer.changes.defer("note").last()
        if change and change.what == What.RESTORED:
            return longer
        found = undo_deadline(longer, change)
        if found is None or now > found[0]:
            raise CannotChangeBack
        end = start + timedelta(minutes=found[1]["minutes"])
        withdraw_offers_of(longer, start=start, end=end, now=now)
        must_be_free(longer, whose=person, room=longer.room_id, start=start, end=end)
        return put_back(longer, found[1], by=by, now=now)


def put_back(longer: Appointment, was: dict[str, Any], *, by: User, now: datetime) -> Appointment:
    """Write the old length, and email those who heard of the other one."""
    after = write_length(longer, was["minutes"])
    if was["override"]:
        Appointment.objects.filter(pk=after.pk).update(override_note="")
    record_change(after, What.RESTORED, now=now, by=by, was=None)
    free_the_rest(longer, after, now=now)
    if was[TOLD]:
        restored.length_back(after, was=longer.minutes, now=now)
    else:
        restored.correct_unsent(after, now=now)
    restored.notice_length_back(after, was=longer.minutes, by=by, now=now)
    plan_session_emails(after, now=now)
    return after
