"""Nobody finds out who is a client: with a known address and an unknown one everything is the same.

A visitor books with an address that is not theirs and opens every page behind it. What comes back is compared
byte for byte, and so is the number of statements that each answer takes.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
import time_machine
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from booking.attendees.actions.who_comes import Attendee, client_for
from booking.models import Appointment, Intake, WaitlistEntry
from booking.testing import make_appointment, make_session_type
from booking.tests.people import NOW, TEN, make_denver, make_tess
from booking.tests.web_client import ANN_TYPES, Api, browser
from practice.mail import suppression
from practice.mail.delivery import deliver
from practice.models import Suppression, User
from practice.testing import make_user

pytestmark = pytest.mark.long
DAY = dt.timedelta(days=1)
MARCH = {"tz": "America/Denver", "practitioner": "tess"}
LATER, LAST = TEN + DAY, TEN + 2 * DAY
#: What is new in every answer, for everybody: keys of links, numbers of rows, presses.
RANDOM = re.compile(
    r"[0-9a-f]{32}(?:-[0-9a-f]{12})?\.[\w-]{20,}|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
    r'|(?<=name="press" value=")[^"]+'
)


@dataclass(frozen=True)
class Answer:
    """What one request brought, and how many statements it took. Savepoints are told apart by nothing."""

    what: str
    status: int
    head: tuple[tuple[str, str], ...]
    body: str
    statements: int


class Visitor:
    """Somebody who is not signed in, and all they are answered."""

    def __init__(self) -> None:
        self.web, self.api, self.answers = browser(), Api(), list[Answer]()

    def ask(self, what: str, do: Callable[[], Any]) -> Any:
        """Ask, and keep the answer with everything random taken out of it."""
        with CaptureQueriesContext(connection) as queries:
            answer = do()
        head = tuple(
            (name, RANDOM.sub("*", value))
            for name, value in sorted(answer.headers.items())
            if name not in ("Content-Length", "X-Request-ID")
        )
        counted = [one["sql"] for one in queries if "SAVEPOINT" not in one["sql"]]
        body = RANDOM.sub("*", answer.content.decode())
        self.answers.append(Answer(what, answer.status_code, head, body, len(counted)))
        return answer

    def get(self, path: str) -> Any:
        return self.ask(f"GET {path[:14]}", lambda: self.web.get(path))

    def post(self, path: str, said: dict[str, Any]) -> Any:
        return self.ask(f"POST {path[:14]}", lambda: self.web.post(path, said))


def books_and_looks_around(visitor: Visitor, clock: Any) -> None:
    """Books, and opens every page behind it: at once, after each change, and days later."""
    kept = visitor.post("/book/session/hold/", {**MARCH, "start": TEN.isoformat()})["Location"]
    visitor.get(kept)
    visitor.post(kept, {**ANN_TYPES, "email": "no address"})
    page = visitor.post(kept, ANN_TYPES)["Location"]
    path = page.partition("?")[0]
    visitor.post(kept, ANN_TYPES)  # pressed twice
    for tail in ("", "?new", "move/", "cancel/", "calendar.ics"):
        visitor.get(f"{path}{tail}")
    visitor.post(f"{path}move/", {"start": LATER.isoformat()})
    visitor.get(f"{path}?moved")
    visitor.post(f"{path}cancel/", {})
    visitor.get(f"{path}?cancelled")
    visitor.post(f"{path}bring-back/", {})
    visitor.get(f"{path}?back")
    for day in (0, 1, 14):  # emails have gone by then, or were called off
        clock.move_to(NOW + day * DAY)
        while deliver.step(now=NOW + day * DAY):
            pass
        visitor.get(path)
    visitor.post(f"{path}cancel/", {})
    visitor.get(path)


def asks_for_a_time_that_needs_a_yes(visitor: Visitor, clock: Any) -> None:
    """The same where somebody answers first."""
    start = LAST.isoformat()
    kept = visitor.post("/book/asked/hold/", {**MARCH, "start": start})["Location"]
    path = visitor.post(kept, ANN_TYPES)["Location"].partition("?")[0]
    visitor.get(path)
    visitor.post(f"{path}cancel/", {})
    visitor.get(path)


def books_for_somebody_else(visitor: Visitor, clock: Any) -> None:
    """Somebody else comes, of a name that a client with the address may have booked for before."""
    start = (LAST + DAY).isoformat()
    kept = visitor.post("/book/session/hold/", {**MARCH, "start": start})["Location"]
    path = visitor.post(kept, {**ANN_TYPES, "name": "Annabel Leigh", "for_name": "Ann Lee"})["Location"]
    visitor.get(path.partition("?")[0])


def books_by_the_api(visitor: Visitor, clock: Any) -> None:
    """A program books, twice with one key, and opens the page it is told."""
    made = visitor.ask("API books", lambda: visitor.api.book(LAST, key="k"))
    visitor.ask("API books again", lambda: visitor.api.book(LAST, key="k"))
    visitor.get(made.json()["manage_url"].removeprefix("http://localhost:8000"))


def waits(visitor: Visitor, clock: Any) -> None:
    """On the waitlist, twice."""
    said = {**ANN_TYPES, "practitioner": "any", "last_day": LAST.date().isoformat(), **MARCH}
    visitor.post("/book/session/wait/", said)
    visitor.post("/book/session/wait/", said)


JOURNEYS = (
    *(books_and_looks_around, books_for_somebody_else),
    *(asks_for_a_time_that_needs_a_yes, books_by_the_api, waits),
)


# --- Whose address it is --------------------------------------------------------------------------------


def nobody() -> None:
    """An address nobody knows."""


def client(**fields: Any) -> User:
    """Somebody with another name, in another zone, who has been here and wants no reminders."""
    fields |= {"zone": "Asia/Tokyo", "wants_reminders": False, "phone": "+13035550199"}
    return make_user("Annabel Leigh", **fields)


def handed_in() -> None:
    """A client who has been here twice and handed in an intake."""
    ann = client()
    with_tess = Appointment.objects.earliest("starts_at")
    for days in (20, 10):
        make_appointment(
            session_type=with_tess.session_type,
            practitioner=with_tess.practitioner,
            start=NOW - days * DAY,
            client=ann,
            state="completed",
        )
    Intake.objects.create(client=ann, handed_in_at=NOW - 20 * DAY)


def of_the_name_typed() -> None:
    """The same, of the very name: their own record, and no other one, is meant."""
    handed_in()
    User.objects.filter(name="Annabel Leigh").update(name="Ann Lee", email="ann@example.com")


def books_for_others() -> None:
    """A client who has booked before for somebody of that name, who came and handed in an intake."""
    handed_in()
    annabel, with_tess = User.objects.get(name="Annabel Leigh"), Appointment.objects.earliest("starts_at")
    other = User.objects.create_user(name="Ann Lee", correspondent=annabel)
    make_appointment(
        session_type=with_tess.session_type,
        practitioner=with_tess.practitioner,
        start=NOW - 15 * DAY,
        client=other,
        correspondent=annabel,
        state="completed",
    )
    Intake.objects.create(client=other, handed_in_at=NOW - 15 * DAY)


def still_open() -> None:
    """A client with a session ahead, and an intake that is being written."""
    ahead = Appointment.objects.get(starts_at__gt=NOW)
    ahead.client = client()
    ahead.save(update_fields=["client"])
    Intake.objects.create(client=ahead.client, appointment=ahead)


def suppressed() -> None:
    """A client whose mail came back."""
    handed_in()
    suppression.suppress("annabel@example.com", cause=Suppression.Cause.COMPLAINT)
    suppression.suppress("ann@example.com", cause=Suppression.Cause.COMPLAINT)


def inactive() -> None:
    """A client whose account was closed."""
    handed_in()
    User.objects.filter(email="ann@example.com").update(is_active=False)


def works_here() -> None:
    """Somebody at the front desk."""
    client(role="front_desk")


def waits_for_much() -> None:
    """A client who waits for as much as anybody may."""
    ann, with_tess = client(), Appointment.objects.earliest("starts_at")
    for days in range(5):
        WaitlistEntry.objects.create(
            client=ann, session_type=with_tess.session_type, last_day=(LAST + days * DAY).date()
        )


KNOWN = (
    *(handed_in, of_the_name_typed, books_for_others, still_open),
    *(suppressed, inactive, works_here, waits_for_much),
)


# --- What they find out ---------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def world(module_db: None) -> None:
    with time_machine.travel(NOW, tick=False):
        make_denver()
        tess = make_tess()
        kind = make_session_type(tess, preparation="Wear something warm.", who="anyone")
        make_session_type(tess, slug="asked", name="Asked for", needs_approval=True)
        ben = make_user("Ben Hart")
        for start in (NOW - 9 * DAY, TEN - 2 * DAY):
            make_appointment(session_type=kind, practitioner=tess, start=start, client=ben)


def disclosures(whose: Callable[[], None], journey: Callable[[Visitor, Any], None]) -> list[Answer]:
    """What a visitor is answered on this journey when the address is this person's."""
    taken_back = transaction.atomic()
    taken_back._from_testcase = True  # type: ignore[attr-defined]  # emails leave in transactions of their own
    with taken_back, time_machine.travel(NOW, tick=False) as clock:
        whose()
        if whose is not nobody:
            User.objects.filter(name="Annabel Leigh").update(email="ann@example.com")
        visitor = Visitor()
        journey(visitor, clock)
        transaction.set_rollback(True)
    return visitor.answers


