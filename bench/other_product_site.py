"""A site with django-appointment, which `bench/other_product.py` runs in an environment of its own.

Prints one line of numbers for each line it is told, as `booking_costs.py` does.
"""

from __future__ import annotations

import datetime as dt
import json
import logging
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from importlib import import_module
from itertools import count
from pathlib import Path
from typing import Any

import django
from django.conf import settings

FOLDER = Path(tempfile.mkdtemp(prefix="portal-bench-other-"))
APPS = ("admin", "auth", "contenttypes", "sessions", "messages", "staticfiles")
MIDDLEWARE = (
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
)
settings.configure(
    SECRET_KEY="a bench",
    ALLOWED_HOSTS=["*"],
    USE_TZ=True,
    TIME_ZONE="UTC",
    STATIC_URL="/static/",
    ROOT_URLCONF=__name__,
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    INSTALLED_APPS=[*(f"django.contrib.{one}" for one in APPS), "phonenumber_field", "appointment"],
    MIDDLEWARE=MIDDLEWARE,
    TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}],
    EMAIL_BACKEND="django.core.mail.backends.dummy.EmailBackend",
    DATABASES={
        "default": {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": FOLDER / "db.sqlite3",
            # As ours is run, so that both wait for the disk alike.
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL",
            },
        }
    },
)
logging.disable()  # it tells each step of a booking, and our numbers are read from the same output
django.setup()

from django.contrib.auth.models import User  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402
from django.urls import include, path, reverse  # noqa: E402

#: By name: where this project is checked, django-appointment is not installed.
other = import_module("appointment.models")
urlpatterns = [path("appointment/", include("appointment.urls"))]
DAYS, AHEAD, EACH = 90, 400, 5
TODAY = dt.datetime.now(dt.UTC).date()
numbers = count()


def day_of(number: int) -> dt.date:
    """Return a day ahead."""
    return TODAY + dt.timedelta(days=1 + number)


def seed() -> tuple[Any, Any]:
    """Create somebody who works from 8 to 19 every day, with a calendar like that of `booking_costs.py`."""
    call_command("migrate", verbosity=0, run_syncdb=True)  # the package has no migrations of its own
    service = other.Service.objects.create(name="Session", duration=dt.timedelta(hours=1), price=100)
    person = other.StaffMember.objects.create(
        user=User.objects.create_user("lee", "lee@bench.example", first_name="P0", last_name="Lee"),
        slot_duration=15,
        work_on_saturday=True,
        work_on_sunday=True,
    )
    person.services_offered.add(service)
    for weekday in range(7):
        hours = dt.time(8), dt.time(19)
        other.WorkingHours.objects.create(
            staff_member=person, day_of_week=weekday, start_time=hours[0], end_time=hours[1]
        )
    client = User.objects.create_user("ann", "ann@bench.example", first_name="Ann", last_name="Lee")
    for one in range(AHEAD):
        start = 8 + one % 5 * 2
        asked = other.AppointmentRequest.objects.create(
            date=day_of(one * DAYS // AHEAD),
            start_time=dt.time(start),
            end_time=dt.time(start + 1),
            service=service,
            staff_member=person,
        )
        other.Appointment.objects.create(client=client, appointment_request=asked, phone="+13035550101")
    return service, person


def measured(work: Callable[[], object]) -> tuple[int, float]:
    """Return the queries and the milliseconds of processor time of a call."""
    with CaptureQueriesContext(connection) as queries:
        began = time.process_time()
        work()
        took = (time.process_time() - began) * 1000
    return len(queries), took


def whole(service: Any, person: Any) -> dict[str, float]:
    """Measure one booking by somebody signed in, and the free times of one person over 90 days."""
    client = Client()
    ann: Any = User.objects.get(username="ann")
    client.force_login(ann)
    slots = reverse("appointment:available_slots_ajax")
    first_step = reverse("appointment:appointment_request_submit")

    def book() -> None:
        wanted = {
            "date": day_of(400 + next(numbers)).isoformat(),
            **{"start_time": "09:00", "end_time": "10:00"},
            **{"service": service.pk, "staff_member": person.pk},
        }
        page = client.post(first_step, wanted)
        assert page.status_code == 302, page.content
        said = {
            "name": "Ann Lee",
            "email": "ann@bench.example",
            **{"phone_0": "US", "phone_1": "3035550101", "payment_type": "full"},
        }
        done = client.post(page["Location"], said)
        assert done.status_code == 302, done.content

    def free() -> None:
        for one in range(DAYS):
            asked = {
                "selected_date": day_of(one).isoformat(),
                "staff_member": person.pk,
                "service_id": service.pk,
            }
            answer = client.get(slots, asked, headers={"x-requested-with": "XMLHttpRequest"})
            assert answer.json()["available_slots"]

    booked = [measured(book) for _ in range(EACH)]
    listed = [measured(free) for _ in range(2)]
    return {
        "a booking in two steps: queries": statistics.median(one for one, _ in booked),
        "a booking in two steps: processor ms": statistics.median(one for _, one in booked),
        "one person, 90 days: queries": statistics.median(one for one, _ in listed),
        "one person, 90 days: processor ms": statistics.median(one for _, one in listed),
    }


def main() -> None:
    """Answer each line until there are no more."""
    made = seed()
    for _line in sys.stdin:
        print(json.dumps(whole(*made)), flush=True)


if __name__ == "__main__":
    main()
