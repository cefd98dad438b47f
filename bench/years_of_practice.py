"""Fill an empty database with years of a practice (`fill`), or time pages of it (`time`).

Five practitioners with six sessions a day each, 50,000 appointments and 2,000,000 segments in all. Imports
only what the build before the calendar has too: `workspace_pages.py` sets Django up and runs it, with the
code of either build.
"""

from __future__ import annotations

import datetime as dt
import sys
import time
import uuid
from collections.abc import Iterator
from itertools import islice
from typing import Any

from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from booking.models import Appointment, SessionType
from booking.testing import make_session_type, open_every_day
from portal.models import FollowUp, Lesson, PracticeEntry, Segment, SessionNote
from practice.core.clock import day_bounds, zone_named
from practice.models import Consent, Letter, Practitioner, User
from practice.testing import at_work, make_practice, make_practitioner

PRACTITIONERS, CLIENTS = 5, 2_500
A_DAY = 6  # sessions of each practitioner
APPOINTMENTS, SEGMENTS = 50_000, 2_000_000
SEGMENTS_OF_AN_ENTRY = 40
DAYS_AHEAD = 60
ZONE = zone_named("America/Denver")
CHUNK = 5_000


def in_chunks(model: type[Any], rows: Iterator[Any]) -> list[Any]:
    """Save the rows of a model, some thousands at a time, and return them."""
    made: list[Any] = []
    while some := list(islice(rows, CHUNK)):
        made += model.objects.bulk_create(some)
    return made


def days_of(practitioners: int) -> list[dt.date]:
    """Return the days with sessions, so many that all appointments fit, the last of them ahead of today."""
    count = APPOINTMENTS // (practitioners * A_DAY)
    last = timezone.now().astimezone(ZONE).date() + dt.timedelta(days=DAYS_AHEAD)
    return [last - dt.timedelta(days=back) for back in range(count)]


def appointments(kind: SessionType, people: list[Practitioner], clients: list[User]) -> Iterator[Appointment]:
    """Yield the sessions of all days: past ones took place, today's and later ones are booked."""
    now, number = timezone.now(), 0
    for day in days_of(len(people)):
        begins, _ = day_bounds(day, ZONE)
        for person in people:
            for turn in range(A_DAY):
                start = begins + dt.timedelta(hours=9 + turn, minutes=15 * (number % 2))
                end = start + dt.timedelta(minutes=45)
                client = clients[(number * 7919) % len(clients)]
                number += 1
                yield Appointment(
                    uid=uuid.UUID(int=number),
                    session_type=kind,
                    practitioner=person,
                    client=client,
                    attendee_name=client.name,
                    starts_at=start,
                    ends_at=end,
                    minutes=45,
                    buffer_after=15,
                    price_cents=9500,
                    state=Appointment.State.COMPLETED if end < now else Appointment.State.BOOKED,
                    wall_here=f"{start.astimezone(ZONE):%Y-%m-%dT%H:%M} America/Denver",
                    booked_at=now,
                    confirmed_at=now,
                )


def notes(past: list[Appointment]) -> Iterator[SessionNote]:
    """Yield a signed note for each past session."""
    for one in past:
        yield SessionNote(
            appointment=one,
            author=one.practitioner,
            foundation="The sacrum moves more easily on the left.",
            next_time="Look at the ribs.",
            saved_at=one.ends_at,
            signed_at=one.ends_at,
            signed_by_id=one.practitioner.user_id,
        )


def entries(lesson: Lesson, clients: list[User]) -> Iterator[PracticeEntry]:
    """Yield the times that clients practiced, evenly over the years; every tenth with words of theirs."""
    now = timezone.now()
    count = SEGMENTS // SEGMENTS_OF_AN_ENTRY
    for number in range(count):
        at = now - dt.timedelta(minutes=45 * number + 30)
        yield PracticeEntry(
            uid=uuid.UUID(int=number + 1),
            client=clients[number % len(clients)],
            lesson=lesson,
            since=at,
            started_at=at,
            last_at=at + dt.timedelta(minutes=20),
            heard_ms=1_200_000,
            covered_ms=1_200_000,
            noticing="" if number % 10 else "My left hip felt longer.",
            pain_before=None if number % 10 else "4",
            pain_after=None if number % 10 else "3",
        )


