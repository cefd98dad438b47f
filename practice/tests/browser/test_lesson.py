"""The lesson in a real browser: our keys, the floor, the place one comes back to."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from practice.tests.browser.page_checks import violations
from practice.tests.sampling import proof_only

pytestmark = [pytest.mark.browser, pytest.mark.processes]

LESSON = "/lessons/let-the-floor-hold-you/"
KEY = "place:let-the-floor-hold-you"
TO_THE_END = "(a => { a.currentTime = a.duration - 1; })(document.querySelector('audio'))"
# WebKit's sound is there again after a jump, and no "playing" was ever said.
MUTE_PLAYING = """window.addEventListener("playing", event => {
    if (window.mute) event.stopImmediatePropagation();
}, true)"""


def sound(page: Page, what: str) -> Any:
    """A property of the page's sound."""
    return page.evaluate(f"document.querySelector('audio').{what}")


def reached(page: Page, seconds: float) -> None:
    """Waits until the sound is there, or a little further."""
    page.wait_for_function(
        "s => { const t = document.querySelector('audio').currentTime; return t >= s && t < s + 20; }",
        arg=seconds,
    )


def left_at(page: Page, seconds: int, *, hours_ago: float) -> None:
    """As if this browser had stopped there."""
    kept = {"at": seconds, "sha": "", "when": page.evaluate("Date.now()") - hours_ago * 3600e3}
    page.evaluate("([key, kept]) => localStorage.setItem(key, kept)", [KEY, json.dumps(kept)])


def press(page: Page, name: str) -> None:
    """One of our keys, wherever it stands visibly."""
    page.locator(f'[data-do="{name}"]:visible').click()


def test_play_skip_and_go_to_a_part(demo_site, page, errors):
    page.goto(demo_site.url + LESSON)
    press(page, "toggle")
    reached(page, 0.3)
    press(page, "forward")
    reached(page, 15)
    page.locator(".player__parts summary").click()
    part = page.locator(".player [data-chapter]").nth(1)
    part.click()
    reached(page, int(part.get_attribute("data-chapter")))
    expect(page.locator(".player [data-part]")).to_have_text(part.inner_text())


def test_the_keyboard_reaches_the_place(demo_site, page, errors):
    page.goto(demo_site.url + LESSON)
    line = page.locator(".player [data-line]")
    line.focus()
    line.press("PageUp")
    assert (sound(page, "currentTime") > 10, "minutes" in line.get_attribute("aria-valuetext")) == (
        True,
        True,
    )


def test_the_floor_keeps_the_sound_going_and_lets_go_gently(demo_site, page, errors):
    page.goto(demo_site.url + LESSON)
    press(page, "toggle")
    reached(page, 0.3)
    page.locator("[data-floor-open]").click()
    assert (sound(page, "paused"), page.url) == (False, f"{demo_site.url}{LESSON}floor/")
    expect(page.locator("header, footer").first).to_be_hidden()
    page.keyboard.press("ArrowRight")
    reached(page, 15)
    page.locator("[data-floor-stop]").click()
    expect(page.locator("#after")).to_be_focused()
    expect(page.locator("#after")).to_be_in_viewport()
    assert (sound(page, "paused"), page.url) == (True, demo_site.url + LESSON)


@pytest.mark.parametrize(("wide", "high"), [(390, 844), (360, 640), (667, 375), (1280, 800)])
def test_on_the_floor_nothing_has_to_be_scrolled(demo_site, page, errors, wide, high):
    page.set_viewport_size({"width": wide, "height": high})
    page.goto(f"{demo_site.url}{LESSON}floor/")
    expect(page.locator("[data-floor-stop]")).to_be_in_viewport(ratio=1)
    small = page.evaluate(
        "[...document.querySelectorAll('.floor button, .floor a')].filter(k => k.offsetParent)"
        ".map(k => k.getBoundingClientRect().height).filter(h => h < 64)"
    )
    assert small == []


def test_coming_back_soon_it_continues_where_one_was(demo_site, page, errors):
    page.goto(demo_site.url + LESSON)
    left_at(page, 460, hours_ago=0.5)
    page.goto(demo_site.url + LESSON)
    expect(page.locator('[data-offer="fresh"]')).to_contain_text("7:40")
    press(page, "toggle")
    reached(page, 450)  # a little of it is heard again
    assert sound(page, "currentTime") < 458


def test_coming_back_late_it_begins_again_first(demo_site, page, errors):
    page.goto(demo_site.url + LESSON)
    left_at(page, 460, hours_ago=3)
    page.goto(demo_site.url + LESSON)
    expect(page.locator('[data-offer="stale"]')).to_contain_text("7:40")
    assert sound(page, "currentTime") == 0
    press(page, "continue")
    reached(page, 450)
    assert sound(page, "currentTime") < 458


@pytest.mark.parametrize(("minutes", "begins"), [(0.1, 360), (1, 357), (10, 351)])
def test_going_on_after_a_rest_a_little_is_heard_again_and_nothing_of_the_part_before(
    demo_site, page, errors, minutes, begins
):
    page.goto(demo_site.url + LESSON)
    left_at(page, 360, hours_ago=minutes / 60)  # the third part begins at 351
    page.goto(demo_site.url + LESSON)
    press(page, "toggle")
    assert int(sound(page, "currentTime")) == begins
    page.evaluate("document.querySelector('audio').pause()")
    at = sound(page, "currentTime")
    press(page, "toggle")  # a short pause is part of the lesson
    assert sound(page, "currentTime") >= at


