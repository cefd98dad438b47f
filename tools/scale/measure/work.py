"""What an email, a booking, a page, a report of the player and each tick cost, in a practice with some past.

`python -m tools.scale.measure.work`, on the PostgreSQL that DATABASE_URL names. Prints JSON.
"""

from __future__ import annotations

import json
import logging
import os
import statistics
import sys
import time
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

from bench import booking_costs

# isort: split
from django.conf import settings
from django.core import mail
from django.db import connection, connections
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from bench.delivery_times import Bench
from portal.lessons.playback_token import ticket_for
from practice.celery import app
from practice.mail.delivery.deliver import drain
from practice.models import Letter
from tools.scale.measure.meter import Meter, memory_mb

EMAILS, BOOKINGS, PAGES, REPORTS, TICKS, CONNECTS = 150, 60, 80, 200, 40, 300
LOCKS = "FOR NO KEY UPDATE"


def costs(meter: Meter, times: int, work: Callable[[], object]) -> tuple[float, float, float]:
    """Return ms of PostgreSQL, ms of this process, and bytes of the log, for each of so many times."""
    work()  # what the first time loads
    connections.close_all()
    own = time.process_time()

    def all_of_it() -> None:
        for _ in range(times):
            work()
        connections.close_all()

    used = meter.used_by(all_of_it)
    return used.cpu / times, (time.process_time() - own) * 1_000 / times, used.wal / times


def seeded() -> tuple[Any, Bench]:
    """Return a service with full calendars, and a practice with lessons and emails, in one database."""
    kind = booking_costs.seed()
    kind.slug = "booked"
    kind.save(update_fields=["slug"])
    return kind, Bench()


def connect() -> None:
    """Open a connection as Django does, ask one thing, and close it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    connections.close_all()


def tick(name: str) -> Callable[[], None]:
    """Return one tick's work, on a connection of its own, as a worker does it."""
    task = app.tasks[app.conf.beat_schedule[name]["task"]]

    def work() -> None:
        task.run()
        connections.close_all()

    return work


def ticks(meter: Meter) -> dict[str, dict[str, float]]:
    """Return for each tick its statements, its ms, and how many there are in a second."""
    found = {}
    for name, said in sorted(app.conf.beat_schedule.items()):
        work = tick(name)
        work()
        with CaptureQueriesContext(connection) as queries:
            app.tasks[said["task"]].run()
        database, own, wal = costs(meter, TICKS, work)
        found[name] = {
            "per_s": 1 / said["schedule"],
            "statements": len(queries),
            "database_ms": database,
            "portal_ms": own,
            "wal": wal,
        }
    return found


def bookings(meter: Meter, kind: Any) -> dict[str, float]:
    """Return what the request that books costs, for a new person."""
    person = kind.practitioners.first()
    waiting = [booking_costs.held(kind, person) for _ in range(BOOKINGS + 2)]

    def book() -> None:
        where, said = booking_costs.form(waiting.pop())
        assert Client(headers=booking_costs.ORIGIN).post(where, said).status_code == 302

    with CaptureQueriesContext(connection) as queries:
        book()
    said = [one["sql"] for one in queries]
    locked = next(number for number, sql in enumerate(said) if LOCKS in sql)
    commits = [number for number, sql in enumerate(said) if sql == "COMMIT"]
    database, own, _wal = costs(meter, BOOKINGS, book)
    return {
        "booking_database_ms": database,
        "booking_portal_ms": own,
        "booking_statements": len(said),
        "booking_commits": len(commits),
        "booking_locked_trips": next(one for one in commits if one > locked) - locked + 1,
    }


def pages(meter: Meter, kind: Any) -> dict[str, float]:
    """Return what the page of free times costs: the dearest that a visitor opens."""
    browser = Client()

    def look() -> None:
        assert browser.get(f"/book/{kind.slug}/").status_code == 200

    database, own, _wal = costs(meter, PAGES, look)
    return {"page_database_ms": database, "page_portal_ms": own}