@pytest.fixture(scope="module")
def unknown(world: None) -> dict[Any, list[Answer]]:
    """What comes back for an address nobody knows."""
    return {journey: disclosures(nobody, journey) for journey in JOURNEYS}


@pytest.mark.parametrize("journey", JOURNEYS, ids=lambda one: one.__name__)
@pytest.mark.parametrize("whose", KNOWN, ids=lambda one: one.__name__)
def test_a_known_address_is_answered_like_an_unknown_one(unknown: Any, whose: Any, journey: Any) -> None:
    answers = disclosures(whose, journey)
    for known, stranger in zip(answers, unknown[journey], strict=True):
        assert known == stranger, known.what


def test_all_of_it_was_asked_and_none_was_refused(unknown: Any) -> None:
    """Else two refusals would be compared."""
    said = {(one.what, one.status) for answers in unknown.values() for one in answers}
    assert {status for _, status in said} == {200, 201, 302, 422}
    assert {what for what, status in said if status == 422} == {"POST /book/session/"}


def test_of_two_first_bookings_at_once_the_second_finds_the_person_the_first_made(
    world: None, monkeypatch: Any
) -> None:
    ann = make_user("Ann Lee")
    with monkeypatch.context() as at_once:
        at_once.setattr(type(User.objects), "by_email", lambda *_: None)
        assert client_for(Attendee("Ann Lee", "ann@example.com")) == ann
    assert User.objects.filter(email__endswith="nobody.invalid").count() == 0


def test_the_client_signed_in_sees_emails_that_a_visitor_does_not(world: None) -> None:
    with time_machine.travel(NOW, tick=False):
        path = Api().book(TEN).json()["manage_url"].removeprefix("http://localhost:8000")
        hers = Client()
        hers.force_login(User.objects.get(email="ann@example.com"))
        assert b"A few questions before we meet" in hers.get(path).content
        assert b"A few questions before we meet" not in Client().get(path).content
