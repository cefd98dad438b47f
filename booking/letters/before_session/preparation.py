"""Emails with the owner's words on how to prepare for a first session: two days before, or at once.

Which session is the first is decided when it leaves, and so are its words: by then another one may come
before, or the owner may have changed them.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from booking.letters.asked_once import is_first
from booking.letters.before_session.combined import still_open
from booking.letters.context import fresh, to_client, words_to_client
from booking.letters.event import EmailFacts, Wording, appointment_of, facts_of
from booking.models import Appointment
from practice.core.reasons import because
from practice.mail.composing.render import Rendered
from practice.mail.post import posted_unless_undone
from practice.mail.send_check import Cancel, Check, Send, Verdict
from practice.models import Letter

KIND = "prepare"
BEFORE = timedelta(days=2)


def plan_preparation(appointment: Appointment, *, now: datetime) -> Letter | None:
    """Plan the email if this is the client's first session and its type has such words.

    A client who got it before the session was moved does not get it again.
    """
    if not appointment.session_type.preparation.strip():
        return None
    sent = Letter.objects.filter(about=appointment.about, kind=KIND, state=Letter.State.SENT)
    sent_before = appointment.sequence > 0 and sent.exists()
    wanted = is_first(appointment) and not sent_before
    if appointment.confirmed_at is None:  # else nobody learns anything by the time it takes
        with posted_unless_undone(wanted):
            letter = _planned(appointment, now=now)
        return letter if wanted else None
    return _planned(appointment, now=now) if wanted else None


def _planned(appointment: Appointment, *, now: datetime) -> Letter | None:
    return to_client(
        appointment,
        KIND,
        f"{KIND}:{appointment.sequence}",
        now=now,
        due_at=max(now, appointment.starts_at - BEFORE),
        not_after=appointment.starts_at,
    )


def words_of_owner(facts: EmailFacts) -> dict[str, Any]:
    """Return how to prepare for a session of this type."""
    return {"preparation": facts.appointment.session_type.preparation}


#: It also says which questions are still open.
WORDING = Wording(lambda facts: {**words_of_owner(facts), **still_open(facts)})


def check_preparation(letter: Letter, now: datetime) -> Verdict:
    """Decide whether the email may leave: only if still booked then, the first, and with words to send."""
    appointment = appointment_of(letter)
    if appointment is None or appointment.state != Appointment.State.BOOKED:
        return Cancel(because("appointment_not_booked"))
    if not letter.key.endswith(f":{appointment.sequence}"):
        return Cancel(because("appointment_moved"))
    if not is_first(appointment):
        return Cancel(because("not_first"))
    if not appointment.session_type.preparation.strip():
        return Cancel(because("nothing_to_prepare"))
    return Send(fresh(KIND, facts_of(letter, appointment, now), WORDING))


def words_when_due(letter: Letter, now: datetime) -> Rendered | None:
    """Return what the email says if it leaves now, in the owner's current words; None: nothing."""
    appointment = appointment_of(letter)
    if appointment is None or not appointment.session_type.preparation.strip():
        return None
    return words_to_client(KIND, facts_of(letter, appointment, now), WORDING)


CHECKS = {KIND: Check(check_preparation, words_when_due)}
