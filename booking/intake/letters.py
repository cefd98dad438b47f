"""The emails that ask for the intake. They say that there are questions, but not what is asked."""

from __future__ import annotations

from contextlib import nullcontext
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from booking.letters.before_session.combined import combined_verdict, open_of
from booking.letters.context import fresh, to_client, words_to_client
from booking.letters.event import Wording, appointment_of, facts_of
from booking.links import intake_url
from booking.models import Appointment, Intake
from practice.core.reasons import because
from practice.mail.composing.render import Rendered
from practice.mail.post import posted_unless_undone
from practice.mail.send_check import Cancel, Check, Send, Verdict
from practice.models import Letter

KIND = "intake"
#: After the confirmation, so that it is read first.
AFTER_BOOKING = timedelta(minutes=10)
AGAIN_BEFORE = timedelta(days=2)
#: The second email goes no sooner than this after the booking.
AGAIN_AFTER = timedelta(hours=12)
WENT = (Letter.State.SENT, Letter.State.CLAIMED, Letter.State.UNKNOWN)


def plan_intake(intake: Intake, *, now: datetime) -> list[Letter]:
    """Plan the emails: soon after the booking, and two days before the session if it is still open.

    Planned again after a move; an email that was sent by then does not go again.
    """
    appointment = intake.appointment
    if appointment is None:
        return []
    planned = []
    went = Letter.objects.filter(about=appointment.about, kind=KIND, state__in=WENT)
    asked = appointment.sequence > 0 and went.exists()
    with posted_unless_undone(False) if asked else nullcontext():
        first = _ask(appointment, "intake", due_at=now + AFTER_BOOKING, again=False, now=now)
    if not asked:
        planned.append(first)
    again_at = appointment.starts_at - AGAIN_BEFORE
    if again_at >= now + AGAIN_AFTER:
        planned.append(_ask(appointment, "intake-again", due_at=again_at, again=True, now=now))
    return [letter for letter in planned if letter]


def _ask(
    appointment: Appointment, key: str, *, due_at: datetime, again: bool, now: datetime
) -> Letter | None:
    return to_client(
        appointment,
        KIND,
        f"{key}:{appointment.sequence}",
        now=now,
        due_at=due_at,
        not_after=appointment.starts_at,
        again=again,
    )


def wording_of(intake: Intake) -> Wording:
    """Return what such an email says besides the session."""
    return Wording(
        lambda told: {
            "again": told.event.get("again", False),
            "act_url": intake_url(intake),
            "act_words": _("Answer the questions"),
            "why": _("You’re receiving this because a first session was booked with your email address."),
        }
    )


def check_intake_email(letter: Letter, now: datetime) -> Verdict:
    """Decide whether the email may leave: only while booked at that time and not handed in."""
    appointment, sequence = appointment_of(letter), letter.key.rpartition(":")[2]
    if appointment is None or appointment.state != Appointment.State.BOOKED or appointment.starts_at <= now:
        return Cancel(because("appointment_not_booked"))
    if str(appointment.sequence) != sequence:
        return Cancel(because("appointment_moved"))
    intake = open_of(appointment)
    if intake is None:
        return Cancel(because("questions_answered"))
    if intake.appointment_id != appointment.pk:
        return Cancel(because("questions_asked"))
    if verdict := combined_verdict(letter, appointment, now):
        return verdict
    return Send(fresh(KIND, facts_of(letter, appointment, now), wording_of(intake)))


def words_when_due(letter: Letter, now: datetime) -> Rendered | None:
    """Return what the email says if it leaves now, or None."""
    appointment = appointment_of(letter)
    intake = open_of(appointment) if appointment else None
    if appointment is None or intake is None:
        return None
    return words_to_client(KIND, facts_of(letter, appointment, now), wording_of(intake))


CHECKS = {KIND: Check(check_intake_email, words_when_due)}
