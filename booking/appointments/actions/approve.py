"""Approve or decline a request, which takes up its time until it is answered or its time runs out."""

from __future__ import annotations

from datetime import datetime

import structlog
from django.db import transaction
from django.db.models import F

from booking import queries
from booking.appointments.actions.end import end
from booking.appointments.actions.notify import notify_booked
from booking.errors import AlreadyApproved, AlreadyCancelled, AlreadyOver
from booking.letters import to_client, to_practitioner
from booking.locking.changes import Code, State, What, record_change, reload, reload_in_same_hands
from booking.locking.locks import lock, moment
from booking.models import Appointment
from booking.packages import actions as packages_actions
from practice.models import User

log = structlog.get_logger(__name__)


def approve(
    appointment: Appointment, *, by: User, now: datetime | None = None, word: str = ""
) -> Appointment:
    """Book a request; `word` goes along with the confirmation. A second call changes nothing.

    Also after `answer_by`, as long as it is still pending. Raises AlreadyCancelled or AlreadyOver.
    """
    with transaction.atomic():
        lock([appointment.practitioner], rooms=[appointment.room_id])
        now = moment(now)
        before = reload_in_same_hands(appointment)
        if before.state == State.BOOKED:
            return before
        must_be_request(before)
        if before.starts_at <= now:
            raise AlreadyOver
        won = Appointment.objects.filter(pk=before.pk, state=State.PENDING).update(
            state=State.BOOKED, booked_at=now, sequence=F("sequence") + 1
        )
        after = reload(before)
        if not won:
            raise AlreadyCancelled(after)
        record_change(after, What.APPROVED, now=now, by=by)
        notify_booked(after, by=by, now=now, approved=True, word=word)
    return after


def decline(
    appointment: Appointment, *, by: User, now: datetime | None = None, word: str = ""
) -> Appointment:
    """Decline a request; `word` goes along with the email. A second call changes nothing.

    `word` is kept only in the email, which is encrypted: it may speak of somebody's health. Raises
    AlreadyApproved, AlreadyCancelled or AlreadyOver.
    """
    with transaction.atomic():
        lock([appointment.practitioner], rooms=[appointment.room_id])
        now = moment(now)
        before = reload_in_same_hands(appointment)
        if before.state == State.CANCELLED and before.declined:
            return before
        must_be_request(before)
        return turn_down(before, by=by, now=now, word=word)


def decline_unanswered(*, now: datetime | None = None) -> int:
    """Decline requests that nobody answered in time, each in its own transaction; return how many."""
    return sum(decline_one(asked, now=now) for asked in queries.unanswered(now=moment(now)))


def decline_one(asked: Appointment, *, now: datetime | None = None) -> bool:
    """Decline one unanswered request; return whether it was. Judged again under the lock."""
    try:
        with transaction.atomic():
            lock([asked.practitioner], rooms=[asked.room_id])
            now = moment(now)
            before = reload(asked)
            if not queries.unanswered(now=now).filter(pk=before.pk).exists():
                return False
            turn_down(before, by=None, now=now)
    except Exception:
        # One that cannot be declined must not block the others.
        log.exception("request: could not be declined", appointment=str(asked.uid))
        return False
    return True


def turn_down(before: Appointment, *, by: User | None, now: datetime, word: str = "") -> Appointment:
    """End a request under the lock, declined by `by` or, with None, because nobody answered."""
    after = end(before, now=now, declined=True)
    record_change(after, What.DECLINED, now=now, by=by, code="" if by else Code.NOT_ANSWERED)
    packages_actions.give_back(after, now=now)
    to_client.declined(after, answered=by is not None, word=word, now=now)
    to_practitioner.notice_declined(after, by=by, now=now)
    return after


def must_be_request(appointment: Appointment) -> None:
    """Check that this is a request. Raises AlreadyCancelled, AlreadyApproved or AlreadyOver."""
    if appointment.state == State.CANCELLED:
        raise AlreadyCancelled(appointment)
    if appointment.state == State.BOOKED:
        raise AlreadyApproved(appointment)
    if appointment.state != State.PENDING:
        raise AlreadyOver
