"""What surrounds the sound: lock screen, keys, the screen that stays on, a transcript that follows, parts."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from practice.tests.browser.test_lesson import LESSON, press, reached, sound

pytestmark = [pytest.mark.browser, pytest.mark.processes, pytest.mark.long]  # it plays real sound

#: Before any script of the page: what it tells the lock screen is noted.
NOTE_LOCK_SCREEN = """
window.lock = {};
MediaSession.prototype.setActionHandler = (name, act) => { window.lock[name] = act; };
MediaSession.prototype.setPositionState = state => { window.told = state; };
"""
#: As a screen that can be kept on: what is asked of it is noted. `window.refuse`: it will not.
NOTE_WAKE_LOCK = """
window.held = 0;
Object.defineProperty(navigator, "wakeLock", { value: { request: async () => {
    if (window.refuse) throw new DOMException("low battery", "NotAllowedError");
    window.held += 1;
    const lock = new EventTarget();
    lock.release = async () => { window.held -= 1; lock.dispatchEvent(new Event("release")); };
    window.letGo = lock.release;
    return lock;
} } });
"""
PICTURES = """async () => {
    const {artwork} = navigator.mediaSession.metadata;
    return Promise.all(artwork.map(async ({src, sizes, type}) => {
        const picture = await createImageBitmap(await (await fetch(src)).blob());
        return [type, sizes, `${picture.width}x${picture.height}`];
    }));
}"""
HEARD_UNTIL = """
from django.utils import timezone
from portal.models import LessonAudio, PracticeEntry, Segment
from practice.models import User
recording = LessonAudio.objects.get(lesson__slug="let-the-floor-hold-you", is_current=True)
now = timezone.now()
for seconds in (200, 400):
    entry = PracticeEntry.objects.create(
        client=User.objects.get(name={!r}), lesson=recording.lesson, recording=recording, since=now
    )
    Segment.objects.create(
        entry=entry, seq=0, start_ms=0, end_ms=seconds * 1000, began_at=now, ended_at=now, received_at=now
    )
