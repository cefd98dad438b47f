"""A lesson kept on a device plays with the server stopped; what is written there arrives once."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from portal.audio.ranges import Span
from portal.offline.worker_script import FOLDER
from portal.tests.audio.range_cases import RANGES, N
from practice.tests.browser.demo_site import DemoSite
from practice.tests.browser.own_server import OwnServer, own_server
from practice.tests.browser.page_checks import violations
from practice.tests.browser.steps import use_session
from practice.tests.browser.test_listen import LESSON, pause, play, seek
from practice.tests.browser.test_self_report import choose

pytestmark = [pytest.mark.browser, pytest.mark.processes, pytest.mark.long]

KEPT = '[data-keep-is="kept"]'
#: What a device may hold: the page, its recording, the files of both, and the page that says what is here.
MAY_BE_KEPT = re.compile(
    r"/static/|/pictures/|/look\.css|/offline/(?:complete)?$|/lessons/[-\w]+/audio/[0-9a-f]{64}\.m4a$"
)
HOLDS = """async () => {
    const opened = await Promise.all((await caches.keys()).map(one => caches.open(one)));
    const files = (await Promise.all(opened.map(one => one.keys()))).flat();
    const kept = files.map(one => new URL(one.url).pathname);
    const workers = (await navigator.serviceWorker.getRegistrations()).length;
    return { kept, workers, names: Object.keys(localStorage) };
}"""
NOTHING = f"async () => {{ const all = await ({HOLDS})(); return !all.kept.length && !all.workers; }}"
PLAYS_FIRST = """async () => {
    const { pending } = await navigator.locks.query();
    return pending.some(one => one.name.startsWith("playing "));
}"""
ASK = """async ([address, range]) => {
    const answer = await fetch(address, { headers: range ? { Range: range } : {} });
    const body = await answer.arrayBuffer();
    const said = name => answer.headers.get(name);
    return [answer.status, body.byteLength, said("Accept-Ranges"), said("Content-Range")];
}"""
OF_CLIENT = """
import json
from portal.models import PracticeEntry, Question
entries = PracticeEntry.objects.filter(client__name="{name}").order_by("pk")
asked = Question.objects.filter(client__name="{name}").order_by("pk")
print(json.dumps({{
    "entries": [[one.heard_ms, one.noticing, one.pain_after, one.segments.count()] for one in entries],
    "questions": [[one.text, one.at_ms] for one in asked],
}}))
"""
A_LESSON = """
from portal.models import Lesson, LessonAudio
from portal.testing import assign
from practice.models import Practitioner, User
old = Lesson.objects.get(slug="where-the-leg-begins").recordings.get(is_current=True)
lesson = Lesson(slug="{slug}", title="The quiet rib", position="lying on the back", is_published=True)
lesson.save()
lesson.recordings.create(sha256=old.sha256, file=old.file, size=old.size, duration_ms=old.duration_ms)
client = User.objects.get(name="{name}")
assign(lesson, client, by=Practitioner.objects.first())
"""
NEW_RECORDING = """
from portal.models import Lesson
new = Lesson.objects.get(slug="a-window-on-each-side").recordings.get(is_current=True)
lesson = Lesson.objects.get(slug="{slug}")
lesson.recordings.update(is_current=False)
lesson.recordings.create(sha256=new.sha256, file=new.file, size=new.size, duration_ms=new.duration_ms)
"""
A_YEAR_AGO = """
import datetime as dt, json
from django.utils import timezone
from portal.lessons.playback_token import ticket_for, words_ticket_for
from portal.models import Lesson
from practice.models import User
client, then = User.objects.get(name="{name}"), timezone.now() - dt.timedelta(days=366)
lesson = Lesson.objects.get(slug="let-the-floor-hold-you")
other = Lesson.objects.get(slug="a-window-on-each-side")
audio = lesson.recordings.get(is_current=True)
words = lambda one: words_ticket_for(client, one, None, now=then)
print(json.dumps([ticket_for(client, audio, now=then), words(lesson), words(other)]))
"""
#: What this browser would hold if its owner came back after a year in a hut.
A_YEAR_OLD_QUEUE = """([heard, words, gone]) => {
    const { whose } = document.querySelector("[data-unsent]").dataset, then = Date.now() - 366 * 864e5;
    const at = slug => new URL(`/portal/lessons/${slug}/`, location.href).href;
    const one = (ticket, url, now) => ({
        url: `${url}words/`, ticket, at: then, wrote: then, kept: false, done: false,
        words: { noticing: { now, was: "" } },
    });
    const stretch = seq => ({
        url: `${at("let-the-floor-hold-you")}heard/`, ticket: heard, entry: "a".repeat(32), continues: null,
        seq, start: seq * 60, end: seq * 60 + 60, rate: 1, elapsed: 60, ended: then,
    });
    const waiting = [stretch(0), stretch(1)];
    localStorage.setItem(`heard:${whose}`, JSON.stringify({ throughs: {}, waiting }));
    localStorage.setItem(`words:${whose}`, JSON.stringify({
        ["b".repeat(32)]: one(words, at("let-the-floor-hold-you"), "a year of snow"),
        ["c".repeat(32)]: one(gone, at("a-window-on-each-side"), "two windows"),
    }));
}"""
ENDED = """
from django.utils import timezone
from portal.models import Assignment
Assignment.objects.filter(lesson__slug="{slug}").update(ended_at=timezone.now())
"""


@pytest.fixture(scope="module")
def own(practice_of_all: DemoSite) -> Iterator[OwnServer]:
    """The practice's own door of this file."""
    with own_server(practice_of_all) as server:
        yield server


