"""The player as Chromium, Firefox and WebKit really play it: each walks through the same lesson.

Firefox and WebKit run where they are installed; `make prove` installs them and never leaves them out.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from practice.tests.browser.browser_programs import STARTS, firefox, missing
from practice.tests.browser.demo_site import DemoSite
from practice.tests.browser.other_browsers import WAITS, Browser, Chromium, until
from practice.tests.processes.up_runner import wait_for
from practice.tests.sampling import PROVE

# A browser that nobody used before takes seconds to begin, and sound takes its time.
pytestmark = [pytest.mark.browser, pytest.mark.processes, pytest.mark.long]

LESSON = "/portal/lessons/let-the-floor-hold-you/"
SOUND = "const audio = document.querySelector('[data-player] audio');"
WATCHED = """
const audio = document.querySelector('[data-player] audio');
let here = 0; // a jump is measured in the page: by the time a test asks, the sound is further on
audio.addEventListener('timeupdate', () => { if (!audio.seeking) here = audio.currentTime; });
audio.addEventListener('seeking', () => { window.jumped = audio.currentTime - here; });
const session = navigator.mediaSession, tell = session.setPositionState.bind(session);
session.setPositionState = state => { window.told = state; tell(state); };
"""
SHOWN = (
    SOUND
    + """
