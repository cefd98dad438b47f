"""What is written when a time is booked or asked for: in the transaction that books it."""

from __future__ import annotations

from datetime import datetime

from booking.intake.actions import ask_for_intake
from booking.letters import to_client, to_practitioner
from booking.letters.asked_once import asked_once
from booking.letters.before_session import scheduled
from booking.letters.before_session.preparation import plan_preparation
from booking.models import Appointment
from booking.queries import is_first, upcoming_of
from practice.models import User
from practice.queries import one_practice


@one_practice()
@asked_once()
def tell_booked(
    appointment: Appointment, *, by: User | None, now: datetime, approved: bool = False, word: str = ""
) -> None:
    """Booked, at once or by our yes (`approved`, with a `word` along): confirmation, notice, what comes."""
    to_client.confirmation(appointment, now=now, approved=approved, word=word)
    to_practitioner.notice_booked(appointment, by=by, now=now, approved=approved)
    plan_what_comes(appointment, now=now)


@one_practice()
@asked_once()
def plan_what_comes(appointment: Appointment, *, now: datetime) -> None:
    """What is still to be written before a session: nothing as long as it is a request.

    How to prepare, reminders, and the questions before a first one. Planned anew with a move.
    """
    if appointment.state == Appointment.State.BOOKED:
        scheduled.plan_ahead(appointment, now=now)
        ask_for_intake(appointment, now=now)


def plan_next_first(client: User, *, now: datetime) -> None:
    """What comes before the next session booked for this client, if none before it took place after all."""
    ahead = upcoming_of(client, now=now).filter(state=Appointment.State.BOOKED, starts_at__gt=now)
    following = ahead.first()
    if following is not None and is_first(following):
        plan_preparation(following, now=now)
        ask_for_intake(following, now=now)


def tell_asked(appointment: Appointment, *, now: datetime) -> None:
    """Asked for: that it is kept, and until when an answer is awaited."""
    to_client.request_received(appointment, now=now)
    to_practitioner.notice_requested(appointment, now=now)
