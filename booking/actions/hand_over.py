"""Hand an appointment over to a colleague: the same row, time, calendar entry, price and policy."""

from __future__ import annotations

from datetime import datetime

from django.db.models import F
from django.utils.translation import gettext as _

from booking import handing_over, letters, queries
from booking.actions.move import must_stand
from booking.actions.telling import plan_what_comes
from booking.actions.under_lock import (
    Refused,
    State,
    What,
    again,
    again_in_same_hands,
    answering,
    lock,
    moment,
    record,
    release_expired_of,
)
from booking.actions.waitlist.offering import offer_freed
from booking.errors import AlreadyOver, NotOffered
from booking.models import Appointment
from booking.rules import room_for
from booking.walls import walls
from practice.models import Practitioner, User


def hand_over(
    appointment: Appointment, *, to: Practitioner, by: User, word: str = "", now: datetime | None = None
) -> Appointment:
    """Give it to a colleague who gives that session type and is free then; `word` goes along in the email.

    What is booked stays booked, and a request stays one, with its time for an answer. Its client confirms it
    anew: they stood behind a session with somebody else, so their record opens to the colleague when they
    do, or when it begins. A time that whoever is away could have given to others is offered to nobody while
    it is closed. With that colleague already: nothing happens.
    Raises SlotTaken, NotBookable, NotOffered, HandedOver, AlreadyCancelled or AlreadyOver.
    """
    kind, start = appointment.session_type, appointment.starts_at
    with answering(kind, [to], start=start, now=moment(now), ignoring=appointment):
        locked = lock([appointment.practitioner, to], rooms=[appointment.room_id])
        now = moment(now)
        release_expired_of(locked, now=now)
        if (before := again(appointment)).practitioner_id == to.pk:
            return before
        must_stand(again_in_same_hands(appointment))
        if before.starts_at <= now:
            raise AlreadyOver
        colleague = next((one for one in queries.practitioners_of(kind) if one.pk == to.pk), None)
        if colleague is None:
            raise NotOffered
        if why := handing_over.refusal(before, colleague, now=now):
            raise Refused(why, colleague)
        after = _write(before, colleague)
        names = {"was": before.practitioner.user.name, "now": colleague.user.name}
        note = _("From %(was)s to %(now)s.") % names
        record(after, What.HANDED_OVER, now=now, by=by, whose=before.practitioner, note=note)
        offer_freed(before.practitioner, before.starts_at, before.ends_at, freed=after, now=now)
        letters.call_off_ahead(after, reason=_("The appointment was handed over to a colleague."))
        letters.handed_over(after, was=before, word=word, now=now)
        letters.notice_handed_over(after, was=before, by=by, now=now)
        plan_what_comes(after, now=now)
    return after


def _write(before: Appointment, colleague: Practitioner) -> Appointment:
    """The guard has the last word. Only a claim that its client never confirmed stays one."""
    Appointment.objects.filter(pk=before.pk, state__in=(State.BOOKED, State.PENDING)).update(
        practitioner=colleague,
        room_id=room_for(before.session_type, colleague, before),
        **walls(before.starts_at, here=colleague.zone, booker=before.zone),
        sequence=F("sequence") + 1,
        is_claim=before.is_claim and before.confirmed_at is None,
        confirmed_at=None,
    )
    return again(before)
