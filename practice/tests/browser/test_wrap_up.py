"""A wrap-up that is being written survives a connection that drops, and a browser that is closed over it."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import APIResponse, Page, Route, expect

from practice.tests.browser.demo_site import DemoSite
from practice.tests.browser.page_checks import PageChecker
from practice.tests.browser.steps import press_on, sign_in_at_once

pytestmark = [pytest.mark.browser, pytest.mark.processes]
WORDS = "Right side slow to answer."


@pytest.fixture
def desk(signed_in: Callable[..., Page]) -> Page:
    """The practitioner's browser."""
    return signed_in("tess@juniper.example")


@pytest.fixture
def wrap_up(demo_site: DemoSite) -> str:
    """The page of a session that took place and is not written about yet; another one for each test."""
    return f"{demo_site.url}/workspace/appointments/{demo_site.call('session_to_write_about')}/wrap-up/"


def kept(page: Page) -> list[str]:
    """What this browser keeps of unsaved pages: names and words."""
    return [f"{name}: {words}" for name, words in page.evaluate("Object.entries(localStorage)")]


def saved(page: Page) -> None:
    expect(page.locator("[data-saved]")).to_have_text(re.compile(r"^Saved \d"))


def test_it_saves_itself_and_leaves_nothing_in_the_browser(desk: Page, wrap_up: str) -> None:
    desk.goto(wrap_up)
    desk.get_by_label("Foundation").fill(WORDS)
    saved(desk)
    assert kept(desk) == []
    desk.goto(wrap_up)
    expect(desk.get_by_label("Foundation")).to_have_value(WORDS)


def test_a_dropped_connection_loses_nothing(desk: Page, wrap_up: str) -> None:
    desk.goto(wrap_up)
    desk.context.set_offline(True)
    desk.get_by_role("textbox", name="Low back").fill(WORDS)
    desk.get_by_role("button", name="Show all places by name").click()
    desk.get_by_role("checkbox", name="Left knee").check()
    expect(desk.locator("[data-saved]")).to_contain_text("No connection")
    (words,) = kept(desk)
    assert re.match(r"wrap-[0-9a-f]{32}: ", words)
    desk.context.set_offline(False)
    saved(desk)
    assert kept(desk) == []
    desk.goto(wrap_up)
    expect(desk.get_by_role("textbox", name="Low back")).to_have_value(WORDS)
    expect(desk.get_by_role("checkbox", name="Left knee")).to_be_checked()


def test_who_signs_while_it_is_being_saved_is_not_stopped_by_it(desk: Page, wrap_up: str) -> None:
    """The saving has reached the practice, and its answer is still under way when the button is pressed."""
    held: list[tuple[Route, APIResponse]] = []
    desk.goto(wrap_up)
    desk.route(wrap_up, lambda route: held.append((route, route.fetch())), times=1)
    desk.get_by_label("Foundation").fill(WORDS)
    while not held:  # it saves itself
        desk.wait_for_timeout(20)
    desk.get_by_role("textbox", name="Low back").fill("Softer.")
    desk.get_by_role("button", name="Sign and finish").click()
    route, answer = held.pop()
    route.fulfill(response=answer)
    desk.wait_for_url("**/note/")
    expect(desk.get_by_text("Softer.")).to_be_visible()


def test_a_saving_whose_answer_was_lost_is_no_other_page(desk: Page, wrap_up: str) -> None:
    desk.goto(wrap_up)
    desk.route(wrap_up, lambda route: (route.fetch(), route.abort()), times=1)
    desk.get_by_label("Foundation").fill(WORDS)
    expect(desk.locator("[data-saved]")).to_contain_text("No connection")
    desk.get_by_role("textbox", name="Low back").fill("Softer.")
    saved(desk)
    desk.reload()
    expect(desk.get_by_role("textbox", name="Low back")).to_have_value("Softer.")


def test_what_was_not_sent_before_the_page_died_is_offered_back(desk: Page, wrap_up: str) -> None:
    dying = desk.context.new_page()
    dying.goto(wrap_up)
    desk.context.set_offline(True)
    dying.get_by_label("Foundation").fill(WORDS)
    expect(dying.locator("[data-saved]")).to_contain_text("No connection")
    dying.close()
    desk.context.set_offline(False)
    desk.goto(wrap_up)
    expect(desk.get_by_label("Foundation")).to_have_value("")
    desk.get_by_role("button", name="Restore them").click()
    expect(desk.get_by_label("Foundation")).to_have_value(WORDS)
    saved(desk)
    assert kept(desk) == []


