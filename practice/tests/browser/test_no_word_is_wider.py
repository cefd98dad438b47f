"""No word is wider than the page: all pages of all roles at 320 px, with a word of 150 letters in each place.

The pages are those of the sweep, laid out by a real browser with their own style sheets, without a server. A
visitor can give any name, and stands in the practitioner's lists with it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.contrib.staticfiles import finders
from django.db import transaction
from playwright.sync_api import Page, Route

from practice.tests import sweep
from practice.tests.sweep_world import make_world

pytestmark = [pytest.mark.browser, pytest.mark.long]
WORD = "abcdefghij" * 15
HASHED = re.compile(r"\.[0-9a-f]{12}(?=\.\w+$)")
KINDS = {".css": "text/css", ".svg": "image/svg+xml", ".woff2": "font/woff2"}
#: WCAG 1.4.12: what readers may set themselves.
SPACED = """* { line-height: 1.5 !important; letter-spacing: 0.12em !important }
* { word-spacing: 0.16em !important }
p { margin-block-end: 2em !important }"""
#: One text of each kind (its element and the two around it) becomes the word, in what is folded away too.
PLANT = """word => {
    const NOT_THEIRS = 'script, style, noscript, template, svg, thead', seen = new Set(), found = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const named = one => one ? one.tagName + '.' + one.getAttribute('class') : '';
    document.querySelectorAll('details').forEach(one => { one.open = true; });
    while (walker.nextNode()) {
        const at = walker.currentNode.parentElement;
        if (!walker.currentNode.data.trim() || at.closest(NOT_THEIRS)) continue;
        const kind = [at, at.parentElement, at.parentElement.parentElement].map(named).join(' ');
        if (!seen.has(kind)) found.push(walker.currentNode);
        seen.add(kind);
    }
    for (const node of found) node.data = word;
    return found.length;
}"""
WIDE = """() => {
    const room = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth <= room) return '';
    const out = [...document.body.querySelectorAll('*')].filter(one => {
        const box = one.getBoundingClientRect();
        return box.width && box.right > room + 0.5 && !one.closest('.unseen, svg');
    });
    const named = one => one.tagName.toLowerCase() + '.' + (one.getAttribute('class') || '');
    const worst = out.slice(-3).map(named);
    return `${document.documentElement.scrollWidth - room} px: ${worst.join(', ')}`;
}"""


@pytest.fixture(scope="module")
def pages(module_db: None) -> dict[str, str]:
    """By who and route, each page that there is; the same page is looked at for the first who sees it."""
    world, found = make_world(), {}
    for who in ("nobody", "client", "front_desk", "owner"):
        visitor = sweep.browser(world.people[who])
        for route in sweep.routes():
            if route.is_back_office or route.name in ("api_docs_json", "account_logout"):
                continue
            with transaction.atomic():
                answer = visitor.get(world.address(route))
                transaction.set_rollback(True)
            if not answer.streaming and b"</main>" in answer.content:
                found[f"{who} {route.name}"] = answer.content.decode()
    return found


@pytest.fixture
def shown(new_page: Callable[..., Page], pages: dict[str, str]) -> Iterator[Callable[[str], Page]]:
    """A page of that name in a browser of 320 px, with its styles and without its scripts."""
    page = new_page(viewport={"width": 320, "height": 700}, java_script_enabled=True)
    page.route("**/*", lambda route: answer(route, pages))

    def show(name: str) -> Page:
        page.goto(f"http://narrow.example/{sorted(pages).index(name)}")
        return page

    yield show
    page.unroute_all(behavior="ignoreErrors")


def answer(route: Route, pages: dict[str, str]) -> None:
    """What a server would answer: a page by its number, a style sheet, a font, an icon."""
    path = urlsplit(route.request.url).path
    if path.startswith("/static/"):
        file = finders.find(HASHED.sub("", path.removeprefix("/static/")))
        kind = KINDS.get(Path(path).suffix, "")
        if file and kind:
            route.fulfill(body=Path(file).read_bytes(), content_type=kind)
            return
    elif path.strip("/").isdigit():
        route.fulfill(
            body=pages[sorted(pages)[int(path.strip("/"))]], content_type="text/html; charset=utf-8"
        )
        return
    route.fulfill(status=404, body="")


def test_no_word_in_any_list_or_page_is_wider_than_a_phone_of_320(pages, shown):
    wide = []
    for name in pages:
        page = shown(name)
        page.add_style_tag(content=SPACED)
        if too := page.evaluate(WIDE):
            wide.append(f"{name}, with widened text spacing: {too}")
        page.evaluate("document.head.lastElementChild.remove()")
        assert page.evaluate(PLANT, WORD) > 3, name
        if too := page.evaluate(WIDE):
            wide.append(f"{name}, with a long word: {too}")
    assert wide == [], json.dumps(wide, indent=1)
    assert len(pages) > 100


def test_at_work_the_masthead_is_one_row_on_a_phone(shown):
    page = shown("owner workspace")
    page.set_viewport_size({"width": 390, "height": 844})
    tops = page.locator(".masthead .nav a").evaluate_all(
        "async all => { await document.fonts.ready; return all.map(one => one.getBoundingClientRect().top) }"
    )
    assert (len(tops), len(set(tops))) == (5, 1)