def heard(meter: Meter, practice: Bench) -> dict[str, float]:
    """Return what a report of the player costs: fifteen seconds of a lesson."""
    [ann] = practice.clients(1)
    recording = practice.lesson.recordings.get(is_current=True)
    browser = Client(headers=booking_costs.ORIGIN)
    browser.force_login(ann)
    entry, number = str(uuid.uuid4()), iter(range(10_000))
    ticket = ticket_for(ann, recording, now=timezone.now())

    def report() -> None:
        seq = next(number)
        stretch = {
            "seq": seq,
            "start": seq * 0.5,
            "end": seq * 0.5 + 0.5,
            "rate": 1,
            "elapsed": 0.5,
            "age": 0,
        }
        time.sleep(0.5)  # a stretch that is not over yet would be refused
        said = {"ticket": ticket, "entry": entry, "segments": [stretch]}
        answer = browser.post("/portal/lessons/floor/heard/", said, content_type="application/json")
        assert answer.status_code == 200, answer.content

    database, own, wal = costs(meter, REPORTS // 4, report)
    return {"heard_database_ms": database, "heard_portal_ms": own, "heard_wal_kb": wal / 1_000}


def emails(meter: Meter, practice: Bench) -> dict[str, float]:
    """Return what it costs to send an email: half of them confirmations, half follow-ups."""
    for make in (practice.confirmations, practice.follow_ups):
        make(EMAILS // 2)
    connections.close_all()
    own, before = time.process_time(), meter.cpu()
    done = drain(limit=EMAILS)
    connections.close_all()
    time.sleep(0.3)
    own, database = time.process_time() - own, meter.cpu() - before
    assert done == EMAILS
    assert Letter.objects.filter(state=Letter.State.SENT).count() >= EMAILS
    return {"email_database_ms": database / EMAILS, "email_portal_ms": own * 1_000 / EMAILS}


def backend_mb(meter: Meter, kind: Any) -> float:
    """Return the memory that a connection has for itself once it has served a booking and some pages."""
    where, said = booking_costs.form(booking_costs.held(kind, kind.practitioners.first()))
    browser = Client(headers=booking_costs.ORIGIN)
    for path in ("/", "/book/", f"/book/{kind.slug}/", "/healthz", "/lessons/"):
        browser.get(path)
    browser.post(where, said)
    drain(limit=2)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        pid = cursor.fetchone()[0]
    return memory_mb(pid, "Private_Dirty", "Private_Clean")


def sync_ms(meter: Meter) -> float:
    """Return how long a commit waits for the disk: the median of some, beyond one that does not wait."""
    took: dict[str, list[float]] = {"on": [], "off": []}
    meter.asks.execute("CREATE TABLE IF NOT EXISTS waits (at float)")
    for _ in range(200):
        for mode, kept in took.items():
            meter.asks.execute(f"SET synchronous_commit = {mode}".encode())
            began = time.perf_counter()
            meter.asks.execute("INSERT INTO waits VALUES (1)")
            kept.append((time.perf_counter() - began) * 1_000)
    meter.asks.execute("SET synchronous_commit = on")
    return statistics.median(took["on"]) - statistics.median(took["off"])


def main() -> None:
    """Print what was found, as JSON."""
    logging.disable(logging.CRITICAL)
    meter = Meter(os.environ["DATABASE_URL"])
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    settings.RATE_LIMITS = False
    mail.outbox = []
    app.loader.import_default_modules()
    with override_settings(ALLOWED_HOSTS=["*"]):
        kind, practice = seeded()
        found: dict[str, Any] = {"ticks": ticks(meter)}
        connecting = costs(meter, CONNECTS, connect)
        found |= {"connect_database_ms": connecting[0], "connect_portal_ms": connecting[1]}
        found |= bookings(meter, kind) | pages(meter, kind) | emails(meter, practice) | heard(meter, practice)
        found |= {"backend_in_use_mb": backend_mb(meter, kind), "sync_ms": sync_ms(meter)}
    print(json.dumps(found))


if __name__ == "__main__":
    main()
