"""Two tabs and two devices: one sitting stays one, a second listening is a second, and one voice sounds."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from practice.tests.browser.demo_site import DemoSite
from practice.tests.browser.test_listen import LESSON, pause, play, saved_after
from practice.tests.browser.test_self_report import choose, keeping, kept, write

pytestmark = [pytest.mark.browser, pytest.mark.processes]

OTHER = "/portal/lessons/where-the-leg-begins/"
GIVEN = """
from portal.models import Lesson
from portal.testing import assign
from practice.models import Practitioner, User
lesson, client = Lesson.objects.get(slug="where-the-leg-begins"), User.objects.get(name="{name}")
assign(lesson, client, by=Practitioner.objects.first())
"""
PAUSED = "() => document.querySelector('audio').paused"
AT = "document.querySelector('audio').currentTime"
ENTRIES = """
import json
from portal.models import PracticeEntry
rows = PracticeEntry.objects.filter(client__name="{name}").order_by("started_at", "pk")
print(json.dumps([[row.lesson.slug, row.first_id, row.heard_ms, row.stopped_ms] for row in rows]))
"""
LONG_AGO = """
import datetime as dt
from django.db.models import F
from portal.models import PracticeEntry, Segment
from practice.append_only.door import Why, open_door
day, mine = dt.timedelta(days=1), PracticeEntry.objects.filter(client__name="{name}")
with open_door(Why.DEMO):
    Segment.objects.filter(entry__in=mine).update(began_at=F("began_at") - day, ended_at=F("ended_at") - day)
