"""End a session that will not take place: canceled, taken back or declined."""

from __future__ import annotations

from datetime import datetime

from django.db.models import F

from booking.errors import AlreadyCancelled
from booking.locking.changes import State, reload
from booking.models import Appointment
from booking.offers.actions import offer_freed


def end(before: Appointment, *, now: datetime, declined: bool = False) -> Appointment:
    """End the appointment if it is still as in `before`; its time is free, or offered, at once.

    Called under the lock. Of several who end it at once only one succeeds, and does what follows. Raises
    AlreadyCancelled for the others.
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