"""


def test_the_lock_screen_has_the_lessons_drawing_and_moves_the_sound(demo_site, page: Page, errors) -> None:
    page.add_init_script(NOTE_LOCK_SCREEN)
    page.goto(demo_site.url + LESSON)
    assert page.evaluate(PICTURES) == [
        ["image/png", "256x256", "256x256"],
        ["image/png", "512x512", "512x512"],
    ]
    assert page.evaluate("navigator.mediaSession.metadata.title") == "Let the floor hold you"
    page.evaluate("lock.play()")
    reached(page, 0.3)
    page.evaluate("lock.seekto({seekTime: 600})")
    page.evaluate("lock.seekforward({seekOffset: 30})")
    reached(page, 630)
    assert abs(page.evaluate("told.position") - sound(page, "currentTime")) < 2
    page.evaluate("lock.seekbackward({})")
    reached(page, 615)
    page.evaluate("lock.seekto({seekTime: NaN})")
    page.evaluate("lock.pause()")
    assert sound(page, "paused")
    assert 615 <= sound(page, "currentTime") < 630


def test_on_the_floor_the_screen_stays_on_while_it_sounds(demo_site, page: Page, errors) -> None:
    page.add_init_script(NOTE_WAKE_LOCK)
    page.goto(demo_site.url + LESSON)
    press(page, "toggle")
    reached(page, 0.3)
    assert page.evaluate("window.held") == 0  # beside the floor it is the reader's own
    page.locator("[data-floor-open]").click()
    expect(page.get_by_text("Your screen stays on while the lesson plays.")).to_be_visible()
    page.evaluate("letGo()")  # as when another page was looked at
    expect(page.get_by_text("Your screen may turn off.")).to_be_visible()
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    page.wait_for_function("() => window.held === 1")
    page.evaluate("document.querySelector('audio').currentTime = 1274.5")
    expect(page.locator("[data-floor-write]")).to_be_visible()
    page.wait_for_function("() => window.held === 0")
    page.evaluate("window.refuse = true")
    press(page, "toggle")
    reached(page, 0.3)
    expect(page.get_by_text("Your screen may turn off.")).to_be_visible()
    page.evaluate("window.refuse = false")
    page.keyboard.press("Escape")
    assert page.evaluate("window.held") == 0


def test_keys_work_in_the_player_and_take_nothing_away_from_what_is_typed_or_pressed(
    demo_site, signed_in_as
) -> None:
    page = signed_in_as("Tilda Ek")
    page.goto(f"{demo_site.url}/portal{LESSON}")
    noticing = page.get_by_label("What did you notice?")
    noticing.press_sequentially("k -")
    page.locator("h1").click()
    page.keyboard.press("k")
    assert (noticing.input_value(), sound(page, "paused"), sound(page, "playbackRate")) == ("k -", True, 1)
    page.locator('.player [data-do="faster"]').press(" ")  # the button's own key
    assert (sound(page, "paused"), sound(page, "playbackRate")) == (True, 1.1)
    page.keyboard.press("K")
    reached(page, 0.3)
    line = page.locator(".player [data-line]")
    line.focus()
    line.press("ArrowRight")  # a second, as on any slider
    assert sound(page, "currentTime") < 10
    line.press("=")
    assert sound(page, "playbackRate") == 1.25
    page.locator("summary", has_text="Keys").click()
    expect(page.get_by_text("15 seconds back, 15 seconds forward")).to_be_visible()


def test_the_transcript_follows_who_reads_along_and_leaves_alone_who_looks_elsewhere(
    demo_site, page: Page, errors
) -> None:
    page.emulate_media(reduced_motion="reduce")
    page.goto(demo_site.url + LESSON)
    page.locator("#transcript summary").click()
    sentence = page.locator("#transcript span[data-t]").nth(150)
    now = page.locator("#transcript [aria-current]")
    sentence.click()
    reached(page, float(sentence.get_attribute("data-t")))
    assert now.inner_text() == sentence.inner_text()
    page.evaluate("document.querySelector('audio').currentTime += 60")
    expect(now).not_to_have_text(sentence.inner_text())
    expect(now).to_be_in_viewport()
    page.evaluate("window.scrollTo(0, 0)")
    page.evaluate("document.querySelector('audio').currentTime -= 120")
    page.wait_for_function("() => Math.abs(document.querySelector('audio').currentTime) > 1")
    expect(now).to_be_attached()
    assert page.evaluate("window.scrollY") == 0
    page.get_by_role("button", name="Go to what is being said").click()
    expect(now).to_be_in_viewport()
    time = page.locator("#transcript p > a").nth(5)
    time.focus()
    page.keyboard.press("Enter")
    reached(page, float(time.get_attribute("data-t")))
    assert page.url == demo_site.url + LESSON  # nothing was loaded anew
    assert time.get_attribute("aria-label") == f"Play from {time.inner_text()}"


def test_each_part_says_what_was_not_heard_yet_over_all_times(demo_site, signed_in_as) -> None:
    page = signed_in_as("Runa Voss")
    page.goto(f"{demo_site.url}/portal{LESSON}")
    page.locator(".player__parts summary").first.click()
    expect(page.locator(".player .chapters")).not_to_contain_text("heard")
    demo_site.run(HEARD_UNTIL.format("Runa Voss"))
    page.reload()
    page.locator(".player__parts summary").first.click()
    said = [one.strip() for one in page.locator(".player .chapters .small").all_inner_texts()]
    assert said[:2] == ["heard", "heard"]
    assert re.fullmatch(r"\d min not heard yet", said[2])
    assert set(said[3:]) == {"not heard yet"}


class NoRange:
    """A server that has no such part of the recording the first time. Chromium tells no error of a 416."""

    def __init__(self, page: Page) -> None:
        self.refused = False
        page.route("**/audio/**", self.answer)

    def answer(self, route: Route) -> None:
        begins_later = not re.match("bytes=0-", route.request.headers.get("range", "bytes=0-"))
        if begins_later and not self.refused:
            self.refused = True
            route.fulfill(status=416, headers={"Content-Range": "bytes */7931342"})
        else:
            route.continue_()


def test_where_a_browser_waits_for_ever_and_tells_no_error_it_is_tried_again(demo_site, page: Page) -> None:
    page.goto(demo_site.url + LESSON)
    press(page, "toggle")
    reached(page, 0.3)
    NoRange(page)
    page.evaluate("document.querySelector('audio').currentTime = 1000")
    expect(page.locator(".player [data-part]")).to_have_text("Waiting for the audio")
    assert sound(page, "error") is None
    reached(page, 1000.2)
    expect(page.locator(".player [data-part]")).to_have_text("The head, rolling")


def test_when_scripts_fail_the_browsers_own_controls_are_left(demo_site, page: Page) -> None:
    page.route("**/*.js", lambda route: route.abort())
    page.goto(demo_site.url + LESSON)
    expect(page.locator("audio[controls]")).to_be_visible()
    assert page.locator("[data-do]:visible, [data-find-now]:visible").count() == 0
    page.evaluate("document.querySelector('audio').play()")
    reached(page, 0.3)
    page.locator("#transcript summary").click()
    link: Any = page.locator("#transcript p > a").nth(3)
    at = link.get_attribute("data-t")
    link.click()
    page.wait_for_url(f"**?at={at}#listen")
    expect(page.get_by_text("The audio starts at")).to_be_visible()
