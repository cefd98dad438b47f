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
