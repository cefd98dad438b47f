"""By keyboard alone: every stop is seen, none is a trap, and what went wrong is where one is."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from practice.tests.browser.demo_site import DemoSite, link_in
from practice.tests.browser.steps import SIGNS

pytestmark = [pytest.mark.browser, pytest.mark.processes]
MOST = 80  # stops on a page, at most
STOP = """() => {
    const here = document.activeElement, look = getComputedStyle(here);
    const ring = look.opacity === '0' ? getComputedStyle(here.closest('label')) : look;
    const box = here.getBoundingClientRect();
    return {
        name: (here.ariaLabel || here.labels?.[0]?.innerText || here.innerText || '').trim(),
        ringed: ring.outlineStyle !== 'none' && parseFloat(ring.outlineWidth) >= 2,
        within: box.bottom > 0 && box.top < innerHeight,
        number: [...document.querySelectorAll('*')].indexOf(here),
        parts: ['date', 'time'].includes(here.type),
    };
}"""

SAID = """
from portal.models import PracticeEntry
one = PracticeEntry.objects.get(client__name={!r})
print(one.pain_before, one.pain_after, one.lying_after, one.said_done)
"""


def tab_to(page: Page, name: str) -> None:
    """Tab on to what is called so (a pattern); each stop has a ring, is on the screen and is left again."""
    passed: list[dict[str, Any]] = []
    for _ in range(MOST):
        page.keyboard.press("Tab")
        stop = page.evaluate(STOP)
        if stop["parts"] and stop["number"] in [one["number"] for one in passed[-1:]]:
            continue  # day, month and year are stops of their own, with marks of the browser's
        assert (stop["ringed"], stop["within"]) == (True, True), f"{stop}, after {passed}"
        assert stop["number"] not in [one["number"] for one in passed], f"{stop} again, after {passed}"
        if re.match(name, stop["name"]):
            return
        passed.append(stop)
    raise AssertionError(f"no {name!r} among {[one['name'] for one in passed]}")


def enter(page: Page, name: str) -> None:
    """Go there by Tab, press Enter, and wait for the next page."""
    tab_to(page, name)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def test_a_visitor_books_cancels_and_brings_it_back(
    page: Page, demo_site: DemoSite, errors: list[str]
) -> None:
    page.goto(f"{demo_site.url}/book/session/?with=jonah&tz=America/Denver")
    tab_to(page, "Skip to content")
    page.keyboard.press("Enter")
    enter(page, page.locator("a.day").last.inner_text().strip())
    enter(page, page.locator("button.time b").first.inner_text())
    enter(page, r"Book \w+day")
    expect(page.locator(".wrongs")).to_be_focused()
    tab_to(page, "Your name")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Your name")).to_be_focused()
    page.keyboard.type("Kay Tabor")
    tab_to(page, "Email")
    page.keyboard.type("kay@example.org")
    tab_to(page, "I have read this")
    page.keyboard.press("Space")
    enter(page, r"Book \w+day")
    enter(page, "Cancel appointment")
    enter(page, "Cancel appointment")
    enter(page, "Undo cancellation")
    expect(page.get_by_text("Booked", exact=True)).to_be_visible()


def test_a_client_asks_about_an_exercise_and_after_worse_comes_before_the_advice(
    page: Page, demo_site: DemoSite, errors: list[str]
) -> None:
    page.goto(demo_site.call("way_in", "ben@example.com"))
    enter(page, "Sign me in")
    page.goto(f"{demo_site.url}/portal/exercises/the-pelvis-as-a-clock/")
    enter(page, "Ask a question about it")
    enter(page, "Send question")
    expect(page.locator(".wrongs")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Your question")).to_be_focused()
    page.keyboard.type("How slowly?")
    enter(page, "Send question")
    enter(page, "The pelvis as a clock")
    enter(page, "Mark as done")
    expect(page.locator("#done")).to_be_focused()  # a little after the page is there
    tab_to(page, "better")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("radio", name="worse")).to_be_checked()
    enter(page, "Save")
    expect(page.get_by_role("alert", name="Rest, and talk to us")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="see a doctor first")).to_be_focused()


def test_a_whole_lesson_from_the_sign_in_link_to_a_question(
    page: Page, demo_site: DemoSite, errors: list[str]
) -> None:
    page.goto(demo_site.call("way_in", demo_site.call("newcomer", "Kaja Moe")))
    enter(page, "Sign me in")
    page.goto(f"{demo_site.url}/portal/lessons/let-the-floor-hold-you/")
    enter(page, "I have read this")
    pain(page, 2)
    tab_to(page, "Play$")
    page.keyboard.press("Space")
    sounds(page, "now > 0.3 && !audio.paused")
    page.keyboard.press("ArrowRight")
    sounds(page, "now > 15")
    page.keyboard.press("-")
    sounds(page, "audio.playbackRate === 0.9")
    tab_to(page, "Parts of the lesson")
    page.keyboard.press("Enter")
    tab_to(page, "The head, rolling")
    page.keyboard.press("Enter")
    sounds(page, "now > Number(document.activeElement.dataset.chapter) + 0.3")  # it plays on from there
    page.keyboard.press("k")
    sounds(page, "audio.paused")
    stopped = page.evaluate("document.querySelector('audio').currentTime")
    page.keyboard.press("k")
    sounds(page, f"now > {stopped}")
    page.evaluate("document.querySelector('audio').currentTime = 1274")  # 21 minutes later
    expect(page.locator("#after")).to_be_focused()
    tab_to(page, "How are you lying now")
    page.keyboard.type("k - longer")
    tab_to(page, "What did you notice")
    page.keyboard.type("The left side.")
    pain(page, 1)
    tab_to(page, "Mark lesson as done")
    page.keyboard.press("Enter")
    expect(page.locator("[data-is-done]")).to_be_visible()
    tab_to(page, "A question for")
    page.keyboard.type("How often?")
    tab_to(page, "Send question")
    page.keyboard.press("Enter")
    expect(page.locator("[data-asked]")).to_contain_text("Question sent")
    page.reload()
    expect(page.get_by_label("What did you notice?")).to_have_value("The left side.")
    assert demo_site.run(SAID.format("Kaja Moe")) == "2 1 k - longer True"


def pain(page: Page, number: int) -> None:
    """Choose a number of the next scale; nothing is chosen yet."""
    tab_to(page, "prefer not to say")
    for _ in range(number + 1):
        page.keyboard.press("ArrowRight")
    expect(page.locator(":focus")).to_have_value(str(number))


def sounds(page: Page, words: str) -> None:
    """Wait until this is true of the lesson's sound."""
    page.wait_for_function(
        f"() => {{ const audio = document.querySelector('audio'), now = audio.currentTime; return {words}; }}"
    )


