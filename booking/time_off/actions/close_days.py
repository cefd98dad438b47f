"""Close days: their time is not offered any more, and holds and offers in it are released."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from booking.availability.closed_days import holds_within, practitioners_of_closure
from booking.locking.changes import Code, release
from booking.locking.locks import lock, moment
from booking.models import Closure, Offer
from booking.offers.actions import close as end_offer
from practice.models import Practitioner


def close_days(
    practitioner: Practitioner, *, first: date, last: date, reason: str = "", now: datetime | None = None
) -> Closure:
    """Close these days, both included, of one practitioner; an existing closure of the same days is returned.

    Under the lock: a booking at this moment came first, and is found, or comes later, and is refused. Nothing
    that is booked changes.
    """
    with transaction.atomic():
        lock([practitioner])
        closed = Closure.objects.filter(practitioner=practitioner, first_day=first, last_day=last, opens=None)
        if standing := closed.first():
            return standing
        closure = Closure(practitioner=practitioner, first_day=first, last_day=last, reason=reason)
        return keep(closure, now=now)


def keep(closure: Closure, *, now: datetime | None = None) -> Closure:
    """Save a closed day, or a day with other hours; holds and open offers in its time are released."""
    with transaction.atomic():
        lock(practitioners_of_closure(closure))
        closure.save()
        now = moment(now)
        for held in holds_within(closure, now=now):
            offer = Offer.objects.filter(appointment=held, state=Offer.State.OPEN).first()
            if offer is None or not end_offer(offer, Offer.State.WITHDRAWN, now=now):
                release(held, now=now, code=Code.DAY_CLOSED)
    return closure


def open_again(closure: Closure) -> None:
    """Delete a closure: its days can be booked again; what was handed over or canceled stays so."""
    with transaction.atomic():
        lock(practitioners_of_closure(closure))
        closure.delete()
