"""A lesson's recording in a real browser: sent in parts over a bad connection, and spoken into a microphone.

The practice's own worker prepares both with ffmpeg. The microphone is Chromium's: it beeps once a second.
"""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, BrowserType, Dialog, Page, Route, expect

from practice.tests.browser.conftest import CHROMIUM, FLAGS
from practice.tests.browser.demo_site import PATIENT, DemoSite
from practice.tests.browser.steps import press, use_session
from practice.tests.processes.shifted_clock import Shift

pytestmark = [pytest.mark.browser, pytest.mark.processes, pytest.mark.long]

MICROPHONE = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]
SPOKEN = 31.5  # seconds; a lesson lasts thirty at least
MADE = """
from portal.models import Chapter, Lesson
from portal.testing import make_lesson, make_recording
there = set(Lesson.objects.values_list("slug", flat=True))  # each test of this file finds them
for slug in {"spoken-here", "sent-in-parts"} - there:
    old = make_recording(make_lesson(slug), content=slug.encode(), duration_ms=60_000)
    Chapter.objects.create(audio=old, start_ms=30_000, title="The middle")
"""
NOW = """
from portal.models import LessonAudio
one = LessonAudio.objects.get(lesson__slug={slug!r}, is_current=True)
print(one.duration_ms, one.times_to_check, *one.chapters.values_list("start_ms", "title"))
"""

#: A browser whose store is full after the first piece. `spoken`: bytes of all that was to be kept.
FULL = """
window.spoken = 0; window.offered = 0;
const add = IDBObjectStore.prototype.add, create = URL.createObjectURL;
IDBObjectStore.prototype.add = function (row) {
    window.spoken += row.piece.size;
    if (window.spoken > row.piece.size) throw new DOMException("", "QuotaExceededError");
    return add.call(this, row);
};
URL.createObjectURL = blob => { window.offered = blob.size; return create(blob); };
"""


@pytest.fixture
def desk(browser_type: BrowserType, demo_site: DemoSite, clock: Shift) -> Iterator[BrowserContext]:
    """A browser with a microphone, in which Tess has signed in."""
    demo_site.run(MADE)
    browser = browser_type.launch(executable_path=CHROMIUM, args=[*FLAGS, *MICROPHONE])
    context = browser.new_context(locale="en-US", timezone_id="America/Denver", reduced_motion="reduce")
    context.set_default_timeout(PATIENT)
    context.add_init_script(clock.in_pages)
    yield context
    browser.close()


def opened(desk: BrowserContext, demo_site: DemoSite, slug: str) -> Page:
    page = desk.new_page()
    page.on("pageerror", lambda error: pytest.fail(str(error)))
    use_session(page, demo_site, demo_site.call("enter", "tess@juniper.example"))
    page.goto(f"{demo_site.url}/workspace/practice/lessons/{slug}/recording/")
    return page


