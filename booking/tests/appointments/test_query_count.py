"""What one booking may ask of the database, by whoever wins and whoever comes after: in a rush all wait.

Prints what each does ask; `make bench` measures the time.
"""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from booking.tests.people import TEN, booked, denver
from booking.tests.web_client import Api
from practice.models import Practice, Practitioner

pytestmark = pytest.mark.usefixtures("a_monday_in_march")
#: The same for a known address as for a new one, so that the time it takes tells nobody which it was.
BOOKED, REFUSED = 65, 10
api = Api()


@pytest.fixture
def rushed(hourly, tess, settings):
    """A fortnight in which every other hour is taken, by Ann."""
    settings.RATE_LIMITS = True
    for day in range(10, 24):
        booked(hourly, tess, denver(f"2027-03-{day} 12:00"))
    return hourly


def asked(email: str, status: int) -> list[str]:
    """The questions of one POST."""
    with CaptureQueriesContext(connection) as queries:
        answer = api.book(TEN, email=email)
    print(f"\n{status} {len(queries):3d} queries")
    assert answer.status_code == status
    return [query["sql"] for query in queries]


@pytest.mark.parametrize("email", ["new@example.com", "ann@example.com"])
def test_who_wins_asks_no_more_than_this(email, rushed):
    assert len(asked(email, 201)) <= BOOKED


def test_who_comes_after_asks_no_more_than_this(rushed, tess: Practitioner):
    asked("new@example.com", 201)
    assert len(asked("late@example.com", 409)) <= REFUSED


@pytest.mark.parametrize("status", [201, 409])
def test_the_practice_is_read_once(status, rushed):
    if status == 409:
        asked("new@example.com", 201)
    table = f'FROM "{Practice._meta.db_table}"'
    assert sum(table in question for question in asked("late@example.com", status)) == 1