def test_a_place_beyond_a_shorter_recording_is_no_place(demo_site, page, errors):
    page.goto(demo_site.url + LESSON)
    left_at(page, 99_999, hours_ago=0.1)
    page.goto(demo_site.url + LESSON)
    assert (sound(page, "currentTime"), page.locator("[data-offer]:visible").count()) == (0, 0)


def test_at_the_end_what_happened_is_told_and_the_place_forgotten(demo_site, page, errors):
    page.goto(demo_site.url + LESSON)
    press(page, "toggle")
    reached(page, 0.3)
    page.evaluate("(a => { a.currentTime = a.duration - 1; })(document.querySelector('audio'))")
    expect(page.locator("details[data-after]")).to_have_attribute("open", "")
    page.wait_for_function(f"() => localStorage.getItem('{KEY}') === null")


def test_at_the_end_one_is_where_one_writes_and_on_the_floor_one_key_leads_there(demo_site, page, errors):
    page.goto(demo_site.url + LESSON)
    press(page, "toggle")
    reached(page, 0.3)
    page.evaluate(TO_THE_END)
    expect(page.locator("#after")).to_be_focused()
    expect(page.locator("#after")).to_be_in_viewport()
    page.locator("[data-floor-open]").click()
    press(page, "toggle")
    reached(page, 0.3)
    page.evaluate(TO_THE_END)
    expect(page.locator(".floor__more button:visible")).to_have_count(1)
    page.locator("[data-floor-write]").click()
    expect(page.locator("#after")).to_be_focused()
    expect(page.locator("#after")).to_be_in_viewport()


def test_an_address_with_a_place_leads_to_the_player(demo_site, page, errors):
    page.goto(f"{demo_site.url}{LESSON}?at=460")
    key = page.locator('.player [data-do="toggle"]')
    expect(key).to_be_focused()
    expect(key).to_be_in_viewport(ratio=1)


def test_where_a_browser_says_nothing_after_a_jump_the_clock_continues(demo_site, page, errors):
    page.add_init_script(MUTE_PLAYING)
    page.goto(demo_site.url + LESSON)
    press(page, "toggle")
    reached(page, 0.3)
    page.evaluate("window.mute = true")
    press(page, "forward")
    reached(page, 17)
    expect(page.locator(".player [data-clock]")).to_have_text(re.compile(r"0:1[789]|0:2\d"))
    press(page, "forward")
    reached(page, 32)


def test_the_speed_is_remembered_for_the_person_and_for_a_lesson_where_it_was_changed(
    demo_site, page, errors
):
    page.goto(demo_site.url + LESSON)
    press(page, "slower")
    page.reload()
    expect(page.locator("[data-speed]")).to_have_text("0.9×")
    assert sound(page, "playbackRate") == 0.9
    page.evaluate("localStorage.setItem('speeds', JSON.stringify({all: 1.1, lessons: {other: 0.75}}))")
    page.reload()
    assert sound(page, "playbackRate") == 1.1


def test_a_browser_without_storage_or_lock_screen_plays(demo_site, page):
    page.add_init_script(
        "Object.defineProperty(window, 'localStorage', { get() { throw new Error('none'); } });"
        "Object.defineProperty(navigator, 'mediaSession', { value: {"
        " setActionHandler() { throw new Error('none'); },"
        " setPositionState() { throw new Error('none'); } } });"
    )
    page.goto(demo_site.url + LESSON)
    press(page, "toggle")
    reached(page, 0.3)


def test_without_a_script_the_lesson_can_be_heard(demo_site, new_page):
    page = new_page(java_script_enabled=False)
    for path in (LESSON, f"{LESSON}floor/"):
        page.goto(demo_site.url + path)
        expect(page.locator("audio[controls]")).to_be_visible()
        expect(page.locator("[data-do]:visible")).to_have_count(0)


def test_the_link_to_give_away_is_copied_by_one_key(demo_site, signed_in_as):
    page = signed_in_as("Ivar Lund")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    for path in (LESSON, f"/portal{LESSON}"):
        page.goto(demo_site.url + path)
        page.evaluate("navigator.clipboard.writeText('')")
        page.get_by_role("button", name="Copy the link").click()
        expect(page.get_by_role("button", name="Copied")).to_be_visible()
        assert page.evaluate("navigator.clipboard.readText()") == demo_site.url + LESSON


def test_the_page_sets_no_cookie(demo_site, page):
    page.goto(demo_site.url + LESSON)
    assert page.context.cookies() == []


@proof_only  # `test_axe_visitors.py` looks at the same pages, on a phone and on a desk
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("wide", [390, 1280])
@pytest.mark.parametrize("path", ["/lessons/", LESSON, f"{LESSON}floor/"])
def test_accessible(demo_site, page, errors, shot, path, wide, scheme):
    page.set_viewport_size({"width": wide, "height": 844})
    page.emulate_media(color_scheme=scheme)
    page.goto(demo_site.url + path)
    shot(f"{path.strip('/').replace('/', '-')}-{wide}-{scheme}")
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
