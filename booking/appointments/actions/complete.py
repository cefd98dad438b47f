"""Record that a session took place or that the client did not come. Its time stays taken in the past too."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from booking.appointments.actions.notify import plan_next_first_session
from booking.errors import AlreadyCancelled, AlreadyDecided, NeverBooked, NotBegun
from booking.letters.before_session import scheduled
from booking.locking.changes import State, What, record_change, reload
from booking.locking.locks import lock, moment
from booking.models import Appointment
from practice.core.reasons import because
from practice.models import User

CHANGE = {State.COMPLETED: What.COMPLETED, State.NO_SHOW: What.NO_SHOW}


def complete(
    appointment: Appointment, *, by: User, now: datetime | None = None, correct: bool = False
) -> Appointment:
    """Record that the session took place. A second call changes nothing.

    With `correct` also if it is recorded as missed: for callers who know that nothing has followed from that.
    Raises AlreadyCancelled, NotBegun, AlreadyDecided or NeverBooked.
    """
    return _decide(appointment, State.COMPLETED, by=by, now=now, correct=correct)


def no_show(
    appointment: Appointment, *, by: User, now: datetime | None = None, correct: bool = False
) -> Appointment:
    """Record that the client did not come, so their next session is a first one again. Else as `complete`."""
    return _decide(appointment, State.NO_SHOW, by=by, now=now, correct=correct)


def _decide(
    appointment: Appointment, state: Appointment.State, *, by: User, now: datetime | None, correct: bool
) -> Appointment:
    with transaction.atomic():
        lock([appointment.practitioner], rooms=[appointment.room_id])
        now = moment(now)
        before = reload(appointment)
        if before.state == state:
            return before
        _must_be_over(before, now=now, correct=correct)
        Appointment.objects.filter(pk=before.pk, state=before.state).update(state=state)
        after = reload(before)
        record_change(after, CHANGE[state], now=now, by=by)
        scheduled.cancel_before_session(after, why=because("session_begun"))
        if state == State.NO_SHOW and after.client:
            plan_next_first_session(after.client, now=now)
    return after


def _must_be_over(appointment: Appointment, *, now: datetime, correct: bool) -> None:
    """Check that the session was booked and has begun. Raises the errors of `complete`."""
    if appointment.state == State.CANCELLED:
        raise AlreadyCancelled(appointment)
    if appointment.state in CHANGE:
        if not correct:
            raise AlreadyDecided(appointment)
    elif appointment.state != State.BOOKED:
        raise NeverBooked
    if appointment.starts_at > now:
        raise NotBegun
