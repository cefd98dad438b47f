"""A practice with 100,000 clients: each has had a session, and two follow-up emails of it wait.

`history()` adds 1,000,000 emails that ended: sent or canceled, ten for each client, over three years. What is
old enough has lost its words and its address, as the hourly tidying leaves it.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterator
from itertools import islice
from typing import Any

from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from booking.models import Appointment, SessionType
from booking.testing import make_session_type, open_every_day
from portal.models import Assignment, FollowUp, FollowUpPlan, Lesson
from portal.testing import make_lesson
from practice.core import wall_time
from practice.core.clock import zone_named
from practice.core.reasons import because
from practice.models import Consent, Letter, Practitioner, User
from practice.testing import make_practice, make_practitioner

DENVER = zone_named("America/Denver")
A_DAY = dt.timedelta(days=1)
CHUNK = 5_000
EMAILS_OF_HISTORY = 10  # of each client


def in_chunks(model: type[Any], rows: Iterator[Any]) -> list[Any]:
    """Save the rows of a model, some thousands at a time, and return them."""
    made: list[Any] = []
    while some := list(islice(rows, CHUNK)):
        made += model.objects.bulk_create(some)
    return made


def fill(clients: int) -> None:
    """Make the practice, with its first email of each client due a moment ago and the second in a week."""
    call_command("migrate", verbosity=0)
    make_practice(zone="America/Denver", reminder_hours=[48])
    tess = make_practitioner()
    open_every_day(tess)
    kind = make_session_type(tess, minutes=60)
    lesson = make_lesson("bench", title="Let the floor hold you")
    plan = FollowUpPlan.objects.create(name="Standard", is_default=True)
    for days in (1, 8):
        plan.steps.create(days=days)
    people = in_chunks(User, (client(number) for number in range(clients)))
    in_chunks(Consent, (Consent(user=one, kind=Consent.Kind.LETTERS) for one in people))
    in_chunks(Assignment, (_assigned(lesson, one, tess) for one in people))
    sessions = in_chunks(Appointment, (_session(kind, tess, one) for one in people))
    now = timezone.now()
    for place, due in enumerate((now, now + 7 * A_DAY)):
        letters = in_chunks(Letter, (_waiting(one, place, due) for one in sessions))
        in_chunks(
            FollowUp,
            (_follow_up(one, mail, place, plan) for one, mail in zip(sessions, letters, strict=True)),
        )
    analyze()


def client(number: int) -> User:
    """Return a client who has an address of their own."""
    return User(
        email=f"client{number}@bench.example",
        name=f"Client {number}",
        zone="America/Denver",
        created_at=timezone.now() - 30 * A_DAY,
    )


def _assigned(lesson: Lesson, one: User, by: Practitioner) -> Assignment:
    return Assignment(client=one, lesson=lesson, assigned_by=by)


def _session(kind: SessionType, by: Practitioner, one: User) -> Appointment:
    start = timezone.now() - 2 * A_DAY
    return Appointment(
        uid=uuid.uuid4(),
        session_type=kind,
        practitioner=by,
        client=one,
        attendee_name=one.name,
        starts_at=start,
        ends_at=start + dt.timedelta(hours=1),
        minutes=60,
        state=Appointment.State.COMPLETED,
        occupies=False,
        wall_here=wall_time.wall_time_text(start, DENVER),
        booked_at=start - 9 * A_DAY,
        confirmed_at=start - 9 * A_DAY,
    )


def _waiting(session: Appointment, place: int, due: dt.datetime) -> Letter:
    key = f"follow-up:{session.uid}:{place}"
    return Letter(
        key=key,
        message_id=f"<{key}@bench.example>",
        kind="follow_up",
        category=Letter.Category.ENCOURAGEMENT,
        about=session.about,
        user_id=session.client_id,
        to_name=session.attendee_name,
        to_address=f"client{session.client_id}@bench.example",
        subject="Once more?",
        text="A draft.",
        due_at=due,
        due_wall=wall_time.wall_time_text(due, DENVER),
        why=because("follow_up:as_planned"),
    )


def _follow_up(session: Appointment, letter: Letter, place: int, plan: FollowUpPlan) -> FollowUp:
    assert session.client_id
    return FollowUp(
        client_id=session.client_id,
        appointment=session,
        place=place,
        days=1 + 7 * place,
        at=dt.time(9),
        plan=plan,
        letter=letter,
        made_at=session.ends_at,
        why=letter.why,
    )


def history() -> int:
    """Add the emails that ended, by one statement for each of the ten; return how many there are."""
    model = Letter.objects.filter(kind="follow_up").order_by("pk").values("pk")[0]["pk"]
    now, added = timezone.now(), 0
    for number in range(EMAILS_OF_HISTORY):
        ended = now - dt.timedelta(days=1 + number * 1000 // EMAILS_OF_HISTORY)
        added += _copies_of(model, number, ended, now)
    analyze()
    return added


def _copies_of(model: int, number: int, ended: dt.datetime, now: dt.datetime) -> int:
    """Copy a letter once for every client, as one that ended then; return how many copies there are."""
    age = now - ended
    state = Letter.State.CANCELLED if number % 5 == 4 else Letter.State.SENT
    own: dict[str, Any] = {
        "kind": "reminder" if number % 2 else "follow_up",
        "category": "appointment" if number % 2 else "encouragement",
        "state": str(state),
        "due_at": ended,
        "sent_at": ended if state == Letter.State.SENT else None,
        "created_at": ended,
        "blanked_at": ended + 90 * A_DAY if age > 90 * A_DAY else None,
        **({"text": ""} if age > 90 * A_DAY else {}),
        **({"to_address": "", "to_name": ""} if age > 730 * A_DAY else {}),
    }
    names = [str(field.column) for field in Letter._meta.concrete_fields if not field.primary_key]
    values = [_value_of(name, own, number) for name in names]
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO practice_letter ({', '.join(names)}) SELECT {', '.join(values)} "
            "FROM practice_user u, practice_letter m WHERE m.id = %s AND u.role = 'client'",
            [*(_stored(name, own[name]) for name in names if name in own), model],
        )
        return int(cursor.rowcount)


def _value_of(name: str, own: dict[str, Any], number: int) -> str:
    """Return where a copy's column comes from: the model letter, the client, or a value."""
    by_client = {
        "user_id": "u.id",
        "about": f"'history:{number}:' || u.id",
        "key": f"'history:{number}:' || u.id",
        "message_id": f"'history:{number}:' || u.id",
    }
    return "%s" if name in own else by_client.get(name, f"m.{name}")


