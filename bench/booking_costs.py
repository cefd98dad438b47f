"""What `bench/booking_builds.py` runs in each build: one line of numbers for each line it is told.

It uses only what both builds have: pages, models, and the builders of the tests.
"""

from __future__ import annotations

import datetime as dt
import http.client
import json
import os
import socket
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from itertools import count
from urllib.parse import urlencode

import django

django.setup()

from django.contrib.auth.decorators import login_not_required  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.http import HttpRequest, JsonResponse  # noqa: E402
from django.test import Client, override_settings  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402
from django.urls import include, path  # noqa: E402
from django.utils import timezone  # noqa: E402

from booking.availability.engine.intervals import subtract, union  # noqa: E402
from booking.links import hold_token  # noqa: E402
from booking.models import Appointment, SessionType  # noqa: E402
from booking.testing import make_session_type, open_every_day  # noqa: E402
from practice.core.clock import seconds  # noqa: E402
from practice.models import Practitioner, User  # noqa: E402
from practice.testing import make_practice, make_practitioner, make_user  # noqa: E402

PEOPLE, AHEAD, DAYS, EACH, AT_ONCE = 5, 2_000, 90, 5, 50
HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)
MIDNIGHT = timezone.now().replace(hour=0, minute=0, second=0, microsecond=0)
FIRST = MIDNIGHT + DAY
numbers = count()