def segments(made: list[PracticeEntry]) -> Iterator[Segment]:
    """Yield what was heard: forty stretches of half a minute in each entry."""
    for entry in made:
        for seq in range(SEGMENTS_OF_AN_ENTRY):
            at = entry.started_at + dt.timedelta(seconds=30 * seq)
            yield Segment(
                entry_id=entry.pk,
                seq=seq,
                start_ms=30_000 * seq,
                end_ms=30_000 * (seq + 1),
                began_at=at,
                ended_at=at + dt.timedelta(seconds=30),
                received_at=at,
            )


def letters(sessions: list[Appointment]) -> Iterator[Letter]:
    """Yield a sent follow-up email for each of these sessions."""
    for one in sessions:
        key = f"bench:{one.pk}"
        yield Letter(
            key=key,
            kind="follow_up",
            category=Letter.Category.values[0],
            about=one.about,
            user_id=one.client_id,
            to_address=f"client{one.client_id}@bench.example",
            subject="Once more?",
            text="Your lesson is where you left it.",
            message_id=key,
            due_at=one.ends_at,
            sent_at=one.ends_at,
            state=Letter.State.SENT,
        )


def follow_ups(sessions: list[Appointment], sent: list[Letter]) -> Iterator[FollowUp]:
    """Yield the step of the plan behind each of these emails."""
    for one, letter in zip(sessions, sent, strict=True):
        assert one.client_id
        yield FollowUp(
            client_id=one.client_id, appointment=one, place=0, days=3, at=dt.time(9), letter=letter
        )


def fill() -> None:
    """Make everything. The owner is the first practitioner."""
    call_command("migrate", verbosity=0)
    make_practice(zone="America/Denver")
    roles = [User.Role.OWNER] + [User.Role.PRACTITIONER] * (PRACTITIONERS - 1)
    people = [make_practitioner(f"Person{number}", role=role) for number, role in enumerate(roles)]
    for one in people:
        open_every_day(one, "08:00", "18:00")
    kind = make_session_type(*people, minutes=45)
    lesson = Lesson.objects.create(slug="bench", title="Let the floor hold you")
    clients = in_chunks(
        User,
        (
            User(email=f"client{number}@bench.example", name=f"Client {number}", zone="America/Denver")
            for number in range(CLIENTS)
        ),
    )
    in_chunks(Consent, (Consent(user=one, kind=Consent.Kind.LETTERS) for one in clients))
    made = in_chunks(Appointment, appointments(kind, people, clients))
    past = [one for one in made if one.state == Appointment.State.COMPLETED]
    in_chunks(SessionNote, notes(past))
    latest = past[: CLIENTS * 2]
    in_chunks(FollowUp, follow_ups(latest, in_chunks(Letter, letters(latest))))
    in_chunks(Segment, segments(in_chunks(PracticeEntry, entries(lesson, clients))))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def time_pages() -> None:
    """Answer each path read from standard input with its milliseconds, queries and bytes."""
    owner = User.objects.get(role=User.Role.OWNER)
    browser = at_work(owner, Client(raise_request_exception=True))
    for line in sys.stdin:
        began = time.perf_counter()
        answer = browser.get(line.strip(), secure=True)
        took = (time.perf_counter() - began) * 1000
        with CaptureQueriesContext(connection) as queries:
            browser.get(line.strip(), secure=True)
        print(answer.status_code, f"{took:.2f}", len(queries), len(answer.content), flush=True)


if __name__ == "__main__":
    {"fill": fill, "time": time_pages}[sys.argv[1]]()