def _stored(name: str, value: Any) -> Any:
    field: Any = Letter._meta.get_field(name)
    return field.get_db_prep_save(value, connection=connection)


def tidying_due(count: int) -> None:
    """Make so many of the oldest emails due for the hourly tidying: with their addresses, and not blanked."""
    oldest = Letter.objects.filter(state=Letter.State.SENT, due_at__lt=timezone.now() - 750 * A_DAY)
    pks = oldest.order_by("pk").values("pk")[:count]
    Letter.objects.filter(pk__in=pks).update(blanked_at=None, to_address="someone@bench.example")


def ahead(count: int) -> None:
    """Have so many sessions ahead, one an hour, each with the reminder that the owner chose."""
    tess, kind = Practitioner.objects.get(), SessionType.objects.get()
    made = Appointment.objects.filter(state=Appointment.State.BOOKED).count()
    begin = timezone.now().replace(minute=0, second=0, microsecond=0) + 5 * A_DAY
    clients = User.objects.clients().order_by("pk")[made:count]
    rows = (
        _booked(kind, tess, one, begin + dt.timedelta(hours=number))
        for number, one in enumerate(clients.iterator(chunk_size=CHUNK), made)
    )
    in_chunks(Letter, (_reminder(one) for one in in_chunks(Appointment, rows)))
    analyze()


def _booked(kind: SessionType, by: Practitioner, one: User, start: dt.datetime) -> Appointment:
    return Appointment(
        uid=uuid.uuid4(),
        session_type=kind,
        practitioner=by,
        client=one,
        attendee_name=one.name,
        starts_at=start,
        ends_at=start + dt.timedelta(hours=1),
        minutes=60,
        state=Appointment.State.BOOKED,
        wall_here=wall_time.wall_time_text(start, DENVER),
        booked_at=timezone.now() - 9 * A_DAY,
        confirmed_at=timezone.now() - 9 * A_DAY,
    )


def _reminder(session: Appointment) -> Letter:
    due = session.starts_at - dt.timedelta(hours=48)
    key = f"{session.about}:reminder-48h:0"
    return Letter(
        key=key,
        message_id=f"<{key}@bench.example>",
        kind="reminder",
        category=Letter.Category.APPOINTMENT,
        about=session.about,
        user_id=session.client_id,
        to_name=session.attendee_name,
        to_address=f"client{session.client_id}@bench.example",
        subject="Your session",
        text="A draft.",
        due_at=due,
        due_wall=wall_time.wall_time_text(due, DENVER),
    )


def analyze() -> None:
    """Let PostgreSQL count its rows, as it does by itself in a practice that runs. SQLite never does."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
