"""Previews of emails, as they would be if somebody pressed the button now. Nothing is written or sent."""

from __future__ import annotations

from copy import copy
from datetime import datetime

from booking.availability.loading import room_for
from booking.letters.context import words_to_client
from booking.letters.event import EmailFacts, event_of
from booking.letters.to_client import WORDINGS
from booking.models import Appointment
from practice.mail.composing.render import Rendered
from practice.models import Practitioner

State = Appointment.State


def if_handed_over(appointment: Appointment, *, to: Practitioner, word: str, now: datetime) -> Rendered:
    """Return the email to the client if this colleague took the session."""
    then = copy(appointment)
    then.practitioner, then.confirmed_at = to, None
    then.room_id = room_for(then.session_type, to, appointment)
    event = event_of(then, was_with=appointment.practitioner_id)
    return _words("handed_over", EmailFacts(then, now, event, word))


def if_cancelled(appointment: Appointment, *, word: str, now: datetime) -> Rendered:
    """Return the email to the client if we canceled the session, or declined the request."""
    then = copy(appointment)
    then.state = State.CANCELLED
    if appointment.state == State.PENDING:
        return _words("declined", EmailFacts(then, now, event_of(then, answered=True), word))
    return _words("cancelled", EmailFacts(then, now, event_of(then, fee=0, by_us=True), word))


def _words(kind: str, facts: EmailFacts) -> Rendered:
    return words_to_client(kind, facts, WORDINGS[kind])
