"""A database as the first commit made it, with people, sessions, a lesson and emails in it.

Its three migrations are still those of that commit (only names of validators changed), and its rows are
written through the models of that moment, not through ours.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

OURS = ("practice", "booking", "portal")
LONG_AGO = dt.datetime(2026, 3, 3, 17, tzinfo=dt.UTC)


def make_first_database() -> None:
    """Fill the empty database that Django is connected to."""
    executor = MigrationExecutor(connection)
    others = [key for key in executor.loader.graph.leaf_nodes() if key[0] not in OURS]
    executor.migrate([*((app, "0001_initial") for app in OURS), *others])
    _fill(executor.loader.project_state([(app, "0001_initial") for app in OURS]).apps)
    call_command("createcachetable", verbosity=0)


def _fill(apps: Any) -> None:
    """Write its rows: a practice, two who work there, fifty clients, their sessions and emails, a lesson."""

    def make(model: str, **fields: Any) -> Any:
        return apps.get_model(model).objects.create(**fields)

    make(
        "practice.Practice",
        name="Willow",
        zone="America/Denver",
        phone="303 555 0199",
        treatment_consent="Yes.",
    )
    owner = make("practice.User", name="Tess Marlow", email="tess@example.com", role="owner")
    tess = make("practice.Practitioner", user=owner, slug="tess", zone="America/Denver")
    first = make("booking.SessionType", slug="first", name="First session", minutes=60, price_cents=9000)
    first.practitioners.add(tess)
    make("booking.OpeningHours", practitioner=tess, weekday=1, opens="09:00", closes="17:00")
    lesson = make("portal.Lesson", slug="hips", title="Hips", position="back", is_published=True)
    make(
        "portal.LessonAudio",
        lesson=lesson,
        sha256="a" * 64,
        file="lessons/one.m4a",
        size=9,
        duration_ms=60_000,
    )
    for number in range(50):
        name, starts = f"Client {number}", LONG_AGO + dt.timedelta(days=number)
        client = make("practice.User", name=name, email=f"client{number}@example.com")
        appointment = make(
            "booking.Appointment",
            **{"client": client, "practitioner": tess, "session_type": first, "state": "booked"},
            **{"starts_at": starts, "ends_at": starts + dt.timedelta(hours=1), "minutes": 60},
            **{"attendee_name": name, "phone": "303 555 0101", "price_cents": 9000, "zone": "America/Denver"},
            **{"wall_time": "2026-03-03T10:00", "override_note": "asked for", "booked_at": LONG_AGO},
        )
        make(
            "booking.AppointmentChange",
            appointment=appointment,
            what="booked",
            starts_at=starts,
            note="by phone",
        )
        make("portal.Assignment", client=client, lesson=lesson, assigned_by=tess, dosage="daily")
        make("practice.Consent", user=client, kind="booking", text="Agreed.")
        make("practice.AccessLog", reader=owner, whose=client, what="brief")
        make(
            "practice.Letter",
            **{"key": f"letter:{number}", "kind": "confirmation", "category": "appointment", "user": client},
            **{"to_name": name, "to_address": client.email, "subject": "Booked", "text": f"Dear {name}"},
            **{
                "message_id": f"<{number}@example.com>",
                "due_at": LONG_AGO,
                "sent_at": LONG_AGO,
                "state": "sent",
            },
        )