mine.update(started_at=F("started_at") - day, last_at=F("last_at") - day, finished_at=F("finished_at") - day)
"""
# As if this browser had done all of it a day ago.
A_DAY_AGO = """() => Object.keys(localStorage).forEach(name => {
    const earlier = (key, value) => ["when", "last", "ended"].includes(key) ? value - 864e5 : value;
    const kept = localStorage.getItem(name);
    try { localStorage.setItem(name, JSON.stringify(JSON.parse(kept, earlier))); } catch { }
})"""


def entries(demo_site: DemoSite, name: str) -> list[list[Any]]:
    """Lesson, first, heard and stopped, of each entry of this client."""
    return json.loads(demo_site.run(ENTRIES.format(name=name)))


def at(page: Page) -> float:
    return float(page.evaluate(AT))


def from_here(page: Page, seconds: float = 1) -> None:
    """Play on for so long."""
    play(page, until=at(page) + seconds)


def press(page: Page, name: str) -> None:
    page.locator(f'[data-do="{name}"]:visible').first.click()


def test_another_lesson_in_a_second_tab_leaves_the_first_one_whole(demo_site, signed_in_as):
    first = signed_in_as("Asta Moe")
    demo_site.run(GIVEN.format(name="Asta Moe"))
    first.goto(f"{demo_site.url}{LESSON}?entry=new")
    write(first, "lying_before", "left hip heavy", said="until you begin")
    choose(first, "pain_before", "2")
    play(first, until=2)
    keeping(first, lambda: saved_after(first, lambda: pause(first)))

    second = first.context.new_page()
    second.goto(demo_site.url + OTHER)
    play(second, until=1)
    saved_after(second, lambda: pause(second))

    from_here(first)
    saved_after(first, lambda: pause(first))
    expect(first.locator("[name=lying_before]")).to_have_value("left hip heavy")
    keeping(first, lambda: choose(first, "pain_after", "7"))
    expect(first.locator("[data-rose]")).to_be_visible()
    (one,) = [entry for entry in kept(demo_site, "Asta Moe") if entry["lying_before"]]
    assert (one["pain_before"], one["pain_after"], one["needs_human"]) == ("2", "7", "pain_rose")
    assert len(entries(demo_site, "Asta Moe")) == 2


def test_the_same_lesson_in_two_tabs_is_two_listenings_and_not_three_and_one_voice(demo_site, signed_in_as):
    first = signed_in_as("Bera Moe")
    first.goto(f"{demo_site.url}{LESSON}?at=60")
    write(first, "lying_before", "heavy", said="until you begin")
    second = first.context.new_page()
    second.goto(demo_site.url + LESSON)
    expect(second.locator("[name=lying_before]")).to_have_value("heavy")  # not sent yet, it waits for both
    play(first, until=61)
    keeping(first, lambda: press(second, "toggle"))
    first.wait_for_function(PAUSED)  # whoever begins, the others pause
    second.wait_for_function("() => document.querySelector('audio').currentTime > 1")
    saved_after(second, lambda: pause(second))
    stood = at(first)
    from_here(first)
    last = saved_after(first, lambda: pause(first))
    (one, other) = entries(demo_site, "Bera Moe")
    assert (one[3] > stood * 1000, other[3] < 20_000, last["covered"] > 1.5) == (True, True, True)
    assert [entry["lying_before"] for entry in kept(demo_site, "Bera Moe")] == ["heavy", "heavy"]


def test_the_next_day_a_later_part_is_a_second_listening_and_yesterday_stays(demo_site, signed_in_as):
    page = signed_in_as("Cara Moe")
    page.goto(demo_site.url + LESSON)
    play(page, until=2)
    saved_after(page, lambda: pause(page))
    write(page, "noticing", "yesterday")
    keeping(page, lambda: page.locator("[data-done]").click())
    page.goto(demo_site.url)
    page.evaluate(A_DAY_AGO)
    demo_site.run(LONG_AGO.format(name="Cara Moe"))

    page.goto(demo_site.url + LESSON)
    page.locator(".player__parts summary").click()
    page.locator(".player [data-chapter]").nth(1).click()
    page.wait_for_function("() => document.querySelector('audio').currentTime > 216")
    saved_after(page, lambda: pause(page))
    write(page, "noticing", "today")
    assert [one["noticing"] for one in kept(demo_site, "Cara Moe")] == ["yesterday", "today"]
    assert [entry[1] for entry in entries(demo_site, "Cara Moe")] == [None, None]


def test_finished_on_the_phone_the_laptop_begins_at_the_beginning(demo_site, signed_in_as):
    laptop = signed_in_as("Dora Moe")
    laptop.goto(f"{demo_site.url}{LESSON}?at=60")
    play(laptop, until=62)
    saved_after(laptop, lambda: pause(laptop))

    phone = signed_in_as("Dora Moe")
    phone.goto(demo_site.url + LESSON)
    press(phone, "continue")
    phone.wait_for_function("() => document.querySelector('audio').currentTime > 63")
    saved_after(phone, lambda: pause(phone))
    keeping(phone, lambda: phone.locator("[data-done]").click())

    for page in (laptop, phone):
        page.reload()
        expect(page.locator('[data-offer="finished"]')).to_be_visible()
        assert (at(page), page.locator('[data-offer="fresh"]').is_visible()) == (0, False)
    expect(laptop.locator('[data-offer="finished"]')).to_contain_text(re.compile("Continue at 1:[0-2]"))


def test_the_practice_holds_the_line_for_a_page_that_does_not(demo_site, signed_in_as):
    page = signed_in_as("Edda Moe")
    page.goto(demo_site.url + LESSON)
    play(page, until=2)
    saved_after(page, lambda: pause(page))
    write(page, "noticing", "yesterday")
    demo_site.run(LONG_AGO.format(name="Edda Moe"))
    with page.expect_response(lambda answer: answer.url.endswith("/heard/") and answer.status == 200):
        from_here(page)
        pause(page)
    expect(page.locator("[name=noticing]")).to_have_value("")
    assert len(entries(demo_site, "Edda Moe")) == 2


def test_a_page_left_open_since_yesterday_replaces_no_number_of_that_day(demo_site, signed_in_as):
    page = signed_in_as("Finn Moe")
    page.goto(demo_site.url + LESSON)
    write(page, "noticing", "yesterday")
    keeping(page, lambda: choose(page, "pain_after", "2"))
    demo_site.run(LONG_AGO.format(name="Finn Moe"))
    with page.expect_response(lambda answer: answer.url.endswith("/words/") and answer.status == 200):
        choose(page, "pain_after", "4")
    expect(page.locator("[name=noticing]")).to_have_value("")
    write(page, "noticing", "today")
    noticed = [(one["noticing"], one["pain_after"]) for one in kept(demo_site, "Finn Moe")]
    assert noticed == [("yesterday", "2"), ("today", "4")]


def test_continue_at_a_position_starts_there_with_one_press(demo_site, signed_in_as):
    page = signed_in_as("Gro Moe")
    demo_site.run(GIVEN.format(name="Gro Moe"))
    page.goto(f"{demo_site.url}{OTHER}?at=60")
    page.get_by_role("button", name="I have read this").click()
    page.wait_for_url("**#before")
    play(page, until=62)
    saved_after(page, lambda: pause(page))
    page.goto(f"{demo_site.url}/portal/")
    page.get_by_role("link", name=re.compile("Continue at 1:0")).click()
    key = page.locator('.player [data-do="toggle"]')
    expect(key).to_be_focused()
    expect(key).to_be_in_viewport(ratio=1)
    key.press("Enter")
    page.wait_for_function("() => document.querySelector('audio').currentTime > 63")
    saved_after(page, lambda: pause(page))
    assert len(entries(demo_site, "Gro Moe")) == 1
