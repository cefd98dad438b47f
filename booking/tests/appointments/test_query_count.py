"""What one booking may ask of the database, by whoever wins and whoever comes after: in a rush all wait.

Everything counts that is sent to it, BEGIN, COMMIT and savepoints too. Prints what each does ask;
`make bench` measures the time.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from booking.models import Appointment, Intake, SessionType
from booking.testing import make_session_type
from booking.tests.people import NOW, TEN, booked, denver, make_denver, make_tess
from booking.tests.web_client import ANN_TYPES, Api, browser
from practice.models import Letter, Practice, User

pytestmark = [pytest.mark.usefixtures("a_monday_in_march"), pytest.mark.engines]
#: By a page: a new person; the same with words to prepare, which leave before reminders; somebody signed in.
NEW, PREPARED, SIGNED_IN = 25, 27, 18
#: An address that is known: the same statements, and what is undone of them (see `same_work`).
UNDONE = 2
#: By the API, which judges the time itself, and who comes after.
API, REFUSED = 33, 10
api = Api()


@pytest.fixture(scope="module")
def fortnight(module_db: None) -> None:
    """A fortnight in which every other hour is taken, by Ann, who has been here. Made once for all tests."""
    with time_machine.travel(NOW, tick=False):
        make_denver()
        tess = make_tess()
        hourly = make_session_type(tess)
        for day in range(10, 24):
            booked(hourly, tess, denver(f"2027-03-{day} 12:00"))
        past = Appointment.objects.earliest("starts_at")
        Appointment.objects.filter(pk=past.pk).update(
            starts_at=denver("2027-02-10 12:00"), ends_at=denver("2027-02-10 13:00"), state="completed"
        )


@pytest.fixture
def rushed(fortnight: None, settings: Any) -> SessionType:
    """What is booked in that fortnight, with limits on asking."""
    settings.RATE_LIMITS = True
    return SessionType.objects.get()


def statements(answer_of: Any, status: int) -> list[str]:
    """Everything that the database is told for one request."""
    with CaptureQueriesContext(connection) as queries:
        answer = answer_of()
    print(f"\n{status} {len(queries):3d} queries")
    assert answer.status_code == status
    return [query["sql"] for query in queries]


def by_page(visitor: Client, **typed: str) -> list[str]:
    """The statements of the POST that books, from the page of a time that was held."""
    kept = visitor.post(
        "/book/session/hold/", {"practitioner": "tess", "tz": "America/Denver", "start": TEN.isoformat()}
    )
    said = {**ANN_TYPES, **typed}
    found = statements(lambda: visitor.post(kept["Location"], said), 302)
    assert Appointment.objects.get(starts_at=TEN).state == "booked"
    return found


def as_ann() -> Client:
    """A browser in which Ann is signed in."""
    ann = User.objects.get(email="ann@example.com")
    ann.phone = "+13035550101"
    ann.save(update_fields=["phone"])
    visitor = browser()
    visitor.force_login(ann)
    return visitor


def by_api(email: str, status: int) -> list[str]:
    """The statements of one POST to the API, without a hold."""
    return statements(lambda: api.book(TEN, email=email), status)


def test_a_new_person_books_with_25(rushed: SessionType) -> None:
    assert len(by_page(browser(), name="Cara Sun", email="cara@example.com")) <= NEW
    asked = Letter.objects.filter(user__email="cara@example.com")
    assert Counter(asked.values_list("kind", flat=True)) == {"confirmation": 1, "reminder": 2, "intake": 2}


def test_words_to_prepare_are_two_statements_and_a_savepoint_more(rushed: SessionType) -> None:
    SessionType.objects.update(preparation="Wear something warm.")
    assert len(by_page(browser(), name="Cara Sun", email="cara@example.com")) <= PREPARED
    assert Letter.objects.filter(user__email="cara@example.com", kind="prepare").count() == 1


def test_a_known_address_asks_the_same_and_undoes_what_is_not_wanted(rushed: SessionType) -> None:
    assert len(by_page(browser())) <= NEW + UNDONE


@pytest.mark.parametrize("intake", ["handed in", "still open", "none"])
def test_somebody_signed_in_books_with_18(rushed: SessionType, intake: str) -> None:
    if intake == "handed in":
        Intake.objects.update(handed_in_at=timezone.now())
    if intake == "none":
        Intake.objects.all().delete()
    assert len(by_page(as_ann(), whom="me")) <= SIGNED_IN


def test_somebody_signed_in_who_comes_for_the_first_time_books_with_18(rushed: SessionType) -> None:
    Intake.objects.all().delete()
    Appointment.objects.update(client=None)
    visitor = as_ann()
    assert len(by_page(visitor, whom="me")) <= SIGNED_IN
    assert (
        Letter.objects.filter(kind="intake", about=Appointment.objects.get(starts_at=TEN).about).count() == 2
    )


@pytest.mark.parametrize(("email", "more"), [("new@example.com", 0), ("ann@example.com", UNDONE)])
def test_who_wins_by_the_api_asks_no_more_than_this(email: str, more: int, rushed: SessionType) -> None:
    assert len(by_api(email, 201)) <= API + more


def test_who_comes_after_asks_no_more_than_this(rushed: SessionType) -> None:
    by_api("new@example.com", 201)
    assert len(by_api("late@example.com", 409)) <= REFUSED


@pytest.mark.parametrize("status", [201, 409])
def test_the_practice_is_read_once(status: int, rushed: SessionType) -> None:
    if status == 409:
        by_api("new@example.com", 201)
    table = f'FROM "{Practice._meta.db_table}"'
    assert sum(table in question for question in by_api("late@example.com", status)) == 1


def test_a_page_reads_the_practice_once(rushed: SessionType) -> None:
    table = f'FROM "{Practice._meta.db_table}"'
    assert sum(table in question for question in by_page(browser(), email="cara@example.com")) == 1
