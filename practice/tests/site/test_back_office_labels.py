"""Every field of the back office's forms has a name, and every column of their tables a head."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from django.urls import reverse

from practice.testing import at_work
from practice.tests.routes.back_office_rows import add_rows
from practice.tests.routes.route_sweep import routes

pytestmark = pytest.mark.django_db
QUIET = {"hidden", "submit", "button", "reset", "image"}
VOID = {"input", "img", "br", "meta", "link", "hr"}


class Names(HTMLParser):
    """Collects fields, what names them, and heads without a word."""

    def __init__(self) -> None:
        super().__init__()
        self.fields: list[dict[str, str]] = []
        self.labelled: set[str] = set()
        self.inside: list[str] = []
        self.empty_heads = 0
        self.head: str | None = None

    def handle_starttag(self, tag, attrs):
        said = {name: value or "" for name, value in attrs}
        if tag == "label" and "for" in said:
            self.labelled.add(said["for"])
        if tag in ("input", "select", "textarea") and said.get("type") not in QUIET:
            self.fields.append(said | {"in label": "label" in self.inside, "tag": tag})
        if tag == "th":
            self.head = ""
        elif self.head is not None and (said.get("alt") or said.get("aria-label")):
            self.head += "named"
        if tag not in VOID:
            self.inside.append(tag)

    def handle_data(self, data):
        if self.head is not None:
            self.head += data.strip()

    def handle_endtag(self, tag):
        if tag in self.inside:
            while self.inside.pop() != tag:
                pass
        if tag == "th":
            self.empty_heads += not self.head
            self.head = None

    @property
    def nameless(self) -> list[str]:
        return [
            one.get("name", "?")
            for one in self.fields
            if not (one.get("aria-label") or one["in label"] or one.get("id") in self.labelled)
        ]


def test_every_form_to_add_something_names_its_fields_and_columns(world):
    add_rows(world)
    desk = at_work(world.people["owner"])
    wrong, seen = [], 0
    for route in routes():
        if not (route.is_back_office and route.name.endswith("_add")):
            continue
        answer = desk.get(reverse(route.name))
        if answer.status_code != 200:
            continue
        page = Names()
        page.feed(answer.text)
        seen += 1
        if page.nameless or page.empty_heads or "admin-autocomplete" in answer.text:
            wrong.append((route.name, page.nameless, page.empty_heads))

    assert seen > 10
    assert wrong == []


def test_every_list_is_headed_by_its_own_name(world):
    desk = at_work(world.people["owner"])
    heads = {}
    for route in routes():
        if route.is_back_office and route.name.endswith("_changelist"):
            answer = desk.get(reverse(route.name))
            if answer.status_code == 200:
                heads[route.name] = re.search(r'<div id="content"[^>]*>\s*<h1>(.*?)</h1>', answer.text)[1]

    assert heads["admin:booking_openinghours_changelist"] == "Opening hours"
    assert [name for name, head in heads.items() if head.startswith("Select ")] == []
