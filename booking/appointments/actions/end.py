"""The end of a session that will not take place: cancelled, taken back or turned down."""

from __future__ import annotations

from datetime import datetime

from django.db.models import F

from booking.errors import AlreadyCancelled
from booking.locking.changes import State, reload
from booking.models import Appointment
from booking.offers.actions import offer_freed


def end(before: Appointment, *, now: datetime, declined: bool = False) -> Appointment:
    """End it where it still stands as `before` saw it; its time is free, or offered, in the same moment.

    Called under the lock. Of those who end it at once one gets here: what follows is the winner's to do.
    Raises AlreadyCancelled for the others.
    """
    won = Appointment.objects.filter(pk=before.pk, state=before.state).update(
        state=State.CANCELLED,
        declined=declined,
        occupies=False,
        sequence=F("sequence") + 1,
        cancelled_at=now,
    )
    after = reload(before)
    if not won:
        raise AlreadyCancelled(after)
    offer_freed(after.practitioner, after.starts_at, after.ends_at, freed=after, now=now)
    return after
