"""Join the waitlist, leave it, and end wishes that are over."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from booking.attendees.actions.who_comes import client_for
from booking.attendees.attendee import Attendee
from booking.attendees.checks import checked
from booking.attendees.questions import answer_in, kept_by
from booking.errors import WishUnclear
from booking.locking.changes import State, is_staff
from booking.locking.locks import lock, moment
from booking.models import Appointment, Offer, SessionType, WaitlistEntry
from booking.offers import letters as offers_letters
from booking.offers.actions import close, offer_freed
from practice.core.clock import zone_named
from practice.core.plain_text import is_same_name
from practice.models import Practitioner, User
from practice.queries import one_practice, practice_zone, the_practice
from practice.security.same_work import rolled_back_unless

MOST = 5  # wishes of one person


@dataclass(frozen=True)
class WaitlistChoices:
    """A wish for a time, on the practice's clock. Weekdays: 0 is Monday; none: any day."""

    last_day: date
    first_day: date | None = None
    practitioner: Practitioner | None = None
    weekdays: tuple[int, ...] = ()
    earliest: time | None = None
    latest: time | None = None


@one_practice()
def join(
    session_type: SessionType,
    wanted: WaitlistChoices,
    *,
    attendee: Attendee,
    by: User | None = None,
    swaps: Appointment | None = None,
    now: datetime,
) -> WaitlistEntry | None:
    """Save the wish and confirm it by email; the same wish of the same person again is the existing one.

    For somebody else, or with another number or address, it is a new wish: an existing one is never
    overwritten, since a person who types an email address here may be a stranger. `swaps`: a session of
    theirs that they would give up for an earlier one; only for a signed-in person. None when that person has
    enough wishes already: a public page answers the same, and so tells nobody whether the address is known.
    Raises WishUnclear or AttendeeIncomplete.
    """
    attendee = checked(attendee, by_staff=is_staff(by), place=session_type.place)
    _must_make_sense(wanted, now=now)
    swaps = swaps if swaps and by and swaps.client_id == by.pk and swaps.state == State.BOOKED else None
    fields = {
        "session_type": session_type,
        "practitioner": wanted.practitioner,
        "weekdays": sorted(set(wanted.weekdays)),
        "earliest": wanted.earliest,
        "latest": wanted.latest,
        "first_day": wanted.first_day,
        "last_day": wanted.last_day,
        "swaps": swaps,
    }
    with transaction.atomic():
        client = client_for(attendee)
        client = User.objects.select_for_update(no_key=True).get(pk=client.pk)  # a double click waits here
        waiting = WaitlistEntry.objects.filter(client=client, state=WaitlistEntry.State.WAITING)
        standing = _of_same_words(waiting.filter(**fields).select_related("client"), attendee)
        is_full = waiting.count() >= MOST
        with rolled_back_unless(standing is None and not is_full):  # the same work for all
            entry = WaitlistEntry.objects.create(
                client=client,
                **attendee.with_answers(name=_name_kept(attendee, client, by=by)).columns(WaitlistEntry),
                zone=attendee.zone,
                created_at=now,
                **fields,
            )
            offers_letters.wish_noted(entry, now=now)
    return standing or (None if is_full else entry)


def _name_kept(attendee: Attendee, client: User, *, by: User | None) -> str:
    """Return the name to keep; "" for one's own: a person who waits is booked by the name they have then."""
    return "" if by and by.pk == client.pk and by.name == attendee.name else attendee.name


def _of_same_words(alike: QuerySet[WaitlistEntry], attendee: Attendee) -> WaitlistEntry | None:
    """Return the wish that has the same attendee, number, address and other answers, or None.

    An address is stored encrypted, so it is compared here; one with a lost key equals nothing.
    """
    return next((one for one in alike if _has_same_words(one, attendee)), None)


def _has_same_words(entry: WaitlistEntry, attendee: Attendee) -> bool:
    if not is_same_name(entry.who, attendee.name):
        return False
    said = attendee.answers()
    kept = [one for one in kept_by(WaitlistEntry) if one.name != "name"]
    return all(
        (one.only_for_place and not said[one.name]) or answer_in(entry, one) == said[one.name] for one in kept
    )


def _must_make_sense(wanted: WaitlistChoices, *, now: datetime) -> None:
    zone = zone_named(wanted.practitioner.zone) if wanted.practitioner else practice_zone(the_practice())
    today = now.astimezone(zone).date()
    if wanted.last_day < today:
        raise WishUnclear("last_day", _("That day has already passed."))
    if wanted.last_day > today + timedelta(days=366):
        raise WishUnclear("last_day", _("Please choose a day within the next year."))
    if wanted.first_day and wanted.first_day > wanted.last_day:
        raise WishUnclear("last_day", _("The last day is before the first."))
    if wanted.earliest and wanted.latest and wanted.earliest > wanted.latest:
        raise WishUnclear("latest", _("The latest time is before the earliest."))
    begin = max(wanted.first_day or today, today)
    week = [begin + timedelta(days=shift) for shift in range(7)]
    possible = {day.weekday() for day in week if day <= wanted.last_day}
    if wanted.weekdays and not possible & set(wanted.weekdays):
        raise WishUnclear("weekdays", _("None of these weekdays falls between your two dates."))


def leave(entry: WaitlistEntry, *, now: datetime | None = None) -> WaitlistEntry:
    """Leave the waitlist; an open offer goes to the next person. A second call changes nothing."""
    offers = Offer.objects.filter(entry=entry, state=Offer.State.OPEN).select_related(
        "appointment__practitioner"
    )
    with transaction.atomic():
        for offer in offers:
            held = offer.appointment
            [practitioner] = lock([held.practitioner], rooms=[held.room_id])
            now = moment(now)
            _mark(entry, WaitlistEntry.State.LEFT)
            if close(offer, Offer.State.DECLINED, now=now):
                offer_freed(practitioner, held.starts_at, held.ends_at, freed=offer.freed, now=now)
        _mark(entry, WaitlistEntry.State.LEFT)
    return WaitlistEntry.objects.get(pk=entry.pk)


def _mark(entry: WaitlistEntry, state: WaitlistEntry.State) -> None:
    WaitlistEntry.objects.filter(pk=entry.pk, state=WaitlistEntry.State.WAITING).update(state=state)


def end_past(*, now: datetime) -> int:
    """End wishes whose last day is over everywhere; return how many."""
    yesterday = (now - timedelta(days=1)).date()
    past = WaitlistEntry.objects.filter(state=WaitlistEntry.State.WAITING, last_day__lt=yesterday)
    return past.update(state=WaitlistEntry.State.OVER)
