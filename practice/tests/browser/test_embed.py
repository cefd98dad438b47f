"""The booking on another website: a page of another origin frames it, and no cookie is needed."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from playwright.sync_api import Page

from practice.tests.browser.demo_site import DemoSite

pytestmark = [pytest.mark.browser, pytest.mark.processes]
PAGE = """<!doctype html><html lang="en"><title>A yoga studio</title><h1>A yoga studio</h1>
<iframe src="{site}{path}" title="Book a time" width="100%" height="900"></iframe>
<script src="{site}/static/js/embed.js" async></script></html>"""
AS_HIGH_AS_ITS_PAGE = """() => innerHeight !== 900
  && Math.abs(innerHeight - document.body.getBoundingClientRect().height) <= 1"""


@pytest.fixture
def studio(demo_site: DemoSite) -> Iterator[str]:
    """Somebody else's website: another host, which to a browser is another site."""

    class Studio(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(PAGE.format(site=demo_site.url, path=self.path).encode())

        def log_message(self, *_words: Any) -> None:
            """Quietly."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Studio)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture
def visitor(new_page: Callable[..., Page]) -> Page:
    return new_page(viewport={"width": 900, "height": 1100})


def fits_its_content(visitor: Page) -> None:
    """Wait until the frame is as high as the page in it, and no higher."""
    visitor.frames[1].wait_for_function(AS_HIGH_AS_ITS_PAGE)


def test_a_time_is_booked_in_the_frame_without_a_cookie(
    demo_site: DemoSite, studio: str, visitor: Page
) -> None:
    visitor.goto(f"{studio}/embed/book/session/?tz=America/Denver")
    frame = visitor.frame_locator("iframe")
    fits_its_content(visitor)
    frame.locator("a.day").nth(5).click()
    frame.locator("button.time").first.click()
    frame.get_by_label("Your name").fill("Mira Stein")
    frame.get_by_label("Email").fill("mira@example.com")
    frame.get_by_label("I have read this").check()
    frame.get_by_role("button", name="Book ").click()

    frame.get_by_role("heading", name="You’re booked.").wait_for()
    fits_its_content(visitor)
    assert visitor.url.startswith(studio)
    assert visitor.context.cookies() == []
    assert demo_site.letter("mira@example.com", "Booked")


def test_any_other_page_stays_out_of_the_frame(demo_site: DemoSite, studio: str, visitor: Page) -> None:
    """The control: the same frame around a page that is for no frame."""
    with visitor.expect_console_message(lambda said: "frame-ancestors" in said.text):
        visitor.goto(f"{studio}/book/")
    assert visitor.frame_locator("iframe").get_by_role("heading", name="session").count() == 0
