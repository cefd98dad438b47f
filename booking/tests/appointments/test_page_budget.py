"""What each page of the way may cost: twelve questions of the database, and 150 kB on the way to a telephone.

Prints what each does cost; `make bench` shows it.
"""

from __future__ import annotations

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from booking import links
from booking.intake.answers import STEPS
from booking.models import Intake
from booking.tests.intake_writer import IntakeWriter
from booking.tests.people import NOW, booked, denver, make_both
from booking.tests.web_client import browser
from practice.models import Practice, Practitioner
from practice.tests.page_weight import files_of

pytestmark = pytest.mark.usefixtures("a_monday_in_march")

QUERIES, WEIGHT = 12, 150_000
OF_THE_PRACTICE = f'FROM "{Practice._meta.db_table}"'
PRESS = {"practitioner": "tess", "tz": "America/Denver", "start": "2027-03-17T10:00:00-06:00"}
INTAKE = (*STEPS[:-1], "consent")  # the last is the owner's own questions: there are none
PAGES = (
    *("types", "times", "details", "wait", "appointment", "move", "cancel"),
    *("intake", *(f"intake {step}" for step in INTAKE)),
)


@pytest.fixture(scope="module")
def visitor() -> Client:
    return browser()


@pytest.fixture(scope="module")
def way(module_db, visitor) -> dict[str, str]:
    """The address of each page. A fortnight is half booked. Made once: the tests only read."""
    with time_machine.travel(NOW, tick=False):
        return make_way(visitor)


def make_way(visitor: Client) -> dict[str, str]:
    both, tess, jonah = make_both()
    for day in range(16, 27):
        person: Practitioner = (tess, jonah)[day % 2]
        made = booked(both, person, denver(f"2027-03-{day} 10:00"))
    details = visitor.post("/book/session/hold/", PRESS)["Location"]
    writer = IntakeWriter(Intake.objects.get(), visitor).begin()
    link = links.appointment_path(made)
    return {
        "types": "/book/",
        "times": "/book/session/?day=2027-03-16&from=2027-03-15&tz=Europe/Berlin",
        "details": details,
        "wait": "/book/session/wait/",
        "appointment": link,
        "move": f"{link}move/",
        "cancel": f"{link}cancel/",
        "intake": writer.path,
        **{f"intake {step}": f"{writer.path}{step}/" for step in INTAKE},
    }


@pytest.mark.parametrize("page", PAGES)
def test_a_page_of_the_way_asks_twelve_questions_at_most_and_for_the_practice_once(page, way, visitor):
    with CaptureQueriesContext(connection) as queries:
        answer = visitor.get(way[page])
    print(f"\n{page:20} {len(queries):3d} queries")
    assert answer.status_code == 200
    assert len(queries) <= QUERIES
    assert sum(OF_THE_PRACTICE in query["sql"] for query in queries) <= 1


@pytest.mark.parametrize("page", PAGES[:3])
def test_a_page_of_booking_with_all_its_files_is_light(page, way, visitor):
    weights = files_of(visitor, way[page])
    print(f"\n{page:20} {sum(weights.values()) / 1000:6.1f} kB in {len(weights)} files")
    assert {name.rsplit(".")[-1] for name in weights} >= {"css", "woff2"}
    assert sum(weights.values()) < WEIGHT