@pytest.fixture
def server(own: OwnServer, demo_site: DemoSite) -> OwnServer:
    """It is up when a test begins, whatever the one before did."""
    own.start()
    return own


def keep(page: Page, address: str) -> None:
    """Open the lesson and keep it."""
    page.goto(address)
    page.get_by_role("button", name="Keep this lesson on this device").click()
    expect(page.locator(KEPT)).to_be_visible()


def of_client(demo_site: DemoSite, name: str) -> dict[str, Any]:
    """What the practice has of them."""
    return json.loads(demo_site.run(OF_CLIENT.format(name=name)))


def test_kept_it_plays_with_the_server_stopped_and_all_arrives_once(demo_site, server, signed_in_as):
    page = signed_in_as("Kaja Lid")
    page.goto(server.url + LESSON)
    expect(page.locator('[data-keep-is="offer"]')).to_contain_text(re.compile(r"\d+ MB"))
    keep(page, server.url + LESSON)
    expect(page.locator(KEPT)).to_contain_text(re.compile(r"Kept on this device · \d+ MB"))
    holds = page.evaluate(HOLDS)
    assert [one for one in holds["kept"] if not MAY_BE_KEPT.search(one)] == [LESSON]
    assert violations(page) == []
    audio = page.locator("audio").get_attribute("src")
    server.stop()

    page.reload()
    expect(page.locator('[data-copy-is="away"]')).to_be_visible()
    size = page.evaluate(ASK, [audio, None])[1]
    for wanted, told in (
        (None, [200, size, "bytes", None]),
        ("bytes=0-1", [206, 2, "bytes", f"bytes 0-1/{size}"]),
        ("bytes=-500", [206, 500, "bytes", f"bytes {size - 500}-{size - 1}/{size}"]),
        (f"bytes={size}-", [416, 0, "bytes", f"bytes */{size}"]),
        ("bytes=5-2", [200, size, "bytes", None]),
    ):
        assert page.evaluate(ASK, [audio, wanted]) == told
    play(page, until=2)
    first = seek(page, 600)
    second = pause(page) - 600
    page.locator("[name=noticing]").fill("the snow was quiet")
    choose(page, "pain_after", "2")
    for text in ("Should it pull?", "And the left one?"):
        page.get_by_label("A question for").fill(text)
        page.get_by_role("button", name="Send question", exact=True).click()
        expect(page.locator("[data-asked]")).to_contain_text("will be sent once you’re back online")
        expect(page.get_by_label("A question for")).to_have_value("")
    assert violations(page) == []
    page.locator(".player__parts summary").click()
    expect(page.locator(".player [data-chapter]").first).to_be_visible()

    page.goto(f"{server.url}/portal/")  # nothing else is kept; what is, is named
    expect(page.get_by_role("heading", name="No connection right now")).to_be_visible()
    assert violations(page) == []
    page.get_by_role("link", name="Let the floor hold you").click()
    expect(page.locator('[data-copy-is="away"]')).to_be_visible()
    expect(page.locator("[name=noticing]")).to_have_value("the snow was quiet")
    assert of_client(demo_site, "Kaja Lid") == {"entries": [], "questions": []}

    server.start()
    page.evaluate("window.dispatchEvent(new Event('online'))")
    expect(page.locator('[data-copy-is="back"]')).to_be_visible()
    page.wait_for_function(
        "() => !Object.keys(localStorage).some(one => /^(?:words|asked)/.test(one)) && "
        "!JSON.parse(localStorage.getItem(document.querySelector('audio').dataset.heardQueue)).waiting.length"
    )
    page.goto(server.url + LESSON)
    page.goto(f"{server.url}/portal/")
    told = of_client(demo_site, "Kaja Lid")
    ((heard, noticing, pain, segments),) = told["entries"]
    assert (noticing, pain, segments >= 2) == ("the snow was quiet", "2", True)
    assert heard == pytest.approx((first + second) * 1000, abs=1500)
    assert [text for text, _at in told["questions"]] == ["Should it pull?", "And the left one?"]
    assert all(600_000 <= at < 700_000 for _text, at in told["questions"])