def test_leaving_with_unsaved_words_is_asked_about(desk: Page, wrap_up: str) -> None:
    desk.goto(wrap_up)
    desk.context.set_offline(True)
    desk.get_by_label("Foundation").press_sequentially("Half a sent")
    asked = []
    desk.once("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    desk.evaluate("location.reload()")
    expect(desk.get_by_label("Foundation")).to_have_value("Half a sent")
    assert asked == ["beforeunload"]
    desk.context.set_offline(False)
    saved(desk)


def unsent(page: Page, wrap_up: str) -> None:
    """Write where nothing can be sent, and go to another page."""
    page.goto(wrap_up)
    page.route(
        "**/wrap-up/", lambda route: route.abort() if route.request.method == "POST" else route.fallback()
    )
    page.get_by_label("Foundation").fill(WORDS)
    expect(page.locator("[data-saved]")).to_contain_text("No connection")
    page.once("dialog", lambda dialog: dialog.accept())  # this page asks whether to leave it


def test_signing_out_asks_first_and_then_leaves_no_draft_of_anything(desk: Page, wrap_up: str) -> None:
    unsent(desk, wrap_up)
    desk.goto(wrap_up.partition("/workspace")[0] + "/accounts/logout/")
    desk.evaluate("localStorage.setItem('intake-abc-where', JSON.stringify({ at: Date.now(), words: [] }))")
    asked: list[str] = []
    desk.once("dialog", lambda dialog: (asked.append(dialog.message), dialog.dismiss()))
    desk.locator("main form button").click()
    expect(desk.get_by_role("heading", name="Sign out?")).to_be_visible()
    assert "not sent yet" in asked[0]
    assert len(kept(desk)) == 2
    desk.once("dialog", lambda dialog: dialog.accept())
    desk.locator("main form button").click()
    desk.wait_for_url("**/")
    assert kept(desk) == []


def test_a_draft_some_days_old_is_thrown_away_and_a_younger_one_kept(desk: Page, wrap_up: str) -> None:
    unsent(desk, wrap_up)
    desk.goto(wrap_up.partition("/workspace")[0] + "/workspace/")
    desk.evaluate(
        "localStorage.setItem('intake-a', JSON.stringify({ at: Date.now() - 6 * 864e5, words: [] }))"
    )
    desk.reload()
    (words,) = kept(desk)
    assert words.startswith("wrap-")


def test_a_session_that_ended_is_said_and_continues_after_signing_in(desk: Page, wrap_up: str) -> None:
    desk.goto(wrap_up)
    cookies = desk.context.cookies()
    desk.context.clear_cookies()
    desk.get_by_label("Foundation").fill(WORDS)
    expect(desk.locator("[data-saved]")).to_contain_text("You are signed out")
    assert len(kept(desk)) == 1
    desk.context.add_cookies(cookies)  # as after signing in on another tab
    saved(desk)
    assert kept(desk) == []


def test_another_page_overwrites_nothing_and_says_so(desk: Page, wrap_up: str) -> None:
    desk.goto(wrap_up)
    other = desk.context.new_page()
    other.goto(wrap_up)
    other.get_by_label("Foundation").fill("From the other page.")
    saved(other)
    desk.get_by_label("Foundation").fill(WORDS)
    expect(desk.locator("[data-saved]")).to_contain_text("This note was also saved from another page")
    other.reload()
    expect(other.get_by_label("Foundation")).to_have_value("From the other page.")
    other.get_by_role("button", name="Restore them").click()  # this browser still has the first one's words
    expect(other.get_by_label("Foundation")).to_have_value(WORDS)
    saved(other)
    other.close()


def test_signing_leaves_nothing_in_the_browser(desk: Page, wrap_up: str) -> None:
    desk.goto(wrap_up)
    desk.get_by_label("Foundation").fill(WORDS)
    desk.get_by_role("button", name="Sign and finish").click()
    desk.wait_for_url("**/note/")
    expect(desk.get_by_text(WORDS)).to_be_visible()
    assert kept(desk) == []


def test_it_is_written_and_signed_with_the_keyboard_alone(desk: Page, wrap_up: str) -> None:
    desk.goto(wrap_up)
    desk.get_by_label("Foundation").focus()
    desk.keyboard.type(WORDS)
    for _press in range(80):
        desk.keyboard.press("Tab")
        if desk.evaluate("document.activeElement.textContent") == "Sign and finish":
            break
    desk.keyboard.press("Enter")
    desk.wait_for_url("**/note/")


def test_axe_objects_to_nothing_on_the_page_its_mistakes_and_the_note(
    checker: PageChecker, demo_site: DemoSite, wrap_up: str
) -> None:
    desk = checker.page
    sign_in_at_once(desk, demo_site, "tess@juniper.example")
    desk.goto(wrap_up)
    desk.get_by_label("To do at home: assignment 1").select_option(index=1)
    desk.get_by_role("button", name="Show all places by name").click()
    desk.get_by_label("Neck", exact=True).check()
    checker.look("wrap-up")
    desk.get_by_label("Foundation").fill("word " * 5_000)
    press_on(desk, "Sign and finish")
    checker.look("wrap-up-with-mistakes")
    desk.get_by_label("Foundation").fill(WORDS)
    desk.get_by_role("button", name="Sign and finish").click()
    desk.wait_for_url("**/note/")
    checker.look("note")
    press_on(desk, "Add to the note")
    checker.look("note-with-mistakes")
