"""Reminders at the hours the owner chose: planned with the booking, judged again when they leave.

A client who confirmed a number gets them as text messages, too, or instead (`text_reminders.py`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Exists, OuterRef

from booking.letters.before_session import text_reminders
from booking.letters.before_session.combined import combined_verdict, still_open
from booking.letters.context import fresh, to_client, words_to_client
from booking.letters.event import EmailFacts, Wording, appointment_of, facts_of
from booking.models import Appointment, ImportRow
from booking.time_zones.clocks import clocks_of
from practice.core.reasons import Reasons, because
from practice.mail.composing.headers import usable_address
from practice.mail.composing.render import Rendered
from practice.mail.send_check import Cancel, Check, Send, Verdict
from practice.models import Letter, Practitioner
from practice.queries import in_batches, the_practice

KIND = "reminder"
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Reminder:
    """A reminder so many hours before the start, unless that is too soon after the confirmation."""

    hours: int

    @property
    def before(self) -> timedelta:
        """Return how long before the start the reminder goes."""
        return timedelta(hours=self.hours)

    @property
    def after_news(self) -> timedelta:
        """Return how long the reminder must come after other news of the appointment."""
        return timedelta(hours=12) if self.before >= DAY else timedelta(hours=4)

    def key(self, appointment: Appointment) -> str:
        """Return the key of this reminder for one appointment at one time."""
        return f"reminder-{self.hours}h:{appointment.sequence}"


def reminders() -> list[Reminder]:
    """Return the owner's reminders, the earliest first."""
    return [Reminder(hours) for hours in sorted(the_practice().reminder_hours, reverse=True)]


def due_ones(
    appointment: Appointment, chosen: list[Reminder], *, now: datetime
) -> Iterator[tuple[Reminder, datetime]]:
    """Yield reminders that are neither past nor too close to news sent now, with their time."""
    for reminder in chosen:
        due = appointment.starts_at - reminder.before
        if due >= now + reminder.after_news:
            yield reminder, due


def plan_reminders(appointment: Appointment, *, now: datetime) -> list[Letter]:
    """Plan the client's reminders. A second call plans nothing twice."""
    planned = []
    for reminder, due in due_ones(appointment, reminders(), now=now):
        key, until = reminder.key(appointment), min(due + reminder.before / 2, appointment.starts_at)
        letter = to_client(appointment, KIND, key, now=now, due_at=due, not_after=until)
        planned += [letter] if letter else []
        text_reminders.plan_text(appointment, f"{appointment.about}:{key}", due=due, not_after=until, now=now)
    return planned


def check_reminder(letter: Letter, now: datetime) -> Verdict:
    """Decide whether a reminder may leave: only if it is still true, and nothing else says the same."""
    appointment = appointment_of(letter)
    if (why := why_not(letter, appointment, now)) or appointment is None:
        return Cancel(why)
    if verdict := combined_verdict(letter, appointment, now) or text_reminders.beside_text(letter, now):
        return verdict
    return Send(fresh(KIND, facts_of(letter, appointment, now), WORDING))


def check_text(letter: Letter, now: datetime) -> Verdict:
    """Decide whether the text message of a reminder may leave, as its email may."""
    appointment = appointment_of(letter)
    if (why := why_not(letter, appointment, now)) or appointment is None:
        return Cancel(why)
    return text_reminders.text_verdict(letter, facts_of(letter, appointment, now))


def why_not(letter: Letter, appointment: Appointment | None, now: datetime) -> Reasons:
    """Return why a reminder is not true or not wanted; nothing if its session stands and lies ahead."""
    if appointment is None or appointment.state != Appointment.State.BOOKED:
        return because("appointment_not_booked")
    if str(appointment.sequence) != letter.key.rpartition(":")[2]:
        return because("appointment_moved")
    if appointment.starts_at <= now:
        return because("session_begun")
    if letter.user is not None and not letter.user.wants_reminders:
        return because("reminders_off")
    return []


def words_when_due(letter: Letter, now: datetime) -> Rendered | None:
    """Return what the email says if it leaves now, or None."""
    appointment = appointment_of(letter)
    return words_to_client(KIND, facts_of(letter, appointment, now), WORDING) if appointment else None


def is_soon(facts: EmailFacts) -> bool:
    """Return whether the session begins within a day."""
    return facts.appointment.starts_at - facts.now < DAY


