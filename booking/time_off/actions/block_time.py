"""Block a time: it is not offered any more, and holds and offers in it are released."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from booking import queries
from booking.errors import BookedThen
from booking.locking.changes import Code, release
from booking.locking.locks import lock, moment
from booking.models import Appointment, BlockedTime, Offer
from booking.offers.actions import close as end_offer
from practice.models import Practitioner, User


def block_time(
    practitioner: Practitioner,
    *,
    start: datetime,
    end: datetime,
    by: User,
    reason: str = "",
    over: Sequence[Appointment] = (),
    now: datetime | None = None,
) -> BlockedTime:
    """Block `[start, end)`; a standing block of the same time is returned.

    Under the lock: a booking at this moment came first, and is found, or comes later, and is refused. Nothing
    that is booked changes. `over`: the sessions that whoever blocks was asked about; if another one is there,
    nothing is blocked. Raises BookedThen with all of them.
    """
    with transaction.atomic():
        lock([practitioner])
        now = moment(now)
        standing = BlockedTime.objects.filter(practitioner=practitioner, starts_at=start, ends_at=end)
        if found := standing.first():
            return found
        booked = booked_then(practitioner, start=start, end=end)
        if not {one.pk for one in booked} <= {one.pk for one in over}:
            raise BookedThen(booked)
        blocked = BlockedTime(
            practitioner=practitioner, starts_at=start, ends_at=end, reason=reason, made_by=by, created_at=now
        )
        blocked.save(force_insert=True)
        for held in held_then(practitioner, start=start, end=end):
            offer = Offer.objects.filter(appointment=held, state=Offer.State.OPEN).first()
            if offer is None or not end_offer(offer, Offer.State.WITHDRAWN, now=now):
                release(held, now=now, code=Code.BLOCKED)
    return blocked


def booked_then(practitioner: Practitioner, *, start: datetime, end: datetime) -> list[Appointment]:
    """Return the practitioner's sessions and requests in `[start, end)`, wholly or in part, by start."""
    found = queries.overlapping(practitioner, room=None, start=start, end=end).exclude(
        state=Appointment.State.HELD
    )
    return list(found.select_related("practitioner__user", "session_type").order_by("starts_at"))


def held_then(practitioner: Practitioner, *, start: datetime, end: datetime) -> list[Appointment]:
    """Return the times held in `[start, end)`, for visitors or for the waitlist."""
    found = queries.overlapping(practitioner, room=None, start=start, end=end)
    return list(found.filter(state=Appointment.State.HELD).select_related("practitioner__user"))


def unblock(blocked: BlockedTime) -> None:
    """Remove a block: its time can be booked again. A block that is gone already stays gone."""
    with transaction.atomic():
        lock([blocked.practitioner])
        BlockedTime.objects.filter(pk=blocked.pk).delete()
