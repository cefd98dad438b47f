"""Every page in Spanish, for a visitor, a client and the owner: no sentence is left in English."""

from __future__ import annotations

import html
import re

import pytest
from django.test import override_settings

from practice.models import User
from practice.tests.languages.test_catalogs import MARKS, sentences
from practice.tests.routes.route_sweep import World, browser, routes
from practice.tests.routes.sample_practice import make_sample_practice
from tools.catalogs import PARTS, ROOT, texts

# long: it opens every page of three people
pytestmark = [pytest.mark.django_db, pytest.mark.long]
SPANISH = {"accept-language": "es"}
#: A piece of a sentence that is long enough to be no name: three words.
LONGEST_PIECE = re.compile(r"\S+ \S+ \S.*")
#: For programmers, and in English like the names in it.
ENGLISH_PAGES = {"api_docs"}
#: What the samples themselves hold, and an email that was worded when it was planned.
STORED = {"lying on the back", "Test email from"}
WITHOUT_WORDS = re.compile(r"<(script|style|svg|textarea|template)\b.*?</\1>|<[^>]+>", re.DOTALL)


#: What may stand around a time within a sentence.
AROUND_WORDS = re.compile(r"</?(?:a|b|em|i|span|strong|time)\b[^>]*>")
#: "4:22 p.m." at the end of a sentence that brings another period.
TWO_PERIODS = re.compile(r".{0,40}[ap]\.\s?m\.\.(?!\.)")


def shown(content: str, *, within: re.Pattern[str] | None = None) -> set[str]:
    """The pieces of text between the tags of a page, each on one line; tags `within` a piece are no end."""
    whole = within.sub("", content) if within else content
    pieces = WITHOUT_WORDS.sub("\0", whole).split("\0")
    return {" ".join(html.unescape(one).split()) for one in pieces} - {""}


def english_pieces() -> set[str]:
    """The longest piece without a placeholder of each English sentence that its Spanish does not share."""
    found = set()
    for part in PARTS:
        for message in sentences(ROOT, part):
            for one, spanish in zip(texts(message.id), texts(message.string), strict=True):
                piece = max((each.strip() for each in MARKS.split(one)), key=len)
                if LONGEST_PIECE.match(piece) and piece not in spanish:
                    found.add(" ".join(piece.split()))
    return found - STORED


@pytest.fixture(scope="module")
def pages(module_db: None) -> dict[str, set[str]]:
    """What each page shows, by its route; in Spanish. Opened once: the tests only look."""
    limits = ("RATE_LIMITS", "ACCOUNT_RATE_LIMITS", "MFA_RATE_LIMITS")
    with override_settings(**dict.fromkeys(limits, False)):
        return opened(make_sample_practice())


def opened(world: World) -> dict[str, set[str]]:
    """What each page of this practice shows."""
    User.objects.update(language="es")
    found: dict[str, set[str]] = {}
    for who in ("nobody", "client", "owner"):
        reader = browser(world.people[who])
        for route in routes():
            if route.name in ENGLISH_PAGES or route.is_back_office:
                continue
            if (who == "owner") != route.pattern.startswith("workspace/"):
                continue
            answer = reader.get(world.address(route), headers=SPANISH)
            if answer.status_code == 200 and answer.headers["Content-Type"].startswith("text/html"):
                assert int(answer.headers["Content-Length"]) == len(answer.content), route.name
                content = answer.content.decode()
                found[f"{who} {route.name}"] = shown(content) | shown(content, within=AROUND_WORDS)
    return found


def test_no_page_in_spanish_has_an_english_sentence(pages: dict[str, set[str]]) -> None:
    everything = "\n".join(set().union(*pages.values()))
    suspects = {one for one in english_pieces() if one in everything}
    wrong = {
        f"{name}: {piece}"
        for name, pieces in pages.items()
        for piece in suspects
        if any(piece in one for one in pieces)
    }
    assert sorted(wrong) == []


def test_a_sentence_that_ends_with_a_time_has_one_period(pages: dict[str, set[str]]) -> None:
    found = {
        f"{name}: {two[0]}"
        for name, pieces in pages.items()
        for one in pieces
        for two in TWO_PERIODS.finditer(one)
    }
    assert sorted(found) == []


def test_the_pages_are_there_at_all(pages: dict[str, set[str]]) -> None:
    assert len(pages) > 100
    assert any("Buenos días" in " ".join(pieces) for pieces in pages.values())