def seed() -> SessionType:
    """Create the practice; its calendars are fuller each day until the bookings' own year begins."""
    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    make_practice(zone="UTC")
    people = [
        make_practitioner(f"P{one} Lee", role="practitioner", zone="UTC", order=one) for one in range(PEOPLE)
    ]
    for person in people:
        open_every_day(person, "08:00", "19:00")
    kind = make_session_type(*people, step=15, horizon_days=3_000)
    Appointment.objects.bulk_create(
        Appointment(
            session_type=kind,
            practitioner=person,
            starts_at=(start := FIRST + DAY * (one * DAYS // 400) + HOUR * (8 + one % 5 * 2)),
            ends_at=start + HOUR,
            minutes=60,
            state="booked",
        )
        for person in people
        for one in range(AHEAD // PEOPLE)
    )
    return kind


def held(kind: SessionType, person: Practitioner) -> Appointment:
    """Keep a free time of its own for somebody, a year ahead."""
    start = FIRST + 400 * DAY + DAY * (number := next(numbers)) + HOUR * 9
    return Appointment.objects.create(
        session_type=kind,
        practitioner=person,
        room=person.room,
        starts_at=start,
        ends_at=start + HOUR,
        minutes=60,
        zone="UTC",
        policy={},
        currency="USD",
        state="held",
        hold_expires_at=timezone.now() + DAY,
        visitor=f"bench-{number}",
    )


def form(one: Appointment, **typed: str) -> tuple[str, dict[str, str]]:
    """Return where its form is sent, and what somebody types."""
    said = {"name": f"Guest {one.pk}", "email": f"guest{one.pk}@bench.example", "agree": "on", "tz": "UTC"}
    return f"/book/{one.session_type.slug}/held/{hold_token(one)}/", {**said, **typed}


def cost(client: Client, one: Appointment, **typed: str) -> tuple[int, float]:
    """Return the queries and the milliseconds of processor time of one booking."""
    where, said = form(one, **typed)

    def book() -> None:
        answer = client.post(where, said)
        assert answer.status_code == 302, answer.content

    return measured(book)


def bookings(kind: SessionType) -> dict[str, float]:
    """Measure a guest, and somebody signed in."""
    person = kind.practitioners.first()
    assert person
    guest = [cost(Client(headers=ORIGIN), held(kind, person)) for _ in range(EACH)]
    ann = User.objects.filter(email="ann@bench.example").first() or make_user(
        "Ann Lee", email="ann@bench.example", phone="+13035550101", zone="UTC"
    )
    signed_in = Client(headers=ORIGIN)
    signed_in.force_login(ann)
    known = [cost(signed_in, held(kind, person), whom="me") for _ in range(3)]
    return {
        "a new person: queries": statistics.median(one for one, _ in guest),
        "a new person: processor ms": statistics.median(one for _, one in guest),
        "a known person: queries": statistics.median(one for one, _ in known),
        "a known person: processor ms": statistics.median(one for _, one in known),
    }


def alone(kind: SessionType) -> dict[str, float]:
    """Measure a whole booking by somebody signed in, and the free times of one person over 90 days."""
    person = kind.practitioners.first()
    assert person
    client = Client(headers=ORIGIN)
    bea = User.objects.filter(email="bea@bench.example").first() or make_user(
        "Bea Lee", email="bea@bench.example", phone="+13035550101", zone="UTC"
    )
    client.force_login(bea)
    last = (FIRST + (DAYS - 1) * DAY).date()
    asked = {
        "session_type": kind.slug,
        "practitioner": person.slug,
        "from": FIRST.date().isoformat(),
        "to": last.isoformat(),
        "tz": "UTC",
    }

    def book() -> None:
        start = FIRST + 400 * DAY + DAY * next(numbers) + HOUR * 9
        wanted = {"start": start.isoformat(), "practitioner": person.slug, "tz": "UTC"}
        page = client.post(f"/book/{kind.slug}/hold/", wanted)
        said = {"name": bea.name, "email": bea.email or "", "agree": "on", "tz": "UTC", "whom": "me"}
        assert client.post(page["Location"], said).status_code == 302

    def listed() -> tuple[int, float]:
        kind.save()  # which changes everybody's free times
        return measured(lambda: client.get("/api/v1/slots", asked))

    booked, found = [measured(book) for _ in range(EACH)], [listed() for _ in range(EACH)]
    return {
        "a booking in two steps: queries": statistics.median(one for one, _ in booked),
        "a booking in two steps: processor ms": statistics.median(one for _, one in booked),
        "one person, 90 days: queries": statistics.median(one for one, _ in found),
        "one person, 90 days: processor ms": statistics.median(one for _, one in found),
    }


def measured(work: Callable[[], object]) -> tuple[int, float]:
    """Return the queries and the milliseconds of processor time of a call."""
    with CaptureQueriesContext(connection) as queries:
        began = time.process_time()
        work()
        took = (time.process_time() - began) * 1000
    return len(queries), took


class Web:
    """The web server of this build, with two workers."""

    def __init__(self) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        words = (
            "-m",
            "gunicorn",
            "practice.wsgi",
            "--preload",
            "--worker-class",
            "gthread",
            "--threads",
            "4",
        )
        self.process = subprocess.Popen(
            [sys.executable, *words, "--workers", "2", "--bind", f"127.0.0.1:{self.port}"],
            env={**os.environ, "RATE_LIMITS": "off"},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        while not self.answers():
            assert self.process.poll() is None, "the web server has ended"
            time.sleep(0.1)

    def answers(self) -> bool:
        """Return whether it can be asked."""
        try:
            return self.post("/livez", {})[0] < 500
        except OSError:
            return False

    def post(self, where: str, said: dict[str, str]) -> tuple[int, float]:
        """Return the status of a POST, and the seconds it took."""
        site = f"http://127.0.0.1:{self.port}"
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Origin": site}
        asked = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        began = time.perf_counter()
        try:
            asked.request("POST", where, urlencode(said), headers)
            answer = asked.getresponse()
            answer.read()
            return answer.status, time.perf_counter() - began
        finally:
            asked.close()


def fifty(kind: SessionType, site: Web) -> dict[str, float]:
    """Measure fifty people who book at once, ten with each practitioner."""
    people = list(kind.practitioners.all())
    forms = [form(held(kind, people[number % PEOPLE])) for number in range(AT_ONCE)]
    gate, found = threading.Barrier(AT_ONCE), list[tuple[int, float]]()

    def book(where: str, said: dict[str, str]) -> None:
        gate.wait()
        found.append(site.post(where, said))

    crowd = [threading.Thread(target=book, args=one) for one in forms]
    for one in crowd:
        one.start()
    for one in crowd:
        one.join()
    assert [status for status, _ in found] == [302] * AT_ONCE, found
    return {"fifty at once: median seconds": statistics.median(took for _, took in found)}


@login_not_required
def bare(request: HttpRequest) -> JsonResponse:
    """Answer with open time minus taken time for each practitioner, as starts every 15 minutes; one query."""
    until = FIRST + DAYS * DAY
    fields = ("practitioner_id", "starts_at", "ends_at")
    rows = Appointment.objects.filter(occupies=True, starts_at__gte=FIRST, starts_at__lt=until)
    taken: dict[int, list[tuple[int, int]]] = {}
    for person, start, end in rows.order_by("starts_at").values_list(*fields):
        taken.setdefault(person, []).append((seconds(start), seconds(end)))
    opens = (seconds(FIRST + DAY * day + HOUR * 8) for day in range(DAYS))
    opening = union((second, second + 11 * 3600) for second in opens)
    free: dict[int, int] = {}
    for person, busy in taken.items():
        for start, end in subtract(opening, union(busy)):
            for second in range(start, end - 3599, 900):
                free.setdefault(second, person)
    return JsonResponse({"slots": [{"start": second, "who": free[second]} for second in sorted(free)]})


urlpatterns = [path("bare/", bare), path("", include("practice.urls"))]
ORIGIN = {"origin": "http://testserver"}


def slots(kind: SessionType) -> dict[str, float]:
    """Measure 90 days: after a change, again without one, and by the bare view."""
    client, last = Client(), (FIRST + (DAYS - 1) * DAY).date()
    asked = f"/api/v1/slots?session_type={kind.slug}&practitioner=any&from={FIRST.date()}&to={last}&tz=UTC"

    def took(url: str) -> float:
        began = time.process_time()
        client.get(url)
        return (time.process_time() - began) * 1000

    found: list[tuple[float, ...]] = []
    with override_settings(ROOT_URLCONF=__name__, WHITENOISE_AUTOREFRESH=True):
        for _ in range(EACH):
            kind.save()  # which changes everybody's free times
            found.append(tuple(map(took, (asked, asked, "/bare/"))))
    anew, again, least = map(statistics.median, zip(*found, strict=True))
    return {
        "90 days, after a change: ms": anew,
        "90 days, asked again: ms": again,
        "the bare view: ms": least,
        "after a change / bare": anew / least,
        "asked again / bare": again / least,
    }


def main() -> None:
    """Answer each line until there are no more."""
    with override_settings(ALLOWED_HOSTS=["*"]):
        kind, site = seed(), None
        for line in sys.stdin:
            what = line.strip()
            if what == "fifty":
                site = site or Web()
                print(json.dumps(fifty(kind, site)), flush=True)
            else:
                print(
                    json.dumps({"bookings": bookings, "slots": slots, "alone": alone}[what](kind)), flush=True
                )
        if site:
            site.process.terminate()
            site.process.wait()


if __name__ == "__main__":
    main()
