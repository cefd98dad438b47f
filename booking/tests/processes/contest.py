"""Fifty real processes want one slot. Run by the tests beside it, on the database DATABASE_URL names:

    python -m booking.tests.processes.contest same|overlapping|mixed --rounds 20 [--without-guard]

Prints one line of JSON. The processes are forked once and meet at a barrier each round; a round is a day.
"""

from __future__ import annotations

import argparse
import contextlib
import datetime as dt
import json
import multiprocessing
import os
import random
import sys
import time
from collections import Counter
from typing import Any
from zoneinfo import ZoneInfo

import django

DENVER = ZoneInfo("America/Denver")
NOW = dt.datetime(2027, 1, 4, 8, 0, tzinfo=DENVER)
PEOPLE = 50
PATIENT = 120  # seconds: fifty at once on a busy machine, and SQLite serves them in no order


def start_of(day: int, minutes: int) -> dt.datetime:
    """Minutes after 10:00 on a later day."""
    return (NOW + dt.timedelta(days=7 + day)).replace(hour=10) + dt.timedelta(minutes=minutes)


def make_cast() -> None:
    """Tess and Jonah share a room; 60 and 90 minutes, every 15, at any time of the day."""
    from booking.testing import make_session_type, open_every_day
    from practice.models import User
    from practice.testing import make_practice, make_practitioner

    make_practice()
    tess = make_practitioner()
    jonah = make_practitioner("Jonah Reyes", role=User.Role.PRACTITIONER, room=tess.room, order=1)
    for person in (tess, jonah):
        open_every_day(person, "08:00", "20:00")
    for minutes in (60, 90):
        make_session_type(tess, jonah, slug=f"of-{minutes}", minutes=minutes, step=15, name=f"{minutes}")