def is_today(facts: EmailFacts) -> bool:
    """Return whether the session is on the day on which the email leaves, on the clock it is told in."""
    clocks = clocks_of(facts.appointment, the_practice())
    return clocks.day_of(facts.appointment.starts_at) == clocks.day_of(facts.now)


def _when(facts: EmailFacts) -> dict[str, Any]:
    return {"soon": is_soon(facts), "today": is_today(facts)}


#: It says which questions are still open.
WORDING = Wording(lambda facts: {**_when(facts), **({} if is_soon(facts) else still_open(facts))})


# When the owner chooses other hours


def outdated_reminders(*, now: datetime) -> Iterator[Appointment]:
    """Yield booked sessions whose reminders differ from the owner's present choice.

    The sessions ahead are read 500 at a time, by the practitioner's index, and with them their own emails:
    two queries each, and nothing of the past.
    """
    chosen = reminders()
    told_not_to = ImportRow.objects.filter(no_reminders=True, appointment=OuterRef("pk"))
    booked = Appointment.objects.filter(~Exists(told_not_to), state=Appointment.State.BOOKED)
    ahead = booked.filter(starts_at__gt=now).select_related("practitioner", "client", "correspondent")
    for practitioner in Practitioner.objects.values_list("pk", flat=True):
        for some in in_batches(ahead.filter(practitioner=practitioner), "starts_at"):
            yield from _outdated(some, chosen, now)


def _outdated(some: list[Appointment], chosen: list[Reminder], now: datetime) -> list[Appointment]:
    """Return those of these sessions whose reminders differ from the choice. One query."""
    names = {f"reminder-{one.hours}h" for one in chosen}
    planned: dict[str, set[str]] = {}
    standing: dict[str, set[str]] = {}
    # By what they are about alone: by kind, a database might read all reminders there ever were.
    theirs = Letter.objects.filter(about__in=[one.about for one in some], due_at__gt=now).order_by()
    for about, key, state, kind in theirs.values_list("about", "key", "state", "kind"):
        if kind != KIND:
            continue
        name = key.removeprefix(f"{about}:")
        if state != Letter.State.CANCELLED:
            standing.setdefault(about, set()).add(name)
        if state == Letter.State.PLANNED:
            planned.setdefault(about, set()).add(name.partition(":")[0])
    return [
        one
        for one in some
        if planned.get(one.about, set()) - names
        or (_can_be_written_to(one) and _wanted(one, chosen, now) - standing.get(one.about, set()))
    ]


def resync_reminders(appointment: Appointment, *, now: datetime) -> None:
    """Cancel reminders the owner no longer wants, and plan missing ones. Called under the lock."""
    chosen = reminders()
    keys = {one.key(appointment) for one in chosen}
    theirs = Letter.objects.filter(about=appointment.about, kind="reminder")
    for letter in theirs.filter(state=Letter.State.PLANNED):
        if letter.key.removeprefix(f"{appointment.about}:") not in keys:
            theirs.filter(pk=letter.pk, state=Letter.State.PLANNED).update(
                state=Letter.State.CANCELLED, why=because("reminders_changed")
            )
    cancel_texts(appointment, keys)
    wanted = [f"{appointment.about}:{name}" for name in _wanted(appointment, chosen, now)]
    # The owner chose this hour again: for this start only the owner's choice had canceled it.
    theirs.filter(key__in=wanted, state=Letter.State.CANCELLED).update(state=Letter.State.PLANNED, why=[])
    plan_reminders(appointment, now=now)


def cancel_texts(appointment: Appointment, keys: set[str]) -> None:
    """Cancel texts of reminders that the owner no longer wants; plan again what was canceled for that."""
    texts = Letter.objects.filter(about=appointment.about, kind=text_reminders.KIND)
    wanted = [text_reminders.key_of_text(f"{appointment.about}:{key}") for key in keys]
    texts.filter(state=Letter.State.PLANNED).exclude(key__in=wanted).update(
        state=Letter.State.CANCELLED, why=because("reminders_changed")
    )


def _wanted(appointment: Appointment, chosen: list[Reminder], now: datetime) -> set[str]:
    return {reminder.key(appointment) for reminder, _due in due_ones(appointment, chosen, now=now)}


def _can_be_written_to(appointment: Appointment) -> bool:
    return appointment.contact is not None and bool(usable_address(appointment.contact.email))


CHECKS = {
    KIND: Check(check_reminder, words_when_due),
    text_reminders.KIND: Check(check_text),
}