def test_signing_out_asks_first_and_leaves_nothing(demo_site, server, signed_in_as):
    page = signed_in_as("Ravn Lid")
    keep(page, server.url + LESSON)
    server.stop()
    page.reload()
    page.locator("[name=noticing]").fill("canary")
    page.get_by_label("A question for").fill("A canary?")
    page.get_by_role("button", name="Send question", exact=True).click()
    expect(page.locator("[data-asked]")).to_contain_text("will be sent")
    page.goto("about:blank")  # nothing tries to send it
    server.start()
    page.goto(f"{server.url}/accounts/logout/")
    expect(page.locator("[data-unsent-count]")).to_contain_text(
        "2 things you wrote or heard are not sent yet"
    )
    assert violations(page) == []
    asked = []
    page.once("dialog", lambda dialog: (asked.append(dialog.message), dialog.dismiss()))
    page.locator("main form button").click()
    assert (asked, page.url) == (
        ["2 things are not sent yet. Sign out and delete them?"],
        f"{server.url}/accounts/logout/",
    )
    assert page.evaluate(HOLDS)["kept"]
    page.once("dialog", lambda dialog: dialog.accept())
    page.locator("main form button").click()
    page.wait_for_url(server.url + "/")
    page.wait_for_function(NOTHING)
    assert page.evaluate(HOLDS) == {"kept": [], "workers": 0, "names": []}
    assert of_client(demo_site, "Ravn Lid") == {"entries": [], "questions": []}


def test_another_person_at_this_phone_finds_and_sends_nothing(demo_site, server, signed_in_as):
    page = signed_in_as("Mille Lid")
    keep(page, server.url + LESSON)
    server.stop()
    page.reload()
    page.locator("[name=noticing]").fill("canary")
    page.get_by_label("A question for").fill("A canary?")
    page.get_by_role("button", name="Send question", exact=True).click()
    expect(page.locator("[data-asked]")).to_contain_text("will be sent")
    page.goto("about:blank")
    use_session(page, demo_site, demo_site.call("enter_as", "Tyra Lid"))
    server.start()
    page.goto(f"{server.url}/portal/")
    page.wait_for_function(NOTHING)
    page.goto(server.url + LESSON)
    expect(page.locator('[data-keep-is="offer"]')).to_be_visible()
    assert "canary" not in page.content().lower()
    assert of_client(demo_site, "Tyra Lid") == {"entries": [], "questions": []}

    use_session(page, demo_site, demo_site.call("enter_as", "Mille Lid"))  # she is back: it was not lost
    page.goto(f"{server.url}/portal/")
    page.wait_for_function("() => !Object.keys(localStorage).some(one => /^(?:words|asked)/.test(one))")
    told = of_client(demo_site, "Mille Lid")
    assert ([one[1] for one in told["entries"]], [one[0] for one in told["questions"]]) == (
        ["canary"],
        ["A canary?"],
    )


def test_a_new_recording_is_offered_and_a_lesson_taken_back_goes(demo_site, server, signed_in_as):
    page, slug = signed_in_as("Solvei Lid"), "the-quiet-rib"
    demo_site.run(A_LESSON.format(slug=slug, name="Solvei Lid"))
    path = f"/portal/lessons/{slug}/"
    keep(page, server.url + path)
    before = page.evaluate(HOLDS)["kept"]
    demo_site.run(NEW_RECORDING.format(slug=slug))
    page.reload()
    expect(page.locator("[data-keep-replaced]")).to_contain_text(
        re.compile(r"This lesson was replaced on \w+, \w+ \d+ by a new recording.*Keep the new one\?")
    )
    assert violations(page) == []
    page.get_by_role("button", name="Keep the new one").click()
    expect(page.locator(KEPT)).to_be_visible()
    after = page.evaluate(HOLDS)["kept"]
    assert [len([one for one in kept if one.endswith(".m4a")]) for kept in (before, after)] == [1, 1]
    assert set(before) != set(after)

    page.reload()
    play(page, until=1)
    demo_site.run(ENDED.format(slug=slug))
    home = page.context.new_page()
    home.goto(f"{server.url}/portal/")
    home.wait_for_function(PLAYS_FIRST)
    assert home.evaluate(HOLDS)["kept"]  # what sounds may end
    pause(page)
    expect(home.locator("[data-kept-gone]")).to_contain_text("“The quiet rib” is no longer in your lessons")
    home.wait_for_function(NOTHING)


