"""Reminders: rows that wait from the booking on, are called off with it, and judged when they go."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from booking.letters.about import to_client
from booking.models import Appointment
from practice.mail.judgement import CallOff, Send, Verdict
from practice.models import Letter


@dataclass(frozen=True)
class Reminder:
    """`before` the start, unless it would come sooner than `after_booking` after the confirmation."""

    name: str
    before: timedelta
    after_booking: timedelta


REMINDERS = (
    Reminder("2d", before=timedelta(days=2), after_booking=timedelta(hours=12)),
    Reminder("2h", before=timedelta(hours=2), after_booking=timedelta(hours=4)),
)


def plan_reminders(appointment: Appointment, *, now: datetime) -> list[Letter]:
    """To the client, as rows that wait: two days and two hours before, unless that is past or too near."""
    planned = []
    for reminder in REMINDERS:
        due = appointment.starts_at - reminder.before
        if due < now + reminder.after_booking:
            continue
        letter = to_client(
            appointment,
            "reminder",
            f"reminder-{reminder.name}:{appointment.sequence}",
            now=now,
            due_at=due,
            not_after=min(due + reminder.before / 2, appointment.starts_at),
            soon=reminder.before < timedelta(days=1),
        )
        planned += [letter] if letter else []
    return planned


def call_off_reminders(appointment: Appointment, *, reason: str, now: datetime) -> int:
    """Reminders of a time that no longer holds do not go. How many waited."""
    return Letter.objects.filter(about=appointment.about, kind="reminder", state=Letter.State.PLANNED).update(
        state=Letter.State.CANCELLED, reason=reason
    )


def judge_reminder(letter: Letter, now: datetime) -> Verdict:
    """Asked when a reminder is about to go: still booked, at that time, ahead, and do they want reminders?"""
    uid, sequence = letter.about.removeprefix("appointment:"), letter.key.rpartition(":")[2]
    appointment = Appointment.objects.filter(uid=uid).first()
    if appointment is None or appointment.state != Appointment.State.BOOKED:
        return CallOff(_("The appointment is not booked any more."))
    if str(appointment.sequence) != sequence:
        return CallOff(_("The appointment was moved."))
    if appointment.starts_at <= now:
        return CallOff(_("The session has begun."))
    if letter.user is not None and not letter.user.wants_reminders:
        return CallOff(_("They asked for no reminders."))
    return Send()
