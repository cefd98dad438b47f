"""What a client hears is told to the practice while it sounds, and goes on on another device."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from practice.tests.browser.conftest import PATIENT, Town, manage

pytestmark = [pytest.mark.browser, pytest.mark.processes]

LESSON = "/portal/lessons/let-the-floor-hold-you/"
LINK = """
from django.utils import timezone
from practice.links import enter_url
from practice.testing import make_user
from practice.models import User
name = "{name}"
print(enter_url(User.objects.filter(name=name).first() or make_user(name), now=timezone.now()))
"""
TOLD = """
from portal.models import PracticeEntry, Segment
entry = PracticeEntry.objects.get(client__name="{name}")
print(entry.heard_ms, Segment.objects.filter(entry=entry).count())
"""
# Functions, not expressions: what is waited for is looked at inside the page, whose policy forbids eval.
WAITING = """() => {
    const kept = localStorage.getItem(document.querySelector("audio").dataset.heardQueue);
    return kept ? JSON.parse(kept).waiting.length : 0;
}"""
LEAVE = """to => {
    const audio = document.querySelector("audio"), left = audio.currentTime;
    audio.currentTime = to;
    return left;
}"""
NONE_WAITS = f"() => !({WAITING})()"
PLAYED = (
    "s => { const a = document.querySelector('audio'); return a.currentTime >= s && a.currentTime < s + 20; }"
)


@pytest.fixture
def device(browser: Browser, town: Town) -> Iterator[Callable[[str], Page]]:
    """A browser of its own, in which somebody of that name signed in."""
    contexts = []

    def signed_in(name: str) -> Page:
        contexts.append(browser.new_context())
        page = contexts[-1].new_page()
        page.set_default_timeout(PATIENT)
        link = manage(town.up, "shell", "-v", "0", "-c", LINK.format(name=name)).split()[-1]
        page.goto(link)
        if page.get_by_role("button").locator("visible=true").count():
            page.locator("main form button").first.click()
        page.wait_for_url("**/portal/**")
        return page

    yield signed_in
    for context in contexts:
        context.close()


def play(page: Page, *, until: float) -> None:
    """From wherever it is, until that second."""
    page.locator('[data-do="toggle"]:visible').click()
    page.wait_for_function(PLAYED, arg=until)


def told(page: Page, act: Callable[[], Any]) -> dict[str, Any]:
    """What the practice has written down after the next batch."""
    with page.expect_response(
        # Not a beacon, whose answer no browser keeps.
        lambda answer: answer.url.endswith("/heard/") and answer.request.resource_type == "fetch"
    ) as answer:
        act()
    assert answer.value.status == 200, answer.value.text()
    return answer.value.json()


def pause(page: Page) -> float:
    """Pause; the second it stands at."""
    return page.evaluate(
        "() => { const a = document.querySelector('audio'); a.pause(); return a.currentTime; }"
    )


def seek(page: Page, to: int) -> float:
    """Go there while it plays; the second it had come to before."""
    left = page.evaluate(LEAVE, to)
    page.wait_for_function("to => document.querySelector('audio').currentTime >= to + 1.5", arg=to)
    return left


def test_a_pause_and_a_seek_tell_what_was_heard(town, device):
    page = device("Lena Falk")
    page.goto(town.url + LESSON)
    play(page, until=2)
    places: list[float] = []
    first = told(page, lambda: places.append(seek(page, 700)))
    both = told(page, lambda: places.append(pause(page)))
    left, paused = places

    assert both["entry"] == first["entry"]
    assert 1 < first["heard"] == pytest.approx(left, abs=1)
    assert first["heard"] + 1 < both["heard"] == pytest.approx(both["covered"], abs=0.1)
    assert both["heard"] == pytest.approx(left + paused - 700, abs=1)
    assert both["done"] is False


def test_a_second_device_offers_the_place_and_does_not_jump(town, device):
    one = device("Nora Beck")
    one.goto(town.url + LESSON)
    play(one, until=0.5)
    seek(one, 460)
    here = told(one, lambda: pause(one))

    other = device("Nora Beck")
    other.goto(town.url + LESSON)
    expect(other.locator('[data-offer="stale"]')).to_contain_text(re.compile(r"7:[45]\d"))
    assert other.evaluate("document.querySelector('audio').currentTime") == 0
    other.locator('[data-do="continue"]:visible').click()
    other.wait_for_function(PLAYED, arg=463)
    assert told(other, lambda: pause(other))["entry"] != here["entry"]


def test_what_could_not_be_told_is_told_later_and_once(town, device):
    page = device("Sunniva Moor")
    page.goto(town.url + LESSON)
    page.route("**/heard/", lambda route: route.abort())
    play(page, until=2)
    paused = pause(page)
    page.wait_for_function(WAITING)
    waiting = page.evaluate(WAITING)
    page.unroute("**/heard/")
    # The page says it once more while it goes, the next one says it again: only the rows know what was kept.
    page.reload()
    page.wait_for_function(NONE_WAITS)

    heard, segments = manage(town.up, "shell", "-v", "0", "-c", TOLD.format(name="Sunniva Moor")).split()
    assert 1_000 < int(heard) == pytest.approx(paused * 1000, abs=1000)
    assert int(segments) == waiting


def test_opening_a_lesson_tells_nothing(town, device):
    page = device("Una Kern")
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(town.url + LESSON)
    page.wait_for_load_state("networkidle")
    assert [url for url in asked if url.endswith("/heard/")] == []
