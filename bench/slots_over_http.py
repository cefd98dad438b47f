"""A measurement of `GET /api/v1/slots` over 90 days for "any", in comparison with a bare view.

Five practitioners with split opening hours, 2,000 appointments ahead, and first none, then 200,000 in the
past: the answer must cost the same. The bare view goes through the same middleware, asks one question of the
database and cuts the taken time out of the open time. Both are asked in turns in one run, so that the ratio
means something on any machine; the milliseconds do not. *Again*: the same question with nothing changed.

Runs on SQLite in a temporary folder, or on the PostgreSQL that DATABASE_URL names (`tools/with_postgres`).
"""

from __future__ import annotations

import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
FOLDER = tempfile.TemporaryDirectory(prefix="portal-bench-")
os.environ |= {"VAR_DIR": f"{FOLDER.name}/var", "RATE_LIMITS": "off"}
os.environ["DJANGO_SETTINGS_MODULE"] = "practice.settings"

import django  # noqa: E402

django.setup()

from django.contrib.auth.decorators import login_not_required  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.http import HttpRequest, JsonResponse  # noqa: E402
from django.test import Client, override_settings  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402
from django.urls import include, path  # noqa: E402

from booking.api import kept_slots  # noqa: E402
from booking.availability.engine.intervals import subtract, union  # noqa: E402
from booking.models import Appointment, OpeningHours, SessionType  # noqa: E402
from practice.core.clock import seconds  # noqa: E402
from practice.models import Practice, Practitioner, User  # noqa: E402

PEOPLE, AHEAD, PAST, DAYS, ROUNDS = 5, 2_000, 200_000, 90, 15
MIDNIGHT = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
FIRST = MIDNIGHT + timedelta(days=1)
HOURS = ((8, 12), (13, 19))  # on weekdays; in UTC, so that the bare view needs no clock
HOUR = timedelta(hours=1)


def open_hours() -> list[datetime]:
    """Return the start of each open hour of the 90 days."""
    days = (FIRST + timedelta(days=number) for number in range(DAYS))
    return [
        day + timedelta(hours=hour)
        for day in days
        if day.weekday() < 5
        for opens, closes in HOURS
        for hour in range(opens, closes)
    ]


def seed() -> SessionType:
    """Create the practice, its people and hours, and the appointments ahead."""
    call_command("migrate", verbosity=0)
    Practice(name="Bench", zone="UTC").save()
    kind = SessionType.objects.create(
        slug="session", name="Session", minutes=60, step=15, notice_hours=0, horizon_days=DAYS + 5
    )
    for number in range(PEOPLE):
        user = User.objects.create_user(f"p{number}@bench.example", name=f"P{number}", role="practitioner")
        person = Practitioner.objects.create(user=user, slug=f"p{number}", zone="UTC", order=number)
        kind.practitioners.add(person)
        OpeningHours.objects.bulk_create(
            OpeningHours(practitioner=person, weekday=day, opens=f"{opens}:00", closes=f"{closes}:00")
            for day in range(5)
            for opens, closes in HOURS
        )
    hours, each = open_hours(), AHEAD // PEOPLE
    starts = [hours[number * len(hours) // each] for number in range(each)]  # spread over all of them
    Appointment.objects.bulk_create(booked(kind, starts, "booked"), batch_size=500)
    return kind


def booked(kind: SessionType, starts: list[datetime], state: str) -> Iterator[Appointment]:
    """Yield an appointment of an hour with each practitioner at each start."""
    for person in kind.practitioners.all():
        for start in starts:
            yield Appointment(
                session_type=kind,
                practitioner=person,
                starts_at=start,
                ends_at=start + HOUR,
                minutes=60,
                state=state,
            )


def fill_the_past(kind: SessionType) -> None:
    """Create years of sessions that took place."""
    starts = [MIDNIGHT - HOUR * (number + 24) for number in range(PAST // PEOPLE)]
    Appointment.objects.bulk_create(booked(kind, starts, "completed"), batch_size=500)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


@login_not_required
def bare(request: HttpRequest) -> JsonResponse:
    """Answer with open time minus taken time for each practitioner, as starts every 15 minutes; one query."""
    until = FIRST + timedelta(days=DAYS)
    rows = Appointment.objects.filter(occupies=True, starts_at__gte=FIRST, starts_at__lt=until)
    taken: dict[int, list[tuple[int, int]]] = {}
    fields = ("practitioner_id", "starts_at", "ends_at")
    for person, start, end in rows.order_by("starts_at").values_list(*fields):
        taken.setdefault(person, []).append((seconds(start), seconds(end)))
    opening = union((seconds(start), seconds(start) + 3600) for start in open_hours())
    free: dict[int, int] = {}
    for person, busy in taken.items():
        for start, end in subtract(opening, union(busy)):
            for second in range(start, end - 3599, 900):
                free.setdefault(second, person)
    return JsonResponse({"slots": [{"start": second, "who": free[second]} for second in sorted(free)]})


urlpatterns = [path("bare/", bare), path("", include("practice.urls"))]


def took(work: Callable[[], object]) -> float:
    """Return the seconds of one call."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def measure(client: Client) -> tuple[float, float, float, int, int]:
    """Return the median seconds of the answer, of the same again and of the bare view; queries, slots."""
    last = (FIRST + timedelta(days=DAYS - 1)).date()
    asked = f"/api/v1/slots?session_type=session&practitioner=any&from={FIRST.date()}&to={last}&tz=UTC"

    def uncached() -> bytes:
        kept_slots.CACHE.clear()
        return client.get(asked).content

    with CaptureQueriesContext(connection) as queries:
        found = len(json.loads(uncached())["slots"])
    asked_of_it = len(queries)  # counted at once: the next request empties the log
    client.get("/bare/")
    works = (uncached, lambda: client.get(asked), lambda: client.get("/bare/"))
    times = [[took(work) for work in works] for _ in range(ROUNDS)]
    full, again, least = map(statistics.median, zip(*times, strict=True))
    return full, again, least, asked_of_it, found


def main() -> None:
    """Print the table."""
    kind = seed()
    print(f"GET /api/v1/slots, {DAYS} days, any of {PEOPLE}, {AHEAD:,} ahead; {connection.vendor}")
    print(
        f"{'past':>8} {'slots':>6} {'queries':>8} {'answer ms':>10} {'bare ms':>8} {'ratio':>6} {'again':>6}"
    )
    with override_settings(ROOT_URLCONF=__name__, ALLOWED_HOSTS=["*"], WHITENOISE_AUTOREFRESH=True):
        client = Client()
        for past in (0, PAST):
            if past:
                fill_the_past(kind)
            full, again, least, queries, slots = measure(client)
            times = f"{full * 1000:10.1f} {least * 1000:8.1f} {full / least:6.2f} {again / least:6.2f}"
            print(f"{past:8,d} {slots:6d} {queries:8d} {times}")


if __name__ == "__main__":
    main()
