"""Emails that wait for their time before a session: planned with it, canceled with it."""

from __future__ import annotations

from datetime import datetime

from booking.letters.before_session.preparation import plan_preparation
from booking.letters.before_session.reminders import plan_reminders
from booking.models import Appointment
from practice.core.reasons import Reasons
from practice.models import Letter

KINDS = ("reminder", "text_reminder", "prepare", "intake")


def plan_before_session(appointment: Appointment, *, now: datetime) -> None:
    """Plan the emails before a booked session: preparation for a first one, and reminders."""
    plan_preparation(appointment, now=now)
    plan_reminders(appointment, now=now)


def cancel_before_session(appointment: Appointment, *, why: Reasons) -> int:
    """Cancel waiting emails about a time that no longer holds; return how many."""
    waiting = Letter.objects.filter(about=appointment.about, kind__in=KINDS, state=Letter.State.PLANNED)
    return waiting.update(state=Letter.State.CANCELLED, why=why)