const kept = Object.keys(localStorage).find(name => name.startsWith('place:'));
const [minutes, seconds] = document.querySelector('.player [data-clock]').textContent.split(':').map(Number);
return {
    sound: audio.currentTime,
    clock: minutes * 60 + seconds,
    line: Number(document.querySelector('.player [data-line]').value),
    lock: window.told.position,
    kept: JSON.parse(localStorage.getItem(kept)).at,
};"""
)
HEARD = """
from portal.models import PracticeEntry
print(sum(one.heard_ms for one in PracticeEntry.objects.filter(client__email={!r})))
"""


def needed(name: str) -> None:
    """Skip the test where a browser is not installed; in `make prove` that is a failure."""
    lacks = missing(name)
    if lacks and PROVE:
        pytest.fail(f"{name} lacks {', '.join(lacks)}: run `tools/debian browsers`")
    if lacks:
        pytest.skip(f"{name} is not here: install {', '.join(lacks)}")


@pytest.fixture(params=["chromium", *STARTS])
def listener(request) -> Iterator[Browser]:
    """Each of the three browsers, new."""
    if request.param == "chromium":
        yield Chromium(request.getfixturevalue("page"))
        return
    needed(request.param)
    with STARTS[request.param]() as browser:
        yield browser


def key(name: str) -> str:
    """A key of the player."""
    return f'.player [data-do="{name}"]'


def at(browser: Browser) -> float:
    """Where the sound is, in seconds."""
    return float(browser.run(f"{SOUND} return audio.currentTime"))


def reaches(browser: Browser, seconds: float) -> None:
    """Wait until it sounds at this place or a little further on."""
    until(
        browser,
        f"{SOUND} const beyond = audio.currentTime - arguments[0];"
        "return !audio.paused && beyond >= 0 && beyond < 20",
        seconds,
    )


def follow(browser: Browser, *names: str) -> dict[str, float]:
    """Wait until what these show is where the sound is; return all of it."""
    shown: dict[str, float] = {}

    def there() -> bool:
        shown.update(browser.run(SHOWN))
        return all(abs(shown[name] - shown["sound"]) < 1 for name in names)

    wait_for(there, seconds=WAITS)
    return shown


def all_follow(browser: Browser) -> None:
    """The clock, the line and the lock screen show where the sound is."""
    follow(browser, "clock", "line", "lock")


def test_a_lesson_is_heard_to_the_end_of_a_skip_and_taken_up_again(
    listener: Browser, demo_site: DemoSite, request
) -> None:
    name = f"Una {request.node.callspec.params['listener'].title()}"
    address = demo_site.call("newcomer", name)
    listener.open(demo_site.call("way_in", address))
    listener.click("main button[type=submit]")
    until(listener, "return location.pathname.startsWith('/portal')")
    listener.open(demo_site.url + LESSON)
    listener.run(WATCHED)

    # It sounds, and after a skip everything follows it, from where it really is.
    listener.click(key("toggle"))
    reaches(listener, 0.5)
    listener.click(key("forward"))
    reaches(listener, 15)
    reaches(listener, at(listener) + 2.5)
    all_follow(listener)
    before = at(listener)
    listener.run(f"{SOUND} audio.dispatchEvent(new Event('canplay'))")
    assert at(listener) >= before - 0.1, "set back to where the skip led"
    listener.click(key("forward"))
    reaches(listener, before + 15)
    assert listener.run("return window.jumped") == pytest.approx(15, abs=2)
    reaches(listener, at(listener) + 1.5)
    listener.click(key("back"))
    until(listener, f"{SOUND} return !audio.seeking && window.jumped < 0")
    assert listener.run("return window.jumped") == pytest.approx(-15, abs=2)
    reaches(listener, at(listener) + 1.5)
    all_follow(listener)

    # A part of the lesson, keys, and a sentence of the transcript.
    listener.click(".player__parts summary")
    listener.click('.player [data-chapter="351"]')
    reaches(listener, 351)
    until(listener, "return document.querySelector('.player [data-chapter=\"351\"][aria-current]') !== null")
    listener.press("k")
    until(listener, f"{SOUND} return audio.paused")
    listener.press("ArrowRight")
    until(listener, f"{SOUND} return audio.currentTime > 365")
    listener.press("-")
    assert listener.run(f"{SOUND} return audio.playbackRate") == 0.9
    listener.click("#transcript summary")
    listener.click('#transcript span[data-t="1.5"]')  # on one line, also on a phone
    reaches(listener, 1.5)
    until(listener, "return document.querySelector('#transcript [aria-current]') !== null")

    # The floor keeps it sounding, also where the screen can't be kept on.
    listener.click("[data-floor-open]")
    until(listener, "return document.documentElement.dataset.room === 'floor'")
    reaches(listener, at(listener) + 1)
    listener.press("Escape")
    until(listener, "return document.documentElement.dataset.room !== 'floor'")
    listener.click(key("toggle"))
    until(listener, f"{SOUND} return audio.paused")
    shown = follow(listener, "kept")

    # Loaded anew it is as fast as before, and goes on where it was; what was heard is at the practice.
    listener.open(demo_site.url + LESSON)
    assert listener.run(f"{SOUND} return audio.playbackRate") == 0.9
    assert listener.run("return document.querySelector('[data-speed]').textContent") == "0.9×"
    listener.click(key("toggle"))
    reaches(listener, shown["kept"] - 1)
    listener.click(key("toggle"))
    assert listener.run("return navigator.mediaSession.metadata.artwork.map(one => one.sizes)") == [
        "256x256",
        "512x512",
    ]
    until(
        listener,
        f"{SOUND} return !JSON.parse(localStorage.getItem(audio.dataset.heardQueue)).waiting.length",
    )
    assert json.loads(demo_site.run(HEARD.format(address))) > 6_500  # half a second, then 2.5, 1.5, 1.5 and 1


def test_where_firefox_finds_no_sound_card_the_lesson_goes_on(demo_site: DemoSite) -> None:
    needed("firefox")
    with firefox(has_sound_card=False) as browser:
        browser.open(f"{demo_site.url}/lessons/let-the-floor-hold-you/")
        browser.click(key("toggle"))
        until(browser, f"{SOUND} return audio.error && audio.currentTime > 3")
        assert browser.run("return [...document.querySelectorAll('[data-trouble]')].every(one => one.hidden)")
        browser.click(key("toggle"))
        until(browser, f"{SOUND} return audio.paused")
        before = at(browser)
        browser.click(key("toggle"))
        until(browser, f"{SOUND} return !audio.paused && audio.currentTime > arguments[0] + 1", before)
