"""No word is wider than the page: the pages of all roles at 320 px, with a word of 150 letters in each place.

The pages are those of the sweep, laid out by a real browser with their own style sheets, without a practice
that is up. A visitor can give any name, and stands in the practitioner's lists with it.
"""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable, Iterator
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from random import Random
from urllib.parse import urlsplit

import pytest
from django.contrib.staticfiles import finders
from django.db import transaction
from playwright.sync_api import Page

from practice.tests.routes import route_sweep
from practice.tests.routes.sample_practice import make_sample_practice
from practice.tests.sampling import SEED, size

pytestmark = [pytest.mark.browser, pytest.mark.long]
#: Each route is laid out for the first who sees it, and for one in so many of the others, drawn by the
#: commit: they see the same parts under another header. A part that is too wide on a tenth of some 150 such
#: pages escapes the 40 that are drawn with a probability of 0.01.
ONE_OF = size(sampled=4, full=1)
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
    """By who and route, each page that there is: for the first who sees it, and a sample of the others."""
    world, found = make_sample_practice(), {}
    seen: set[str] = set()
    for who in ("nobody", "client", "owner", "front_desk"):
        visitor = route_sweep.browser(world.people[who])
        for route in route_sweep.routes():
            if route.is_back_office or route.name in ("api_docs_json", "account_logout"):
                continue
            if route.name in seen and Random(f"{SEED} {who} {route.name}").randrange(ONE_OF):
                continue
            with transaction.atomic():
                answer = visitor.get(world.address(route))
                transaction.set_rollback(True)
            if answer.streaming or b"</main>" not in answer.content:
                continue
            found[f"{who} {route.name}"] = answer.content.decode()
            if answer.status_code == 200:  # a refusal is not the page
                seen.add(route.name)
    return found


@pytest.fixture(scope="module")
def address(pages: dict[str, str]) -> Iterator[Callable[[str], str]]:
    """Where the page of a name is served, with its styles and without its scripts."""
    names = sorted(pages)

    class Handler(BaseHTTPRequestHandler):
        """Serves the pages by their number; the browser keeps what they share."""

        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            path = urlsplit(self.path).path
            number = path.strip("/")
            if number.isdigit():
                kind, body = "text/html; charset=utf-8", pages[names[int(number)]].encode()
            else:
                kind, body = static_file(path)
            self.send_response(200 if kind else 404)
            self.send_header("Content-Type", kind or "text/plain")
            self.send_header("Content-Length", str(len(body)))
            self.send_header("Cache-Control", "no-store" if number.isdigit() else "max-age=3600")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *words: object) -> None:
            """Nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield lambda name: f"http://127.0.0.1:{server.server_port}/{names.index(name)}"
        server.shutdown()


@cache
def static_file(path: str) -> tuple[str, bytes]:
    """Return the kind and the content of a style sheet, a font or an icon; ("", b"") for all else."""
    kind = KINDS.get(Path(path).suffix, "") if path.startswith("/static/") else ""
    file = finders.find(HASHED.sub("", path.removeprefix("/static/"))) if kind else None
    return (kind, Path(file).read_bytes()) if file else ("", b"")


@pytest.fixture
def shown(new_page: Callable[..., Page], address: Callable[[str], str]) -> Callable[[str], Page]:
    """A page of that name in a browser of 320 px."""
    page = new_page(viewport={"width": 320, "height": 700})

    def show(name: str) -> Page:
        page.goto(address(name))
        return page

    return show


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


def test_at_work_the_header_is_one_row_on_a_phone(shown):
    page = shown("owner workspace")
    page.set_viewport_size({"width": 390, "height": 844})
    tops = page.locator(".masthead .nav a").evaluate_all(
        "async all => { await document.fonts.ready; return all.map(one => one.getBoundingClientRect().top) }"
    )
    assert (len(tops), len(set(tops))) == (5, 1)
