"""Booking in Spanish: the person is written down with that language, and their emails use it."""

from __future__ import annotations

import re
from typing import Any

import pytest

from booking.tests.people import TEN
from booking.tests.web_client import ANN_TYPES, browser, hidden, starts_on
from practice.models import Letter, User
from practice.testing import as_it_leaves

pytestmark = pytest.mark.django_db
SPANISH = {"accept-language": "es-MX,es;q=0.9"}


@pytest.fixture(autouse=True)
def monday(time_machine: Any) -> None:
    time_machine.move_to(TEN.replace(day=8), tick=False)


def booked(start: str, **options: Any) -> str:
    """All steps; returns the last page."""
    visitor = browser()
    times = visitor.get(start, **options)
    visitor.get(start, **options)
    held = visitor.post(f"{start}hold/", {**hidden(times), "start": starts_on(times)[-1]}, **options)
    done = visitor.post(held.url.partition("?")[0], {**ANN_TYPES, "tz": "America/Denver"}, **options)
    return str(done.url) + visitor.get(done.url, **options).content.decode()


def test_a_visitor_books_in_spanish_and_is_written_to_in_spanish(session: Any) -> None:
    page = booked("/book/session/", headers=SPANISH)
    letter = as_it_leaves(Letter.objects.get(kind="confirmation"))
    assert User.objects.get(email=ANN_TYPES["email"]).language == "es"
    assert re.search(r"lunes|martes|miércoles|jueves|viernes|sábado|domingo", page)
    assert re.search(r"de marzo", letter.text)
    assert 'lang="es"' in letter.html


def test_in_a_frame_the_address_names_the_language_and_every_step_keeps_it(session: Any) -> None:
    page = booked("/embed/es/book/session/")
    assert page.startswith("/embed/es/appointments/")
    assert 'lang="es"' in page


def test_a_frame_without_a_language_follows_the_browser(session: Any) -> None:
    assert 'lang="es"' in browser().get("/embed/book/session/", headers=SPANISH).content.decode()


@pytest.mark.parametrize("path", ["/embed/xx/book/", "/embed/ES/book/", "/embed/es", "/embed/es/workspace/"])
def test_a_frame_in_an_unknown_language_is_not_there(session: Any, path: str) -> None:
    assert browser().get(path).status_code == 404


def test_each_language_of_a_frame_leads_to_the_other_within_it(session: Any) -> None:
    html = browser().get("/embed/es/book/session/").content.decode()
    assert 'href="/embed/en/book/session/"' in html
