"""What a client hears is told to the practice while it sounds, and goes on on another device."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

pytestmark = [pytest.mark.browser, pytest.mark.processes]

LESSON = "/portal/lessons/let-the-floor-hold-you/"
TOLD = """
from portal.models import PracticeEntry, Segment
entry = PracticeEntry.objects.get(client__name="{name}")
print(entry.heard_ms, Segment.objects.filter(entry=entry).count())
"""
ENTRIES = """
from portal.models import PracticeEntry
print(PracticeEntry.objects.filter(client__name="{name}").count())
"""
# Before any script of a page: what its scripts send is noted, and sent.
NOTE_WHAT_IS_SENT = """(() => {
    window.sent = [];
    const words = body => body instanceof FormData ? [...body.values()].join() : String(body);
    const note = body => window.sent.push(words(body));
    const fetch = window.fetch, beacon = navigator.sendBeacon.bind(navigator);
    window.fetch = (to, wishes) => { note(wishes?.body); return fetch(to, wishes); };
    navigator.sendBeacon = (to, body) => { note(body); return beacon(to, body); };
})();"""
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


def play(page: Page, *, until: float) -> None:
    """From wherever it is, until that second."""
    page.locator('[data-do="toggle"]:visible').click()
    page.wait_for_function(PLAYED, arg=until)


def saved_after(page: Page, act: Callable[[], Any]) -> dict[str, Any]:
    """What the practice has written down after the next batch."""
    with page.expect_response(
        # Not a beacon, whose answer no browser keeps.
        lambda answer: answer.url.endswith("/heard/") and answer.request.resource_type == "fetch"
    ) as answer:
        act()
    assert answer.value.status == 200, answer.value.text()
    return answer.value.json()


def sent_by(page: Page) -> list[str]:
    """What the page's scripts have sent so far, once those that run now have come to an end."""
    return list(page.evaluate("() => new Promise(done => setTimeout(() => done(window.sent)))"))


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


def test_a_pause_and_a_seek_tell_what_was_heard(demo_site, signed_in_as):
    page = signed_in_as("Lena Falk")
    page.goto(demo_site.url + LESSON)
    play(page, until=2)
    places: list[float] = []
    first = saved_after(page, lambda: places.append(seek(page, 700)))
    both = saved_after(page, lambda: places.append(pause(page)))
    left, paused = places

    assert both["entry"] == first["entry"]
    assert 1 < first["heard"] == pytest.approx(left, abs=1)
    assert first["heard"] + 1 < both["heard"] == pytest.approx(both["covered"], abs=0.1)
    assert both["heard"] == pytest.approx(left + paused - 700, abs=1)
    assert both["done"] is False


def test_a_second_device_offers_the_place_and_does_not_jump(demo_site, signed_in_as):
    one = signed_in_as("Nora Beck")
    one.goto(demo_site.url + LESSON)
    play(one, until=0.5)
    seek(one, 460)
    here = saved_after(one, lambda: pause(one))

    other = signed_in_as("Nora Beck")
    other.goto(demo_site.url + LESSON)
    expect(other.locator('[data-offer="stale"]')).to_contain_text(re.compile(r"7:[45]\d"))
    assert other.evaluate("document.querySelector('audio').currentTime") == 0
    other.locator('[data-do="continue"]:visible').click()
    other.wait_for_function(PLAYED, arg=463)
    assert saved_after(other, lambda: pause(other))["entry"] != here["entry"]


def test_what_could_not_be_told_is_told_later_and_once(demo_site, signed_in_as):
    page = signed_in_as("Sunniva Moor")
    page.goto(demo_site.url + LESSON)
    page.route("**/heard/", lambda route: route.abort())
    play(page, until=2)
    paused = pause(page)
    page.wait_for_function(WAITING)
    waiting = page.evaluate(WAITING)
    page.unroute("**/heard/")
    # The page says it once more while it goes, the next one says it again: only the rows know what was kept.
    page.reload()
    page.wait_for_function(NONE_WAITS)

    heard, segments = demo_site.run(TOLD.format(name="Sunniva Moor")).split()
    assert 1_000 < int(heard) == pytest.approx(paused * 1000, abs=1000)
    assert int(segments) == waiting


def test_opening_a_lesson_tells_nothing(demo_site, signed_in_as):
    page = signed_in_as("Una Kern")
    page.add_init_script(NOTE_WHAT_IS_SENT)
    page.goto(demo_site.url + LESSON)
    assert sent_by(page) == []
    page.evaluate("window.dispatchEvent(new Event('pagehide'))")
    assert sent_by(page) == []
    assert demo_site.run(ENTRIES.format(name="Una Kern")) == "0"
