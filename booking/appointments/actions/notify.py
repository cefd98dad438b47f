"""Plan the emails about a new booking or request, in the transaction that books it."""

from __future__ import annotations

from datetime import datetime
from enum import Enum

from booking.intake.actions import ask_for_intake
from booking.letters import to_client, to_practitioner
from booking.letters.asked_once import cached_answers
from booking.letters.before_session import scheduled
from booking.letters.before_session.preparation import plan_preparation
from booking.letters.before_session.reminders import plan_reminders
from booking.models import Appointment
from booking.queries import is_first, not_ended_of
from practice.mail.post import posted_together
from practice.models import User
from practice.queries import one_practice


class Emails(Enum):
    """Which emails a booking plans. What was agreed in another system before needs no confirmation."""

    ALL = "all"
    REMINDERS = "reminders"
    NONE = "none"


def notify_made(appointment: Appointment, *, by: User | None, now: datetime, emails: Emails) -> None:
    """Plan the emails of what was just booked, or requested."""
    if appointment.state == Appointment.State.PENDING:
        notify_requested(appointment, now=now)
    else:
        notify_booked(appointment, by=by, now=now, emails=emails)


@one_practice()
@cached_answers()
def notify_booked(
    appointment: Appointment,
    *,
    by: User | None,
    now: datetime,
    approved: bool = False,
    word: str = "",
    emails: Emails = Emails.ALL,
) -> None:
    """Plan the emails of a booking, or of an approval with a `word`: confirmation, notice, reminders."""
    if emails is not Emails.ALL:
        if emails is Emails.REMINDERS:
            plan_reminders(appointment, now=now)
        return
    with posted_together():
        to_client.confirmation(appointment, now=now, approved=approved, word=word)
        to_practitioner.notice_booked(appointment, by=by, now=now, approved=approved)
        plan_session_emails(appointment, now=now)


@one_practice()
@cached_answers()
def plan_session_emails(appointment: Appointment, *, now: datetime) -> None:
    """Plan the emails before a session: preparation, reminders, the intake. None for a request.

    Planned again after a move.
    """
    if appointment.state == Appointment.State.BOOKED:
        scheduled.plan_before_session(appointment, now=now)
        ask_for_intake(appointment, now=now)


def plan_next_first_session(client: User, *, now: datetime) -> None:
    """Plan what comes before the client's next session if it is a first session after all."""
    ahead = not_ended_of(client, now=now).filter(state=Appointment.State.BOOKED, starts_at__gt=now)
    following = ahead.first()
    if following is not None and is_first(following):
        plan_preparation(following, now=now)
        ask_for_intake(following, now=now)


def notify_requested(appointment: Appointment, *, now: datetime) -> None:
    """Plan the emails of a request: that its time is kept, and until when it will be answered."""
    with posted_together():
        to_client.request_received(appointment, now=now)
        to_practitioner.notice_requested(appointment, now=now)
