"""Every page of the sweep as a validator reads it: names that resolve, fields that hold what they say."""

from __future__ import annotations

import re
from collections import Counter
from html.parser import HTMLParser

import pytest

from practice.tests.routes.route_sweep import World, browser, routes

pytestmark = [pytest.mark.django_db, pytest.mark.long]
POINTS = ("for", "aria-labelledby", "aria-describedby", "aria-controls", "aria-errormessage", "list")
WRITTEN = {"text", "search", "url", "tel", "email", "password"}
# What HTML allows as the text of a time that says nothing for machines.
PLAIN_TIME = re.compile(r"\d{4}-\d\d-\d\d|\d\d:\d\d")
ONLY_ON = {
    "maxlength": WRITTEN,
    "minlength": WRITTEN,
    "pattern": WRITTEN,
    "placeholder": WRITTEN | {"number"},
    "checked": {"checkbox", "radio"},
}


class Page(HTMLParser):
    """What a page says of itself: its ids, what points to them, and what is wrong at first sight."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.ids: Counter[str] = Counter()
        self.pointed: set[str] = set()
        self.wrong: list[str] = []
        self.time: str | None = None
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if len(given) < len(attrs):
            self.wrong.append(f"an attribute twice on <{tag}>")
        if "id" in given:
            self.ids[given["id"]] += 1
        self.pointed.update(name for point in POINTS for name in given.get(point, "").split())
        if given.get("href", "").startswith("#") and tag == "a":
            self.pointed.add(given["href"].removeprefix("#"))
        if tag == "time" and "datetime" not in given:
            self.time = ""
        if tag == "img" and "alt" not in given:
            self.wrong.append(f"a picture without words: {given.get('src')}")
        if tag == "input":
            kind = given.get("type", "text")
            odd = [name for name, kinds in ONLY_ON.items() if name in given and kind not in kinds]
            self.wrong += [f"{name} on a field of type {kind}" for name in odd]

    def handle_data(self, data: str) -> None:
        if self.time is not None:
            self.time += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "time" and self.time is not None:
            if not PLAIN_TIME.fullmatch(self.time.strip()):
                self.wrong.append(f"a time for people only: {self.time.strip()}")
            self.time = None


def what_is_wrong(text: str) -> list[str]:
    """In words; empty for a sound page."""
    page = Page(text)
    twice = [f"an id twice: {name}" for name, count in page.ids.items() if count > 1]
    astray = [f"points to nothing: {name}" for name in sorted(page.pointed - set(page.ids) - {""})]
    return [*page.wrong, *twice, *astray]


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("<time>0:01</time>", "a time for people only: 0:01"),
        ('<input type="datetime-local" maxlength="40">', "maxlength on a field of type datetime-local"),
        ('<p id="a"></p><p id="a"></p>', "an id twice: a"),
        ('<input aria-describedby="help">', "points to nothing: help"),
        ('<label for="name">Name</label>', "points to nothing: name"),
        ('<a href="#there">', "points to nothing: there"),
        ('<img src="a.svg">', "a picture without words: a.svg"),
        ('<p class="a" class="b">', "an attribute twice on <p>"),
    ],
)
def test_what_is_unsound_is_seen(text: str, wrong: str) -> None:
    assert what_is_wrong(text) == [wrong]


def test_every_page_is_sound(world: World) -> None:
    """Each as one of those it is made for sees it."""
    visitors = {who: browser(world.people[who]) for who in ("nobody", "client", "owner")}
    wrong, seen = {}, Counter[str]()
    for route in routes():
        if route.is_back_office or route.name == "account_logout":
            continue
        who = "owner" if route.name.startswith("workspace") else "client" if route.closed else "nobody"
        answer = visitors[who].get(address := world.address(route))
        if answer.headers.get("Content-Type", "").startswith("text/html"):
            seen[who] += bool(answer.content)
            if found := what_is_wrong(answer.text):
                wrong[address] = found
    print(f"looked at {dict(seen)}")
    assert min(seen.values()) > 10
    assert wrong == {}