def test_after_a_year_words_still_count_and_what_cannot_is_said(demo_site, server, signed_in_as):
    page = signed_in_as("Aslaug Lid")
    page.goto(f"{server.url}/portal/")
    tickets = json.loads(demo_site.run(A_YEAR_AGO.format(name="Aslaug Lid")))
    page.evaluate(A_YEAR_OLD_QUEUE, tickets)
    page.reload()
    expect(page.locator("[data-unsent-lost]")).to_contain_text("2 minutes of listening couldn’t be counted")
    expect(page.locator("[data-unsent-one]")).to_contain_text("two windows")  # a lesson that is not hers
    page.wait_for_function(
        "() => !('b'.repeat(32) in JSON.parse(localStorage.getItem("
        "`words:${document.querySelector('[data-unsent]').dataset.whose}`)))"
    )
    assert of_client(demo_site, "Aslaug Lid")["entries"] == [[0, "a year of snow", None, 0]]
    assert violations(page) == []
    page.get_by_role("button", name="Got it").click()
    page.get_by_role("button", name="Delete it here").click()
    page.reload()
    expect(page.locator("[data-unsent-lost], [data-unsent-one]").locator("visible=true")).to_have_count(0)
    assert of_client(demo_site, "Aslaug Lid")["entries"] == [[0, "a year of snow", None, 0]]


def test_turned_off_the_worker_removes_the_copies_and_itself(demo_site, server, new_page):
    page, path = new_page(), "/lessons/let-the-floor-hold-you/"
    keep(page, server.url + path)  # a visitor, the free lesson
    server.stop()
    page.reload()
    expect(page.locator('[data-copy-is="away"]')).to_be_visible()
    play(page, until=1)
    server.start(OFFLINE_LESSONS="off")
    page.goto(server.url + "/")
    page.evaluate("navigator.serviceWorker.getRegistration('/').then(one => one?.update()).catch(() => {})")
    page.wait_for_function(NOTHING)
    context = page.context
    page.close()  # the last page that knew the worker: a navigation from it can meet a worker that is going
    again = context.new_page()
    again.goto(server.url + path)
    expect(again.locator("[data-keep]")).to_have_count(0)


@pytest.mark.parametrize(
    ("obstacle", "words"),
    [
        (
            "Cache.prototype.put = () => Promise.reject(new DOMException('', 'QuotaExceededError'))",
            "There isn’t enough room on this device",
        ),
        (
            "ReadableStreamDefaultReader.prototype.read = () => Promise.reject(new TypeError('broken'))",
            "The download ended before it was complete",
        ),
        (
            "navigator.serviceWorker.register = () => Promise.reject(new DOMException('', 'SecurityError'))",
            "This browser doesn’t let us keep the lesson",
        ),
        ("delete Navigator.prototype.serviceWorker", "open this page in an up-to-date browser"),
    ],
    ids=["full", "broken off", "private", "old"],
)
def test_what_cannot_be_kept_is_said_and_nothing_is_half_kept(demo_site, new_page, obstacle, words):
    page = new_page()
    page.add_init_script(obstacle)
    page.goto(f"{demo_site.url}/lessons/let-the-floor-hold-you/")
    if "delete" not in obstacle:
        page.get_by_role("button", name="Keep this lesson on this device").click()
    expect(page.locator("[data-keep-wrong]:visible")).to_contain_text(words)
    assert page.evaluate("caches.keys().then(all => all.filter(one => one.startsWith('kept|')))") == []
    play(page, until=0.5)


def test_the_worker_reads_ranges_as_the_server_does(new_page):
    page = new_page()
    page.add_script_tag(content=(FOLDER / "ranges.js").read_text(encoding="utf-8"))
    headers = [header for header, _expected in RANGES]
    told = page.evaluate("([headers, size]) => headers.map(one => askedFor(one, size))", [headers, N])
    expected = [
        [one.first, one.last] if isinstance(one, Span) else "unsatisfiable" if one else None
        for _header, one in RANGES
    ]
    assert told == expected
    assert [page.evaluate("one => askedFor(one, 0)", one) for one in ("bytes=0-0", "bytes=-1")] == [
        "unsatisfiable"
    ] * 2