@pytest.fixture(scope="module")
def wav(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Thirty-two seconds of a tone, five megabytes."""
    path = tmp_path_factory.mktemp("sound") / "slow hips.wav"
    tone = "sine=frequency=220:duration=32:sample_rate=44100"
    subprocess.run(
        ["ffmpeg", "-loglevel", "error", "-f", "lavfi", "-i", tone, "-ac", "2", str(path)], check=True
    )
    return path


def test_recordings_arrive_over_a_bad_connection_and_from_the_microphone(
    desk: BrowserContext, demo_site: DemoSite, wav: Path
) -> None:
    speaking = opened(desk, demo_site, "spoken-here")
    speaking.get_by_role("button", name="Record", exact=True).click()
    expect(speaking.locator("[data-recorder-state]")).to_have_text("Recording")
    speaking.wait_for_function("() => document.querySelector('[data-recorder-level]').value > 20")
    send_in_parts(desk, demo_site, wav)  # while she speaks
    pause_and_finish(speaking)
    hear_it_after_a_crash(desk, demo_site, speaking)
    published(desk, demo_site, "sent-in-parts", 32)
    published(desk, demo_site, "spoken-here", SPOKEN - 1)


def send_in_parts(desk: BrowserContext, demo_site: DemoSite, wav: Path) -> None:
    """The second part finds no connection; then the tab is closed, and the same file is chosen again."""
    page, sent = opened(desk, demo_site, "sent-in-parts"), []

    def loses(route: Route) -> None:
        if route.request.method == "PATCH":
            sent.append(route.request)
        route.abort() if len(sent) > 1 else route.continue_()

    page.route("**/recording/uploads/*/", loses)
    choose(page, wav)
    expect(page.locator("[data-sending-trouble]")).to_contain_text("The connection is gone.")
    expect(page.locator("[data-sending-far]")).to_contain_text("MB")
    page.close()
    again = opened(desk, demo_site, "sent-in-parts")
    expect(again.get_by_text(re.compile("MB have arrived. To continue, choose the same"))).to_be_visible()
    with again.expect_request(lambda one: one.method == "PATCH") as first:
        choose(again, wav)
    expect(again.locator("#uploads")).to_contain_text(re.compile("slow hips.wav"))
    expect(again.locator('[data-state="waiting"], [data-state="working"]').first).to_be_visible()
    assert first.value.headers["upload-offset"] == "500000"
    again.close()


def choose(page: Page, wav: Path) -> None:
    page.locator("form[data-send]").evaluate("form => { form.dataset.chunk = 500000; }")
    page.get_by_label("Recording", exact=True).set_input_files(wav)
    page.get_by_role("button", name="Send", exact=True).click()


def pause_and_finish(speaking: Page) -> None:
    """A pause is left out of the time."""
    expect(speaking.locator("[data-recorder-clock]")).to_have_text(re.compile(r"0:1\d"))
    press(speaking, "Pause")
    expect(speaking.locator("[data-recorder-state]")).to_have_text("Paused")
    press(speaking, "Continue")
    speaking.wait_for_function(
        "least => { const [m, s] = document.querySelector('[data-recorder-clock]').textContent.split(':');"
        " return m * 60 + +s >= least; }",
        arg=SPOKEN,
    )


def hear_it_after_a_crash(desk: BrowserContext, demo_site: DemoSite, speaking: Page) -> None:
    """The tab dies while it records. What was said is there, can be heard, and is sent."""
    speaking.wait_for_timeout(100)
    speaking.close(run_before_unload=False)
    page = opened(desk, demo_site, "spoken-here")
    expect(page.get_by_text("There is an unsent recording from")).to_be_visible()
    assert page.locator("[data-recorder-sound]").evaluate(
        "sound => new Promise(done => { sound.addEventListener('error', () => done(false));"
        " sound.addEventListener('timeupdate', () => sound.currentTime && done(true)); sound.play(); })"
    )
    left: list[str] = []

    def answer(dialog: Dialog) -> None:
        left.append(dialog.message)
        dialog.dismiss()

    page.once("dialog", answer)
    page.get_by_role("button", name="Delete", exact=True).click()
    assert left == ["Delete this recording? It has not been sent."]
    press(page, "Send this recording")
    expect(page.get_by_text("There is an unsent recording from")).to_be_hidden()
    page.reload()
    expect(page.get_by_role("button", name="Record", exact=True)).to_be_visible()
    page.close()


def published(desk: BrowserContext, demo_site: DemoSite, slug: str, seconds: float) -> None:
    """The page turns by itself; the chapter came along, and its time is to be checked."""
    page = opened(desk, demo_site, slug)
    expect(page.get_by_text("Please check these times")).to_be_visible(timeout=PATIENT * 2)
    lasts, to_check, place, title = demo_site.run(NOW.format(slug=slug)).split(" ", 3)
    assert int(lasts) >= seconds * 1000 + 7_900  # with the bell of eight seconds, as codecs round it
    assert (to_check, title) == ("True", "'The middle')")
    assert int(place.strip("(,")) == pytest.approx(int(lasts) / 2, abs=2)
    press(page, "The times are right")
    expect(page.get_by_text("Please check these times")).to_be_hidden()
    page.close()


def test_where_the_browsers_store_is_full_what_was_spoken_is_offered_whole(
    desk: BrowserContext, demo_site: DemoSite
) -> None:
    desk.add_init_script(FULL)
    page = opened(desk, demo_site, "spoken-here")
    page.get_by_role("button", name="Record", exact=True).click()
    expect(page.locator("[data-recorder-trouble]")).to_contain_text("no room left to keep the recording safe")
    press(page, "Stop")
    expect(page.locator("[data-recorder-words]")).to_contain_text("0:0")
    assert page.evaluate("window.offered") == page.evaluate("window.spoken") > 0
