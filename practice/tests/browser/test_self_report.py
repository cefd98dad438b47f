"""The lesson as a ritual, in a browser that really plays: written before, heard, written after, and kept."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from practice.tests.browser.demo_site import DemoSite
from practice.tests.browser.test_listen import (
    LESSON,
    NOTE_WHAT_IS_SENT,
    pause,
    play,
    saved_after,
    seek,
    sent_by,
)

pytestmark = [pytest.mark.browser, pytest.mark.processes]

KEPT = """
import json
from django.db import connection
from portal.models import PracticeEntry
rows = PracticeEntry.objects.filter(client__name="{name}").order_by("pk")
with connection.cursor() as cursor:
    cursor.execute("SELECT lying_before, noticing FROM portal_practiceentry")
    sealed = all(not word or word.startswith("gAAAA") for row in cursor.fetchall() for word in row)
fields = ["lying_before", "pain_before", "lying_after", "noticing", "pain_after", "felt"]
fields += ["heard_ms", "said_done", "needs_human"]
print(json.dumps([dict({{one: getattr(row, one) for one in fields}}, sealed=sealed) for row in rows]))
"""
AWAY = "No connection"
ASKED_AT = """
from portal.models import Question
print(Question.objects.get(client__name="{name}").at_ms)
"""
Device = Callable[[str], Page]


def kept(demo_site: DemoSite, name: str) -> list[dict[str, Any]]:
    """The entries of that client, as the practice has them."""
    return json.loads(demo_site.run(KEPT.format(name=name)))


def write(page: Page, name: str, words: str, *, said: str = "Saved.") -> None:
    """Write in a field and leave it; wait until it was sent, and the page says what became of it."""
    ends = "requestfailed" if said == AWAY else "requestfinished"
    with page.expect_event(ends, lambda one: one.url.endswith("/words/") and words in (one.post_data or "")):
        page.locator(f"[name={name}]").fill(words)
        page.locator(f"[name={name}]").blur()
    expect(page.locator("[data-said]")).to_have_text(re.compile(said))


def choose(page: Page, name: str, value: str) -> None:
    """A number of the scale, or one of the choices."""
    page.locator(f"[name={name}][value='{value}']").check(force=True)


def keeping(page: Page, act: Callable[[], Any]) -> dict[str, Any]:
    """What the practice answers to the words sent by `act`."""
    with page.expect_response(lambda answer: answer.url.endswith("/words/")) as answer:
        act()
    return answer.value.json()


def waits(page: Page) -> str:
    """What waits in this browser."""
    return page.evaluate("localStorage.getItem(document.getElementById('ritual').dataset.words) || ''")


def test_before_play_after_and_again(demo_site, signed_in_as, errors_of):
    page = signed_in_as("Runa Holt")
    errors_of(page)
    page.goto(demo_site.url + LESSON)
    write(page, "lying_before", "left side longer", said="until you begin")
    choose(page, "pain_before", "4")
    assert kept(demo_site, "Runa Holt") == []

    page.reload()  # nothing is lost before it began, either
    expect(page.locator("[name=lying_before]")).to_have_value("left side longer")
    play(page, until=2)
    keeping(page, lambda: saved_after(page, lambda: pause(page)))
    write(page, "noticing", "the floor came closer")
    choose(page, "pain_after", "3")
    expect(page.locator("[data-rose]")).to_be_hidden()
    keeping(page, lambda: page.locator("[data-done]").click())
    expect(page.locator("[data-is-done]")).to_be_visible()

    (one,) = kept(demo_site, "Runa Holt")
    assert 1000 < one.pop("heard_ms") < 8000
    assert one == {
        "lying_before": "left side longer",
        "pain_before": "4",
        "lying_after": "",
        "noticing": "the floor came closer",
        "pain_after": "3",
        "felt": "",
        "said_done": True,
        "needs_human": "",
        "sealed": True,
    }
    assert waits(page) == ""

    page.reload()
    expect(page.locator("[name=noticing]")).to_have_value("the floor came closer")
    write(page, "noticing", "the floor came much closer")

    page.get_by_role("link", name="Start a new entry").click()
    expect(page.locator(".earlier:visible")).to_contain_text("2nd time. Last time you wrote:")
    expect(page.locator(".earlier:visible")).to_contain_text("the floor came much closer")
    expect(page.locator("[name=noticing]")).to_have_value("")
    page.evaluate("document.querySelector('audio').currentTime = 0")
    play(page, until=2)
    saved_after(page, lambda: pause(page))
    write(page, "noticing", "both sides")
    first, second = kept(demo_site, "Runa Holt")
    assert (first["noticing"], second["noticing"]) == ("the floor came much closer", "both sides")


def test_played_again_on_the_same_page_the_words_before_stay(demo_site, signed_in_as):
    page = signed_in_as("Ylva Rand")
    page.goto(demo_site.url + LESSON)
    play(page, until=1)
    seek(page, int(page.evaluate("document.querySelector('audio').duration")) - 4)
    page.wait_for_function("() => document.querySelector('audio').ended")
    write(page, "noticing", "the first")
    with page.expect_response(lambda answer: answer.url.endswith("/heard/")):
        play(page, until=2)
        pause(page)
    expect(page.locator("[data-just-now]")).to_contain_text("the first")
    expect(page.locator("[name=noticing]")).to_have_value("")
    write(page, "noticing", "the second")
    assert [one["noticing"] for one in kept(demo_site, "Ylva Rand")] == ["the first", "the second"]


def test_written_without_a_connection_it_is_kept_and_sent_later(demo_site, signed_in_as):
    page = signed_in_as("Maren Oak")
    page.goto(demo_site.url + LESSON)
    page.route("**/words/", lambda route: route.abort())
    write(page, "noticing", "warm hands", said=AWAY)
    assert ("warm hands" in waits(page), kept(demo_site, "Maren Oak")) == (True, [])

    page.reload()
    expect(page.locator("[name=noticing]")).to_have_value("warm hands")
    page.unroute("**/words/")
    assert keeping(page, page.reload)["kept"]
    page.wait_for_function("() => !localStorage.getItem(document.getElementById('ritual').dataset.words)")
    assert [one["noticing"] for one in kept(demo_site, "Maren Oak")] == ["warm hands"]


def test_what_waits_is_neither_shown_to_nor_sent_for_the_next_at_this_browser(demo_site, signed_in_as):
    page = signed_in_as("Gerd Lund")
    page.add_init_script(NOTE_WHAT_IS_SENT)
    page.goto(demo_site.url + LESSON)
    page.route("**/words/", lambda route: route.abort())
    write(page, "noticing", "canary", said=AWAY)
    assert "canary" in "".join(sent_by(page))
    hers = page.evaluate("document.getElementById('ritual').dataset.words")
    other, context = signed_in_as("Hedda Lind"), page.context
    left_open = page
    context.clear_cookies()
    context.add_cookies(other.context.cookies())
    page = context.new_page()
    page.add_init_script(NOTE_WHAT_IS_SENT)
    page.goto(demo_site.url + LESSON)
    # Until here the page left open tries every 15 seconds, into a dead line: only now would it reach anybody.
    left_open.unroute("**/words/")
    left_open.evaluate("() => { window.sent = []; window.dispatchEvent(new Event('online')); }")
    assert page.evaluate("document.getElementById('ritual').dataset.words") != hers
    assert ("canary" in page.content(), sent_by(left_open), sent_by(page)) == (False, [], [])
    expect(page.locator("[name=noticing]")).to_have_value("")


def test_signing_out_takes_away_what_waited(demo_site, signed_in_as):
    page = signed_in_as("Svanhild Ek")
    page.goto(demo_site.url + LESSON)
    page.route("**/words/", lambda route: route.abort())
    write(page, "noticing", "canary", said=AWAY)
    page.goto(demo_site.url + "/accounts/logout/")
    page.once("dialog", lambda dialog: dialog.accept())  # it asks first: something has not arrived
    page.locator("main form button").click()
    page.wait_for_url(demo_site.url + "/")
    assert page.evaluate("Object.keys(localStorage)") == []


def test_rising_pain_is_answered_where_one_is_and_not_praised(demo_site, signed_in_as):
    page = signed_in_as("Signe Ek")
    page.goto(demo_site.url + LESSON)
    choose(page, "pain_before", "3")
    keeping(page, lambda: choose(page, "pain_after", "6"))
    expect(page.locator("[data-rose]")).to_be_visible()
    expect(page.locator("[data-rose]")).to_contain_text("Please rest now")
    expect(page.locator("[data-rose] a").first).to_have_attribute("href", re.compile("^tel:"))
    expect(page.get_by_text("Come back another day")).to_be_hidden()
    (one,) = kept(demo_site, "Signe Ek")
    assert (one["needs_human"], one["pain_before"], one["pain_after"]) == ("pain_rose", "3", "6")
    assert demo_site.letter("tess", "Please check the workspace")


def test_a_question_goes_with_the_place(demo_site, signed_in_as):
    page = signed_in_as("Tuva Berg")
    page.goto(demo_site.url + LESSON)
    play(page, until=0.5)
    seek(page, 120)
    pause(page)
    page.get_by_label("A question for").fill("Should it pull?")
    page.get_by_role("button", name="Send question", exact=True).click()
    expect(page.locator("[data-asked]")).to_contain_text("Question sent")
    expect(page.get_by_label("A question for")).to_have_value("")
    assert 120_000 <= int(demo_site.run(ASKED_AT.format(name="Tuva Berg"))) < 130_000


@pytest.fixture
def errors_of():
    """Asks of a page that its browser complained of nothing."""
    heard: list[str] = []

    def listen(page: Page) -> None:
        page.on("console", lambda said: heard.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: heard.append(str(error)))

    yield listen
    assert heard == []
