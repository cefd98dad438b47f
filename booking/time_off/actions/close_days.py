"""Close days: their time is not offered any more, and holds and offers in it are released."""

from __future__ import annotations

from datetime import date, datetime, time

from django.db import transaction

from booking.availability.closed_days import holds_within, practitioners_of_closure
from booking.locking.changes import Code, release
from booking.locking.locks import lock, moment
from booking.models import Closure, Offer
from booking.offers.actions import close as end_offer
from practice.models import Practitioner


def close_days(
    practitioner: Practitioner | None,
    *,
    first: date,
    last: date,
    opens: time | None = None,
    closes: time | None = None,
    reason: str = "",
    now: datetime | None = None,
) -> Closure:
    """Close these days, both included, of one practitioner or (None) of everyone; or open them only then.

    An existing closure that says the same is returned. Under the lock: a booking at this moment came first,
    and is found, or comes later, and is refused. Nothing that is booked changes.
    """
    said = {
        "practitioner": practitioner,
        "first_day": first,
        "last_day": last,
        "opens": opens,
        "closes": closes,
    }
    with transaction.atomic():
        lock(practitioners_of_closure(Closure(**said)))
        if standing := Closure.objects.filter(**said).first():
            return standing
        return keep(Closure(**said, reason=reason), now=now)


def change_days(
    closure: Closure,
    *,
    first: date,
    last: date,
    opens: time | None = None,
    closes: time | None = None,
    now: datetime | None = None,
) -> Closure | None:
    """Give a closure other days or hours; None if someone has opened its days again in the meantime."""
    with transaction.atomic():
        lock(practitioners_of_closure(closure))
        row = Closure.objects.filter(pk=closure.pk).first()
        if row is None:
            return None
        row.first_day, row.last_day, row.opens, row.closes = first, last, opens, closes
        row.past_midnight = False
        return keep(row, now=now)


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
