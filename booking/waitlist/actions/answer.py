"""Accept or decline an offer. Of two answers at once one counts; a late one raises OfferClosed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from booking.appointments.actions.book import book
from booking.appointments.actions.end import end
from booking.attendees.attendee import Attendee
from booking.errors import OfferClosed
from booking.letters import to_client, to_practitioner
from booking.letters.before_session import scheduled
from booking.locking.changes import Code, State, What, record_change, reload
from booking.locking.locks import lock, moment
from booking.models import Appointment, Offer, WaitlistEntry
from booking.offers.actions import close, offer_freed
from booking.packages import actions as paying
from booking.packages import queries as packages_queries
from practice.core.reasons import because
from practice.models import User


def accept(
    offer: Offer,
    *,
    by: User | None = None,
    now: datetime | None = None,
    said: Mapping[str, str] | None = None,
) -> Appointment:
    """Book the offered time; a session given up for it is canceled in the same transaction.

    `said`: what the session's place needs and the wish does not have, if it was made before its type became a
    visit. Accepted before: returns the appointment that was booked then. Raises
    AttendeeIncomplete, and the offer stays open; or OfferClosed, which says what became of it.
    """
    held, entry = offer.appointment, offer.entry
    people = [held.practitioner, *([entry.swaps.practitioner] if entry.swaps else [])]
    with transaction.atomic():
        # Locked together, in the one order: the session given up may be with another practitioner.
        lock(people, rooms=[held.room_id, *([entry.swaps.room_id] if entry.swaps else [])])
        now = moment(now)
        won = Offer.objects.filter(pk=offer.pk, state=Offer.State.OPEN, expires_at__gt=now).update(
            state=Offer.State.ACCEPTED, answered_at=now
        )
        if not won:
            return _accepted_before(offer)
        booked = book(
            held.session_type,
            practitioners=[held.practitioner],
            start=held.starts_at,
            attendee=Attendee.from_entry(entry, said),
            client=entry.client,
            consent=True,  # the page shows the rules above its one button
            held=reload(held),
            by=by,
            now=now,
            confirmed=True,  # an offer's link is in its email only
        )
        WaitlistEntry.objects.filter(pk=entry.pk).update(state=WaitlistEntry.State.BOOKED)
        if entry.swaps:
            swap(entry.swaps, booked, now=now)
    return booked


def swap(old: Appointment, new: Appointment, *, now: datetime) -> None:
    """Cancel the old session for the new one, at no cost, and let its package pay for the new one.

    Its time is offered in turn. An old one that has changed meanwhile stays as it is.
    """
    before = reload(old)
    changed_hands = before.practitioner_id != old.practitioner_id
    if before.state != State.BOOKED or before.starts_at <= now or changed_hands:
        return
    paid_by = packages_queries.use_of(before)
    after = end(before, now=now)
    record_change(after, What.CANCELLED, now=now, by=new.contact, code=Code.EXCHANGED)
    paying.give_back(after, now=now)
    if paid_by:
        paying.use_for(new, now=now, rather=paid_by.package)
    scheduled.cancel_before_session(after, why=because("appointment_exchanged"))
    to_client.cancelled(after, fee=0, by=None, now=now)
    to_practitioner.notice_cancelled(after, fee=0, by=None, now=now)


def decline(offer: Offer, *, now: datetime | None = None) -> Offer:
    """Decline the offer; the next person is asked, the wish stays. A repeat is safe. Raises OfferClosed."""
    held = offer.appointment
    with transaction.atomic():
        [practitioner] = lock([held.practitioner], rooms=[held.room_id])
        now = moment(now)
        if close(offer, Offer.State.DECLINED, now=now):
            offer_freed(practitioner, held.starts_at, held.ends_at, freed=offer.freed, now=now)
    now_is = Offer.objects.get(pk=offer.pk)
    if now_is.state != Offer.State.DECLINED:
        raise OfferClosed(now_is)
    return now_is


def _accepted_before(offer: Offer) -> Appointment:
    now_is = Offer.objects.get(pk=offer.pk)
    if now_is.state == Offer.State.ACCEPTED:
        return reload(offer.appointment)
    raise OfferClosed(now_is)
