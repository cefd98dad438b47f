"""Reminders at the hours the owner chose: planned with the booking, judged again when they leave."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from booking.letters.before_session.combined import combined_verdict, still_open
from booking.letters.context import fresh, to_client, words_to_client
from booking.letters.event import EmailFacts, Wording, appointment_of, facts_of
from booking.models import Appointment, ImportRow
from booking.time_zones.clocks import clocks_of
from practice.core.reasons import because
from practice.mail.composing.headers import usable_address
from practice.mail.composing.render import Rendered
from practice.mail.send_check import Cancel, Check, Send, Verdict
from practice.models import Letter
from practice.queries import the_practice

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
        letter = to_client(
            appointment,
            KIND,
            reminder.key(appointment),
            WORDING,
            now=now,
            due_at=due,
            not_after=min(due + reminder.before / 2, appointment.starts_at),
        )
        planned += [letter] if letter else []
    return planned


def check_reminder(letter: Letter, now: datetime) -> Verdict:
    """Decide whether a reminder may leave: only if the session stands, lies ahead, and it is wanted."""
    appointment, sequence = appointment_of(letter), letter.key.rpartition(":")[2]
    if appointment is None or appointment.state != Appointment.State.BOOKED:
        return Cancel(because("appointment_not_booked"))
    if str(appointment.sequence) != sequence:
        return Cancel(because("appointment_moved"))
    if appointment.starts_at <= now:
        return Cancel(because("session_begun"))
    if letter.user is not None and not letter.user.wants_reminders:
        return Cancel(because("reminders_off"))
    if verdict := combined_verdict(letter, appointment, now):
        return verdict
    return Send(fresh(KIND, facts_of(letter, appointment, now), LEAVING))


def words_when_due(letter: Letter, now: datetime) -> Rendered | None:
    """Return what the email says if it leaves now, or None."""
    appointment = appointment_of(letter)
    return words_to_client(KIND, facts_of(letter, appointment, now), LEAVING) if appointment else None


def is_soon(facts: EmailFacts) -> bool:
    """Return whether the session begins within a day."""
    return facts.appointment.starts_at - facts.now < DAY


def is_today(facts: EmailFacts) -> bool:
    """Return whether the session is on the day on which the email leaves, on the clock it is told in."""
    clocks = clocks_of(facts.appointment, the_practice())
    return clocks.day_of(facts.appointment.starts_at) == clocks.day_of(facts.now)


def _when(facts: EmailFacts) -> dict[str, Any]:
    return {"soon": is_soon(facts), "today": is_today(facts)}


WORDING = Wording(_when)
#: When it leaves it also says which questions are still open.
LEAVING = Wording(lambda facts: {**_when(facts), **({} if is_soon(facts) else still_open(facts))})


# When the owner chooses other hours


def outdated_reminders(*, now: datetime) -> list[Appointment]:
    """Return booked sessions whose reminders differ from the owner's present choice. Two queries."""
    chosen = reminders()
    names = {f"reminder-{one.hours}h" for one in chosen}
    planned: dict[str, set[str]] = {}
    standing: dict[str, set[str]] = {}
    ahead = Letter.objects.filter(kind="reminder", due_at__gt=now)
    for about, key, state in ahead.values_list("about", "key", "state"):
        name = key.removeprefix(f"{about}:")
        if state != Letter.State.CANCELLED:
            standing.setdefault(about, set()).add(name)
        if state == Letter.State.PLANNED:
            planned.setdefault(about, set()).add(name.partition(":")[0])
    found = Appointment.objects.filter(state=Appointment.State.BOOKED, starts_at__gt=now).exclude(
        pk__in=ImportRow.objects.filter(no_reminders=True).values("appointment")
    )
    return [
        one
        for one in found.select_related("practitioner", "client", "correspondent")
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
    wanted = [f"{appointment.about}:{name}" for name in _wanted(appointment, chosen, now)]
    # The owner chose this hour again: for this start only the owner's choice had canceled it.
    theirs.filter(key__in=wanted, state=Letter.State.CANCELLED).update(state=Letter.State.PLANNED, why=[])
    plan_reminders(appointment, now=now)


def _wanted(appointment: Appointment, chosen: list[Reminder], now: datetime) -> set[str]:
    return {reminder.key(appointment) for reminder, _due in due_ones(appointment, chosen, now=now)}


def _can_be_written_to(appointment: Appointment) -> bool:
    return appointment.contact is not None and bool(usable_address(appointment.contact.email))


CHECKS = {KIND: Check(check_reminder, words_when_due)}
