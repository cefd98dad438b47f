"""Offer a freed time to one person at a time, and keep it for them meanwhile.

Called in the transaction that frees the time: the public never sees a time that somebody waits for. The
offer's time is an appointment in state `held`, so that the guard keeps it like any other.

At night nobody is asked, and the time is public; people who wait are asked in the morning if it is still
free (`offer_again`). An entry made after the time was freed gets no offer of it: whoever made it saw it among
the free ones. A time that a session in a shared room frees for a second practitioner is public at once: it is
offered only with the practitioner whose time it was.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import structlog
from django.db import transaction

from booking.availability import listing
from booking.holds.actions.hold import terms_snapshot
from booking.locking.changes import State, What, record_change, release, release_expired_of, reload
from booking.locking.locks import lock, moment
from booking.models import Appointment, Offer, WaitlistEntry
from booking.offers import letters, queries
from booking.offers.matching import WaitlistCriteria, first_match
from practice.core.clock import zone_named
from practice.models import Practitioner
from practice.queries import one_practice, the_practice

log = structlog.get_logger(__name__)
# For how long a held time outlives its offer. The periodic task asks the next person well before that; if
# the worker is down, the time is public afterwards.
GRACE = timedelta(minutes=15)
ASK_AGAIN = timedelta(hours=14)  # a night (20:00 to 8:00), and two hours more


def offer_freed(
    practitioner: Practitioner,
    start: datetime,
    end: datetime,
    *,
    freed: Appointment | None = None,
    since: datetime | None = None,
    now: datetime,
) -> Offer | None:
    """Offer `[start, end)` to the first person whose wish it suits; None when nobody is to be asked now.

    Called under the lock of the practitioner. `freed`: the appointment whose end or move freed it. `since`:
    when it was freed (default: now).
    """
    queue = list(queries.askable_entries(practitioner, start, end, since=since or now, freed=freed))
    if not queue or end <= now:
        return None
    release_expired_of([practitioner], now=now)
    zone = zone_named(practitioner.zone)
    found = first_match(
        [criteria_of(entry, zone) for entry in queue],
        starts_within(practitioner, queue, start, end, now=now),
        practitioner=practitioner.pk,
        zone=zone,
        now=now,
    )
    if found is None:
        return None
    entry = next(entry for entry in queue if entry.pk == found[0].key)
    return make_offer(entry, practitioner, found[1], freed=freed, now=now)


def starts_within(
    practitioner: Practitioner,
    queue: Iterable[WaitlistEntry],
    start: datetime,
    end: datetime,
    *,
    now: datetime,
) -> dict[int, list[datetime]]:
    """Return by session type bookable starts that use some of the freed time, nearest to its start first."""
    found = {}
    for kind in {entry.session_type_id: entry.session_type for entry in queue}.values():
        reach = timedelta(minutes=kind.minutes) - timedelta(seconds=1)
        # The practice makes the offer: who may book the type was judged when they joined.
        free = listing.free_starts(
            kind, [practitioner], first=start - reach, until=end, now=now, asker="staff"
        )
        found[kind.pk] = sorted((one.start for one in free), key=lambda one: (abs(one - start), one))
    return found


def criteria_of(entry: WaitlistEntry, home: ZoneInfo) -> WaitlistCriteria:
    """Return the row as a value. An unknown zone becomes the practitioner's."""
    swaps = entry.swaps if entry.swaps and entry.swaps.state == State.BOOKED else None
    return WaitlistCriteria(
        key=entry.pk,
        kind=entry.session_type_id,
        zone=zone_named(entry.zone) if entry.zone else home,
        last_day=entry.last_day,
        first_day=entry.first_day,
        practitioner=entry.practitioner_id,
        weekdays=frozenset(entry.weekdays),
        earliest=entry.earliest,
        latest=entry.latest,
        before=swaps.starts_at if swaps else None,
    )


@one_practice()
def make_offer(
    entry: WaitlistEntry,
    practitioner: Practitioner,
    start: datetime,
    *,
    freed: Appointment | None,
    now: datetime,
) -> Offer:
    """Hold the time, make the offer and plan its email."""
    expires = min(now + timedelta(minutes=the_practice().offer_minutes), start)
    held = Appointment.objects.create(
        **terms_snapshot(entry.session_type, practitioner, start),
        state=State.HELD,
        hold_expires_at=expires + GRACE,
        attendee_name=entry.who,
    )
    record_change(held, What.HELD, now=now)
    offer = Offer.objects.create(
        entry=entry, appointment=held, freed=freed, offered_at=now, expires_at=expires
    )
    letters.offered(offer, now=now)
    return offer


def withdraw_offers_of(freed: Appointment, *, start: datetime, end: datetime, now: datetime) -> int:
    """Withdraw offers of `[start, end)`, to which the session that freed it returns; return how many.

    Called under the lock of its practitioner. An accepted offer stays: the session's time is gone then. What
    the same session freed elsewhere, by an earlier move, stays offered.
    """
    taken_back = 0
    there = {"appointment__starts_at__lt": end, "appointment__ends_at__gt": start}
    for offer in queries.open_offers().filter(freed=freed, **there):
        taken_back += close(offer, Offer.State.WITHDRAWN, now=now)
    return taken_back


def close(offer: Offer, state: Offer.State, *, now: datetime) -> bool:
    """End an open offer and release its hold, under the lock; return whether this call did it."""
    won = Offer.objects.filter(pk=offer.pk, state=Offer.State.OPEN).update(state=state, answered_at=now)
    if won:
        release(reload(offer.appointment), now=now)
    return bool(won)


def lapse_due(*, now: datetime | None = None) -> int:
    """End offers whose time is up, and ask the next person; return how many. Each in its own transaction."""
    due = queries.open_offers().filter(expires_at__lte=moment(now))
    return sum(_each(_lapse, offer, now=now) for offer in due)


def _lapse(offer: Offer, *, now: datetime | None) -> bool:
    held = offer.appointment
    [practitioner] = lock([held.practitioner], rooms=[held.room_id])
    now = moment(now)
    won = close(offer, Offer.State.LAPSED, now=now)
    if won:
        offer_freed(practitioner, held.starts_at, held.ends_at, freed=offer.freed, now=now)
    return won


def offer_again(*, now: datetime | None = None) -> int:
    """Offer times freed while nobody could be asked (at night), if still free; return how many offers."""
    if not queries.has_waitlist_entries():
        return 0
    seen_at = moment(now)
    changes = queries.freed_since(seen_at - ASK_AGAIN, now=seen_at)
    return sum(_each(_ask, change, now=now) for change in changes)


def _ask(change: queries.Freed, *, now: datetime | None) -> bool:
    [practitioner] = lock([change.practitioner])
    now = moment(now)
    offer = offer_freed(
        practitioner, change.start, change.end, freed=change.appointment, since=change.at, now=now
    )
    return offer is not None


def _each(act: Callable[..., bool], one: object, *, now: datetime | None) -> bool:
    """Run `act` for one row in its own transaction; log an error and return False, so that others go on."""
    try:
        with transaction.atomic():
            return act(one, now=now)
    except Exception:
        log.exception("waitlist: a step failed")
        return False
