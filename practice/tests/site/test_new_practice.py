"""A practice that was set up a minute ago: no row but its own. No link is dead, no sentence is empty."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from urllib.parse import urlsplit

import pytest
from django.db import transaction
from django.test import Client

from practice.models import Article, Practice, User
from practice.testing import at_work, make_practitioner, make_user

pytestmark = pytest.mark.django_db
DOCTOR = "/articles/when-to-see-a-doctor-first/"


@pytest.fixture(scope="module")
def practice(module_db) -> Practice:
    """Only a name: no phone, no address, nothing to book, nothing to read, nothing to hear."""
    practice = Practice.objects.create(pk=1, name="New Place", zone="America/Denver", phone="", email="")
    make_practitioner("Nora New")
    return practice


def words_of(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", "", html)).split())


def links_in(html: str) -> set[str]:
    found = {unescape(one) for one in re.findall(r'<a\b[^>]*?href="([^"]*)"', html)}
    return {urlsplit(one).path for one in found if one.startswith("/")}


def walked(browser: Client, first: str = "/") -> dict[str, str]:
    """Every page that can be reached from the first one by links, but for the back office."""
    pages: dict[str, str] = {}
    ahead = [first]
    while ahead:
        path = ahead.pop()
        if path in pages or path.startswith("/backoffice/"):
            continue
        answer = browser.get(path, follow=True)
        assert answer.status_code == 200, path
        is_page = answer.headers["Content-Type"].startswith("text/html")
        pages[path] = answer.content.decode() if is_page else ""
        ahead += links_in(pages[path])
    return pages


@pytest.fixture(scope="module", params=["visitor", "client", "owner"])
def pages(request, practice) -> Iterator[dict[str, str]]:
    """All that one of them can reach. Walked once: the tests only look."""
    with transaction.atomic():
        yield reached(request.param)
        transaction.set_rollback(True)


def reached(who: str) -> dict[str, str]:
    """Every page that this person can reach from their first one."""
    if who == "owner":
        return walked(at_work(User.objects.get(role=User.Role.OWNER)), "/workspace/")
    browser = Client()
    if who == "client":
        browser.force_login(make_user("Ann Lee"))
    return walked(browser, "/portal/" if who == "client" else "/")


def test_no_link_is_dead(pages):
    assert {"/", "/privacy/"} <= set(pages)


def test_a_visitor_reaches_the_doctors_page(practice):
    assert {"/book/", "/articles/", "/lessons/", DOCTOR} <= set(walked(Client()))


def test_no_sentence_ends_before_its_number(pages):
    nobody = (
        r"(?:[Cc]all|[Rr]ing|[Ww]rite to) (?:us|me)(?: at)?:?\s*[.:]|talk to us:"  # "talk to us." is whole
    )
    empty = re.compile(rf"{nobody}|:\s*\.|\(\s*\)|\bNone\b(?! (?:of|is|yet|so far|checked)\b)")
    found = {path: empty.findall(words_of(html)) for path, html in pages.items()}
    assert {path: hits for path, hits in found.items() if hits} == {}


def test_nobody_is_called_without_a_number(pages):
    assert [path for path, html in pages.items() if 'href="tel:' in html] == []


def test_the_doctors_page_names_nobody_and_leads_nowhere_that_is_not_there(practice):
    said = words_of(Client().get(DOCTOR).content.decode())
    assert "Call 911" in said
    assert ("303" in said, "Tess" in said) == (False, False)


def test_a_practices_own_doctors_page_takes_its_place(practice):
    Article.objects.create(
        slug="when-to-see-a-doctor-first", title="Ours", body="Our words.", published_at="2020-01-01T00:00Z"
    )
    said = words_of(Client().get(DOCTOR).content.decode())
    assert ("Our words." in said, "Call 911" in said) == (True, False)


def test_the_home_page_speaks_of_no_way_of_working_that_is_not_theirs(practice):
    assert "vertebrae" not in words_of(Client().get("/").content.decode())


def test_the_owner_says_how_a_session_goes(practice):
    Practice.objects.update(
        approach_title="In three steps", approach="## First\n\nWe *talk*.\n\n## Then\n\nWe work."
    )
    html = Client().get("/").content.decode()
    assert re.findall(r"<h[23][^>]*>(In three steps|First|Then)</h", html) == [
        "In three steps",
        "First",
        "Then",
    ]
