"""The intake in a real browser: a script saves as one goes and loses nothing; without one a button saves."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from practice.tests.browser.demo_site import DemoSite
from practice.tests.browser.steps import SIGNS

pytestmark = [pytest.mark.browser, pytest.mark.processes]
WORDS = "Kneeling in the garden."


@pytest.fixture
def intake(demo_site: DemoSite) -> str:
    """The link in the letter of somebody who has just booked; another one for each test."""
    return demo_site.url + demo_site.call("first_booking")


@pytest.fixture(params=[True, False], ids=["with a script", "without"])
def either(new_page: Callable[..., Page], request: pytest.FixtureRequest) -> Page:
    """A page with scripts, and one without."""
    return new_page(java_script_enabled=request.param)


def go_on(page: Page, to: str) -> None:
    page.get_by_role("button", name="Continue").click()
    page.wait_for_url(f"**/{to}/")


def saved(page: Page) -> None:
    expect(page.locator("[data-saved]")).to_have_text(re.compile(r"^Saved \d"))


def kept(page: Page) -> list[str]:
    """What this browser keeps of unsaved pages."""
    return [f"{name}: {words}" for name, words in page.evaluate("Object.entries(localStorage)")]


def at_change(page: Page, intake: str) -> None:
    """Begun, and at the third step."""
    page.goto(intake)
    page.get_by_role("button", name="Begin").click()
    page.wait_for_url("**/since/")
    page.goto(f"{intake}change/")


def test_from_the_email_to_the_signature(either: Page, intake: str) -> None:
    page = either
    page.goto(intake)
    page.get_by_role("button", name="Begin").click()
    page.wait_for_url("**/since/")
    page.get_by_label("Several years").check()
    go_on(page, "where")
    names = page.get_by_role("button", name="Show all places by name")
    if names.count():
        names.click()
    page.get_by_role("checkbox", name="Left knee").check()
    page.get_by_role("radiogroup", name="Left knee").get_by_label("a lot").check()
    go_on(page, "change")
    page.get_by_label("What makes it worse?").fill(WORDS)
    go_on(page, "care")
    page.get_by_label("Acupuncture").check()
    go_on(page, "signs")
    for sign in SIGNS:
        page.locator(f"[name={sign}][value={'yes' if sign == 'fever' else 'no'}]").check()
    expect(page.locator(".warnings__heed")).to_be_visible()  # at once, and without a script too
    go_on(page, "onward")
    expect(page.get_by_role("heading", level=1)).to_have_text("Please see a doctor first")
    page.get_by_role("link", name="I have read this").click()
    page.wait_for_url("**/goals/")
    page.locator("[name=goal_0]").fill("Tie my shoes")
    page.locator("[name=now_0][value='4']").check(force=True)
    go_on(page, "more")
    go_on(page, "consent")
    for box in page.get_by_role("checkbox").all():
        box.check()
    page.get_by_label("Your name").fill("Vera Holm")
    page.get_by_role("button", name="Sign and submit").click()
    page.wait_for_url(intake)
    expect(page.get_by_role("heading", level=1)).to_have_text("Thank you. We have your answers.")
    assert WORDS not in page.content()


def test_it_saves_itself_and_leaves_nothing_in_the_browser(page: Page, intake: str) -> None:
    at_change(page, intake)
    page.get_by_label("What makes it worse?").fill(WORDS)
    saved(page)
    go_on(page, "care")
    assert kept(page) == []
    page.goto(f"{intake}change/")
    expect(page.get_by_label("What makes it worse?")).to_have_value(WORDS)


def test_a_dropped_connection_loses_nothing(page: Page, intake: str) -> None:
    at_change(page, intake)
    page.context.set_offline(True)
    page.get_by_label("What makes it worse?").fill(WORDS)
    expect(page.locator("[data-saved]")).to_contain_text("No connection")
    (words,) = kept(page)
    assert re.match(r"intake-[0-9a-f]{32}-change: ", words)
    page.context.set_offline(False)
    saved(page)
    assert kept(page) == []


def test_a_browser_that_is_not_known_anymore_keeps_the_words_and_says_so(page: Page, intake: str) -> None:
    at_change(page, intake)
    cookies = page.context.cookies()
    page.context.clear_cookies()
    page.get_by_label("What makes it worse?").fill(WORDS)
    expect(page.locator("[data-saved]")).to_contain_text("please sign in again")
    assert len(kept(page)) == 1
    page.context.add_cookies(cookies)  # as after signing in on another tab
    saved(page)
    assert kept(page) == []


def test_on_a_phone_the_first_press_counts_though_it_could_not_be_saved(page: Page, intake: str) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    at_change(page, intake)
    page.context.clear_cookies()
    text = page.get_by_label("What makes it worse?")
    key = page.get_by_role("button", name="Continue")
    places = [key.bounding_box()["y"]]
    text.fill(WORDS)
    expect(page.locator("[data-saved]")).to_contain_text("please sign in again")
    key.scroll_into_view_if_needed()
    places.append(key.bounding_box()["y"] + page.evaluate("scrollY"))
    text.press_sequentially("!")
    box = key.bounding_box()
    page.mouse.move(box["x"] + 20, box["y"] + 10)
    page.mouse.down()  # the field is left: it changes under the finger
    assert (key.bounding_box()["y"], round(places[0] - places[1])) == (box["y"], 0)
    expect(page.locator("[data-saved]")).to_contain_text("please sign in again")
    with page.expect_request(lambda request: request.method == "POST" and request.is_navigation_request()):
        page.mouse.up()


def test_another_tab_overwrites_nothing_and_says_so(page: Page, intake: str) -> None:
    at_change(page, intake)
    other = page.context.new_page()
    other.goto(f"{intake}change/")
    other.get_by_label("What makes it worse?").fill("From the other tab.")
    saved(other)
    page.get_by_label("What makes it worse?").fill(WORDS)
    expect(page.locator("[data-saved]")).to_contain_text("saved in another window")
    other.reload()
    expect(other.get_by_label("What makes it worse?")).to_have_value("From the other tab.")
