"""Fifty real processes want one slot. Run by the tests beside it, on the migrated database of DATABASE_URL:

    python -m booking.tests.processes.booking_race --same 20 --overlapping 20 --mixed 5 --control 10

Prints one line of JSON: what came of so many rounds of each kind. The processes are forked once; each round
is a day on which all of them try at the same moment. The control is without guard and lock: it goes on until
more than one of them wins a round, for so many rounds at most.
"""

from __future__ import annotations

import argparse
import contextlib
import datetime as dt
import gc
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


def make_people() -> None:
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


def wanted_start(mode: str, day: int, number: int) -> tuple[str, dt.datetime]:
    """What this person wants on this day: the same for all, or times of which any two overlap."""
    if mode == "same":
        return "of-60", start_of(day, 0)
    return ("of-60", "of-90")[number % 2], start_of(day, number // 2 % 4 * 15)


def one_try(mode: str, day: int, number: int) -> str:
    """Book, and say what came of it: "won", or the error's name (and words, when it is none of ours)."""
    from booking.appointments.actions.book import Attendee, book
    from booking.errors import BookingError
    from booking.models import SessionType
    from practice.models import Practitioner

    slug, start = wanted_start(mode, day, number)
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
    from booking.appointments.actions.book import Attendee, book
    from booking.appointments.actions.cancel import cancel
    from booking.appointments.actions.move import move
    from booking.errors import BookingError
    from booking.holds.actions.hold import hold, release_expired, release_hold
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
            release_hold(held, now=now)
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


CONTROL = "control"  # as "overlapping", with nothing that keeps them apart
KINDS = ("same", "overlapping", "mixed", CONTROL)


class Contestants:
    """Fifty processes, forked once."""

    def __init__(self) -> None:
        from django.db import connections

        connections.close_all()  # a connection must not cross a fork
        gc.freeze()  # what all of them have is not touched by each, and so not copied
        fork = multiprocessing.get_context("fork")
        self.gate, self.answers = fork.Barrier(PEOPLE + 1), fork.SimpleQueue()
        self.wanted = fork.Array("i", [0, 0], lock=False)  # which kind, and which day
        self.people = [fork.Process(target=self.person, args=(number,)) for number in range(PEOPLE)]
        for process in self.people:
            process.start()

    def person(self, number: int) -> None:
        """One process: meet, try, tell; until the crowd goes home."""
        while True:
            self.gate.wait(PATIENT)
            which, day = self.wanted
            if which < 0:
                return
            kind, began = KINDS[which], time.monotonic()
            if kind == CONTROL:
                without_lock()
            word = one_mixed_try(day, number) if kind == "mixed" else one_try(kind, day, number)
            self.answers.put((word, time.monotonic() - began))

    def round(self, kind: str, day: int) -> list[tuple[str, float]]:
        """All try at once; what each was told, and after how many seconds."""
        self.wanted[:] = [KINDS.index(kind), day]
        self.gate.wait(PATIENT)
        return [self.answers.get() for _ in self.people]

    def end_processes(self) -> None:
        """End the processes."""
        self.wanted[:] = [-1, 0]
        self.gate.wait(PATIENT)
        for process in self.people:
            process.join()


def run_rounds(contestants: Contestants, kind: str, days: range) -> dict[str, Any]:
    """A round on each of these days; what everybody was told, and what stands in the database."""
    before, told, winners = confirmations(), Counter[str](), []
    slowest = 0.0
    for day in days:
        answers = contestants.round(kind, day)
        told.update(word for word, _seconds in answers)
        winners.append(sum(word == "won" for word, _seconds in answers))
        slowest = max(slowest, *(seconds for _word, seconds in answers))
        if kind == CONTROL and winners[-1] > 1:
            break
    return {
        "winners": winners,
        "told": dict(told),
        "slowest": round(slowest, 2),
        **stored_appointments(days),
        "confirmations": confirmations() - before,
    }


def confirmations() -> int:
    """How many letters confirm something."""
    from practice.models import Letter

    return Letter.objects.filter(kind="confirmation").count()


def stored_appointments(days: range) -> dict[str, int]:
    """Appointments of these days, and pairs of them that overlap on one person or in one room."""
    from booking.models import Appointment

    within = (start_of(days.start, -600), start_of(days.stop, -600))
    rows = list(Appointment.objects.filter(occupies=True, starts_at__range=within).order_by("starts_at"))
    clashes = sum(
        a.starts_at < b.ends_at
        and b.starts_at < a.ends_at
        and (a.practitioner_id == b.practitioner_id or a.room_id == b.room_id)
        for index, a in enumerate(rows)
        for b in rows[index + 1 :]
    )
    return {"appointments": len(rows), "clashes": clashes}


def warm_up() -> None:
    """One booking and one refusal before the fork: else fifty processes load URLs and templates first."""
    from booking.models import Appointment
    from practice.append_only.door import Why, open_door
    from practice.models import Letter

    for number in (0, 1):
        one_try("same", -3, number)
    Letter.objects.all().delete()
    with open_door(Why.DEMO):
        Appointment.objects.all().delete()


def without_guard() -> None:
    """The control: no constraint, no lock, no transaction around check and insert. As peers do it."""
    from booking.locking import overlap_guard

    overlap_guard.remove()
    without_lock()


def without_lock() -> None:
    """The half of the control that each process does for itself."""
    from django.db import models

    from booking.locking import choosing

    choosing.transaction = type("NoTransaction", (), {"atomic": contextlib.nullcontext})
    models.QuerySet.select_for_update = lambda self, **_: self


def set_up() -> None:
    """Django, and who may be booked."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "practice.settings")
    django.setup()
    from django.conf import settings

    if settings.SQLITE:
        settings.DATABASES["default"]["OPTIONS"]["timeout"] = PATIENT
    make_people()


def main() -> None:
    """Make the cast, run all rounds, print."""
    parser = argparse.ArgumentParser()
    for kind in KINDS:
        parser.add_argument(f"--{kind}", type=int, default=0)
    rounds = vars(parser.parse_args())
    set_up()
    warm_up()
    contestants, day, numbers = Contestants(), 0, {}
    for kind in KINDS:
        if kind == CONTROL and rounds[kind]:
            without_guard()
        numbers[kind] = run_rounds(contestants, kind, range(day, day + rounds[kind]))
        day += rounds[kind]
    contestants.end_processes()
    sys.stdout.write(json.dumps(numbers) + "\n")


if __name__ == "__main__":
    main()
