"""Cancel an appointment; its time is free for others at once."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from booking.appointments.actions.approve import turn_down
from booking.appointments.actions.end import end
from booking.appointments.actions.move import must_be_expected
from booking.errors import AlreadyOver, TooLate
from booking.letters import to_client, to_practitioner
from booking.letters.before_session import scheduled
from booking.locking.changes import Code, State, What, is_staff, record_change, reload_in_same_hands
from booking.locking.locks import lock, moment
from booking.models import Appointment
from booking.packages import actions as packages_actions
from booking.policy.settlement import Settlement, if_canceled
from booking.policy.terms import policy_of, window_of
from practice.contact import please_call
from practice.core.reasons import because
from practice.models import User
from practice.queries import one_practice, the_practice


@one_practice()
def cancel(
    appointment: Appointment,
    *,
    by: User | None = None,
    now: datetime | None = None,
    override_note: str = "",
    word: str = "",
) -> Appointment:
    """Cancel the appointment, once. A client's cancel is held to the policy agreed when booking.

    Staff are exempt. `word`: a sentence by staff, which goes along in the email and is kept nowhere else.

    A late cancel, and its fee, is written in the change's note. A request is not binding yet: a client takes
    it back at no cost, and staff who cancel one decline it. Raises AlreadyCancelled, AlreadyOver, HandedOver
    or TooLate.
    """
    with transaction.atomic():
        lock([appointment.practitioner], rooms=[appointment.room_id])
        now = moment(now)
        before = reload_in_same_hands(appointment)
        must_be_expected(before)
        if before.state == State.PENDING:
            if is_staff(by):
                return turn_down(before, by=by, now=now, word=word)
            return withdraw(before, by=by, now=now)
        after, fee = cancel_locked(before, by=by, now=now, override_note=override_note)
        to_client.cancelled(after, fee=fee, by=by, now=now, word=word)
        to_practitioner.notice_cancelled(after, fee=fee, by=by, now=now)
    return after


def cancel_locked(
    before: Appointment, *, by: User | None, now: datetime, override_note: str = ""
) -> tuple[Appointment, int]:
    """Cancel a booked appointment under the lock, without emails; return it and its fee in cents."""
    if not is_staff(by):
        must_not_be_locked(before, now=now)
    after = end(before, now=now)
    due = None if is_staff(by) else if_canceled(before, now)
    noted: dict[str, Any] = noted_late(before, due, now=now) if due else {"note": override_note}
    record_change(after, What.CANCELLED, now=now, by=by, **noted)
    if is_staff(by) or window_of(before, now) == "free":
        packages_actions.give_back(after, now=now)
    scheduled.cancel_before_session(after, why=because("appointment_canceled"))
    return after, due.cents if due else 0


def withdraw(before: Appointment, *, by: User | None, now: datetime) -> Appointment:
    """Withdraw a client's request while it lies ahead. Raises AlreadyOver."""
    if before.starts_at <= now:
        raise AlreadyOver
    after = end(before, now=now)
    record_change(after, What.CANCELLED, now=now, by=by, code=Code.REQUEST_WITHDRAWN)
    packages_actions.give_back(after, now=now)
    to_client.taken_back(after, now=now)
    to_practitioner.notice_cancelled(after, fee=0, by=by, now=now, asked=True)
    return after


def must_not_be_locked(appointment: Appointment, *, now: datetime) -> None:
    """Check that a client may still cancel without calling. Raises AlreadyOver or TooLate."""
    if appointment.starts_at <= now:
        raise AlreadyOver
    if window_of(appointment, now) == "locked":
        raise TooLate(policy_of(appointment).locked_hours, please_call(the_practice()))


def noted_late(appointment: Appointment, due: Settlement, *, now: datetime) -> dict[str, Any]:
    """Return what the system notes of a client's late cancel, by field: its fee, or the package's session."""
    if window_of(appointment, now) == "free":
        return {}
    if due.is_covered:
        return {"code": Code.LATE_FROM_PACKAGE}
    return {"code": Code.LATE_FEE, "params": {"cents": due.cents, "currency": due.currency}}