def test_an_intake_is_filled_in_and_signed(page: Page, demo_site: DemoSite, errors: list[str]) -> None:
    page.goto(demo_site.url + demo_site.call("first_booking"))
    enter(page, "Begin")
    tab_to(page, "A few days")
    page.keyboard.press("ArrowDown")
    enter(page, "Continue")
    tab_to(page, "Show all places by name")
    page.keyboard.press("Enter")
    tab_to(page, "Left knee")
    page.keyboard.press("Space")
    tab_to(page, "some$")
    page.keyboard.press("ArrowRight")
    enter(page, "Continue")
    tab_to(page, "What makes it worse")
    page.keyboard.type("Kneeling.")
    enter(page, "Continue")
    tab_to(page, "Acupuncture")
    page.keyboard.press("Space")
    enter(page, "Continue")
    for sign in SIGNS:
        tab_to(page, "Yes")
        page.keyboard.press("Space" if sign == "fever" else "ArrowDown")
    enter(page, "Continue")
    enter(page, "I have read this")
    tab_to(page, "One thing you would like")
    page.keyboard.type("Tie my shoes")
    tab_to(page, "0")
    page.keyboard.press("ArrowRight")
    enter(page, "Continue")
    enter(page, "Continue")
    for _text in range(2):
        tab_to(page, "I have read this")
        page.keyboard.press("Space")
    tab_to(page, "Your name")
    page.keyboard.type("Vera Holm")
    enter(page, "Sign and submit")
    expect(page.get_by_role("heading", level=1)).to_have_text("Thank you. We have your answers.")


def test_a_waitlist_entry_is_left_and_an_offer_taken(
    page: Page, demo_site: DemoSite, errors: list[str]
) -> None:
    page.goto(f"{demo_site.url}/book/session/wait/?with=jonah&tz=America/Denver")
    tab_to(page, "Your name")
    page.keyboard.type("Wanda Reis")
    tab_to(page, "Email")
    page.keyboard.type("wanda@example.org")
    tab_to(page, "I agree to the cancellation policy")
    page.keyboard.press("Space")
    enter(page, "Join the waitlist")
    assert link_in(demo_site.letter("wanda@example.org", "You’re on our waitlist"), "/waiting/")
    page.goto(demo_site.call("offer", "wanda@example.org"))
    enter(page, r"Book \w+day")
    expect(page.get_by_role("heading", level=1)).to_have_text("You’re booked.")
