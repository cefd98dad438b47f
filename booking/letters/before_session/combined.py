"""One email two days before a first session, instead of three in one minute.

It says how to prepare, what is still open, where and when. The owner's words on how to prepare carry the
rest; without such words the reminder does. The others go only if that one does not.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime, timedelta

from booking.letters.event import EmailFacts
from booking.links import intake_url
from booking.models import Appointment, Intake, sealed_at
from practice.core.reasons import because
from practice.mail.queries import WAITING, read_about
from practice.mail.send_check import Cancel, Postpone, Verdict
from practice.models import Letter
from practice.models.written_queries import WrittenOnce

#: Kind of email → the kinds that can replace it, as they say the same.
CARRIERS = {"reminder": ("prepare",), "intake": ("prepare", "reminder")}
NEAR, DAY = timedelta(hours=12), timedelta(days=1)
#: The longest pause between two tries: an email that is tried again within it is waited for.
SOON, LOOK_AGAIN = timedelta(hours=1), timedelta(minutes=10)
State = Letter.State


def combined_verdict(letter: Letter, appointment: Appointment, now: datetime) -> Verdict | None:
    """Return what becomes of a reminder or intake email because of another email; None: it goes.

    A reminder of the last hours is never replaced by another.
    """
    if letter.kind == "reminder" and appointment.starts_at - now < DAY:
        return None
    others = [
        one
        for one in read_about(appointment.about)
        if one.kind in CARRIERS[letter.kind]
        and (one.kind == "prepare" or one.due_at <= appointment.starts_at - DAY)
        and one.key.endswith(f":{appointment.sequence}")
        and one.due_at <= now + SOON
    ]
    if any(one.state in (State.SENT, State.UNKNOWN) and one.due_at >= now - NEAR for one in others):
        return Cancel(because("another_covered"))
    if any(one.state in WAITING for one in others):
        return Postpone(now + LOOK_AGAIN, because("another_covers"))
    return None


def said_by_another(letters: Iterable[Letter]) -> set[int]:
    """Return ids of waiting emails that go only if another of the same hour does not."""
    waiting = [one for one in letters if one.state == State.PLANNED and not is_of_the_last_hours(one)]
    return {
        one.pk
        for one in waiting
        for other in waiting
        if other.kind in CARRIERS.get(one.kind, ()) and abs(one.due_at - other.due_at) <= NEAR
    }


def is_of_the_last_hours(letter: Letter) -> bool:
    """Return whether the email is a reminder on the day itself, which no other email replaces."""
    hours = hours_before(letter)
    return hours is not None and timedelta(hours=hours) < DAY


def hours_before(letter: Letter) -> int | None:
    """Return how many hours before the session a reminder goes, by its key; None: not a reminder."""
    found = re.search(r":reminder-(\d+)h:", letter.key) if letter.kind == "reminder" else None
    return int(found[1]) if found else None


def still_open(facts: EmailFacts) -> dict[str, str]:
    """Return the link to the intake's questions while they are open, for the email that goes."""
    intake = open_of(facts.appointment)
    mine = intake is not None and intake.appointment_id == facts.appointment.pk
    return {"questions_url": intake_url(intake) if intake and mine else ""}


def open_of(appointment: Appointment) -> Intake | None:
    """Return the client's intake that is not handed in yet, or None."""
    found: Intake | None = _OPEN.first_object(client=appointment.client_id or 0)
    return found


#: Asked for every email before a session that leaves.
_OPEN = WrittenOnce(
    lambda client: (
        Intake.objects.filter(client=client, handed_in_at=None)
        .defer("answers", *sealed_at("appointment"))
        .select_related("client", "appointment__client", "appointment__correspondent")
    ),
    client=-11,
)
