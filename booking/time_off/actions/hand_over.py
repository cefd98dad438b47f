"""Hand an appointment over to a colleague: the same row, time, calendar entry, price and policy."""

from __future__ import annotations

from datetime import datetime

from django.db.models import F

from booking import queries as booking_queries
from booking.appointments.actions.move import must_be_expected
from booking.appointments.actions.notify import plan_session_emails
from booking.availability.loading import room_for
from booking.errors import AlreadyOver, NotOffered
from booking.letters import to_client, to_practitioner
from booking.letters.before_session import scheduled
from booking.locking.changes import (
    Code,
    What,
    record_change,
    release_expired_of,
    reload,
    reload_in_same_hands,
)
from booking.locking.choosing import StartRefused, raising_slot_taken
from booking.locking.locks import lock, moment
from booking.models import Appointment
from booking.offers.actions import offer_freed
from booking.time_off import queries as time_off_queries
from booking.time_zones.wall_times import walls
from practice.core.reasons import because
from practice.models import Practitioner, User


def hand_over(
    appointment: Appointment, *, to: Practitioner, by: User, word: str = "", now: datetime | None = None
) -> Appointment:
    """Hand the appointment to a colleague who gives its type and is free; `word` goes along in the email.

    A booked session stays booked, and a request stays a request, with its time for an answer. Its client
    confirms it again: they confirmed a session with somebody else, so their record opens to the colleague
    when they do, or when it begins. The freed time is offered to nobody while the day is closed. If it is
    with that colleague already, nothing changes. Raises SlotTaken, NotBookable, NotOffered, HandedOver,
    AlreadyCancelled or AlreadyOver.
    """
    kind, start = appointment.session_type, appointment.starts_at
    with raising_slot_taken(kind, [to], start=start, now=moment(now), ignoring=appointment):
        locked = lock([appointment.practitioner, to], rooms=[appointment.room_id])
        now = moment(now)
        release_expired_of(locked, now=now)
        if (before := reload(appointment)).practitioner_id == to.pk:
            return before
        must_be_expected(reload_in_same_hands(appointment))
        if before.starts_at <= now:
            raise AlreadyOver
        colleague = next((one for one in booking_queries.practitioners_of(kind) if one.pk == to.pk), None)
        if colleague is None:
            raise NotOffered
        if why := time_off_queries.refusal(before, colleague, now=now):
            raise StartRefused(why, colleague)
        after = _write(before, colleague)
        names = {"was": before.practitioner.user.name, "now": colleague.user.name}
        whose = before.practitioner
        record_change(
            after, What.HANDED_OVER, now=now, by=by, whose=whose, code=Code.HANDED_OVER, params=names
        )
        offer_freed(before.practitioner, before.starts_at, before.ends_at, freed=after, now=now)
        scheduled.cancel_before_session(after, why=because("appointment_handed_over"))
        to_client.handed_over(after, was=before, word=word, now=now)
        to_practitioner.notice_handed_over(after, was=before, by=by, now=now)
        plan_session_emails(after, now=now)
    return after


def _write(before: Appointment, colleague: Practitioner) -> Appointment:
    """Write the row with its new practitioner. Only a claim that its client never confirmed stays one."""
    Appointment.objects.filter(pk=before.pk).expected().update(
        practitioner=colleague,
        room_id=room_for(before.session_type, colleague, before),
        **walls(before.starts_at, here=colleague.zone, booker=before.zone),
        sequence=F("sequence") + 1,
        is_claim=before.is_claim and before.confirmed_at is None,
        confirmed_at=None,
    )
    return reload(before)