def wish(mode: str, day: int, number: int) -> tuple[str, dt.datetime]:
    """What this person wants on this day: the same for all, or times of which any two overlap."""
    if mode == "same":
        return "of-60", start_of(day, 0)
    return ("of-60", "of-90")[number % 2], start_of(day, number // 2 % 4 * 15)


def one_try(mode: str, day: int, number: int) -> str:
    """Book, and say what came of it: "won", or the error's name (and words, when it is none of ours)."""
    from booking.actions.book import Attendee, book
    from booking.errors import BookingError
    from booking.models import SessionType
    from practice.models import Practitioner

    slug, start = wish(mode, day, number)
    person = Attendee(f"Person {number}", f"person{number}@example.com", zone="America/Denver")
    try:
        book(
            SessionType.objects.get(slug=slug),
            practitioners=[Practitioner.objects.get(slug="tess")],
            start=start,
            attendee=person,
            consent=True,
            now=NOW,
        )
    except BookingError as error:
        return type(error).__name__
    except Exception as error:  # noqa: BLE001  (what is counted here is exactly what should not be)
        return f"{type(error).__name__}: {error}"[:120]
    return "won"


def one_mixed_try(day: int, number: int) -> str:
    """Hold with anybody, book, move, cancel, sweep: whatever comes, in any order, over one shared room."""
    from booking.actions.book import Attendee, book
    from booking.actions.cancel import cancel
    from booking.actions.hold import hold, let_go, release_expired
    from booking.actions.move import move
    from booking.errors import BookingError
    from booking.models import Appointment, SessionType
    from practice.models import Practitioner

    luck = random.Random(day * 1000 + number)
    people = list(Practitioner.objects.order_by(luck.choice(["pk", "-pk"])))[: luck.choice([1, 2])]
    kind = SessionType.objects.get(slug=luck.choice(["of-60", "of-90"]))
    start = start_of(day, luck.randrange(16) * 15)
    now = NOW + dt.timedelta(minutes=luck.randrange(20))
    try:
        held = hold(kind, practitioners=people, start=start, visitor=f"v{number}", now=now)
        if luck.random() < 0.2:
            let_go(held, now=now)
        guest = Attendee(f"Person {number}", f"person{luck.randrange(10)}@example.com")
        made = book(kind, practitioners=people, start=start, attendee=guest, consent=True, held=held, now=now)
        if luck.random() < 0.5:
            move(made, start=start_of(day, luck.randrange(20) * 15), now=now)
        if luck.random() < 0.3:
            cancel(Appointment.objects.get(pk=made.pk), now=now)
        release_expired(now=now)
    except BookingError as error:
        return type(error).__name__
    except Exception as error:  # noqa: BLE001  (what is counted here is exactly what should not be)
        return f"{type(error).__name__}: {error}"[:120]
    return "won"


def person(mode: str, rounds: int, number: int, barrier: Any, answers: Any) -> None:
    """One process: meet, try, tell."""
    for day in range(rounds):
        barrier.wait(PATIENT)
        began = time.monotonic()
        word = one_mixed_try(day, number) if mode == "mixed" else one_try(mode, day, number)
        answers.put((day, word, time.monotonic() - began))
        barrier.wait(PATIENT)


def run(mode: str, rounds: int) -> dict[str, Any]:
    """All rounds; what everybody was told, and what stands in the database."""
    from django.db import connections

    connections.close_all()  # a connection must not cross a fork
    fork = multiprocessing.get_context("fork")
    barrier, answers = fork.Barrier(PEOPLE), fork.SimpleQueue()
    crowd = [
        fork.Process(target=person, args=(mode, rounds, number, barrier, answers)) for number in range(PEOPLE)
    ]
    began = time.monotonic()
    for process in crowd:
        process.start()
    told = [answers.get() for _ in range(PEOPLE * rounds)]
    for process in crowd:
        process.join()
    return {
        "rounds": rounds,
        "seconds": round(time.monotonic() - began, 1),
        "slowest": round(max(seconds for _, _, seconds in told), 2),
        "winners": sorted(Counter(day for day, word, _ in told if word == "won").values()),
        "told": dict(Counter(word for _, word, _ in told)),
        **standing(),
    }


def standing() -> dict[str, int]:
    """Appointments, letters that confirm them, and pairs that overlap on one person or in one room."""
    from booking.models import Appointment
    from practice.models import Letter

    rows = list(Appointment.objects.filter(occupies=True).order_by("starts_at"))
    clashes = sum(
        a.starts_at < b.ends_at
        and b.starts_at < a.ends_at
        and (a.practitioner_id == b.practitioner_id or a.room_id == b.room_id)
        for index, a in enumerate(rows)
        for b in rows[index + 1 :]
    )
    return {
        "appointments": len(rows),
        "confirmations": Letter.objects.filter(kind="confirmation").count(),
        "clashes": clashes,
    }


def warm_up() -> None:
    """One booking and one refusal before the fork: else fifty processes load URLs and templates first."""
    from booking.models import Appointment
    from practice.models import Letter

    for number in (0, 1):
        one_try("same", -3, number)
    Letter.objects.all().delete()
    Appointment.objects.all().delete()


def without_guard() -> None:
    """The control: no constraint, no lock, no transaction around check and insert. As peers do it."""
    from django.db import models

    from booking import guard
    from booking.actions import under_lock

    guard.remove()
    under_lock.transaction = type("NoTransaction", (), {"atomic": contextlib.nullcontext})
    models.QuerySet.select_for_update = lambda self, **_: self


def set_the_stage() -> None:
    """Django, the database migrated, and who may be booked in it."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "practice.settings")
    django.setup()
    from django.conf import settings
    from django.core.management import call_command

    if settings.SQLITE:
        settings.DATABASES["default"]["OPTIONS"]["timeout"] = PATIENT
    call_command("migrate", verbosity=0)
    make_cast()


def main() -> None:
    """Migrate a fresh database, make the cast, run, print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("mode", choices=["same", "overlapping", "mixed"])
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--without-guard", action="store_true")
    asked = parser.parse_args()
    set_the_stage()
    warm_up()
    if asked.without_guard:
        without_guard()
    sys.stdout.write(json.dumps(run(asked.mode, asked.rounds)) + "\n")


if __name__ == "__main__":
    main()
