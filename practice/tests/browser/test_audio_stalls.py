"""A sound that does not come for a while goes on by itself, from the same place, when it can."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, Route, expect

from practice.tests.browser.test_lesson import LESSON, press, reached, sound

pytestmark = [pytest.mark.browser, pytest.mark.processes]


class Restart:
    """The practice's server is away: 503 for the recording, until `back`; or for so many requests only."""

    def __init__(self, page: Page, *, requests: int = 1000) -> None:
        self.page, self.left = page, requests
        page.route("**/audio/**", self.answer)

    def answer(self, route: Route) -> None:
        self.left -= 1
        if self.left >= 0:
            route.fulfill(status=503, headers={"Retry-After": "5"})
        else:
            route.continue_()

    def back(self) -> None:
        self.left = 0


def test_after_a_restart_it_continues_by_itself_from_the_same_place(demo_site, page):
    page.goto(demo_site.url + LESSON)
    press(page, "toggle")
    reached(page, 0.3)
    Restart(page, requests=2)  # the stretch that was asked for, and the look at what is wrong
    page.evaluate("document.querySelector('audio').currentTime = 1000")
    page.wait_for_function("() => document.querySelector('audio').error")
    reached(page, 1000.5)
    expect(page.locator("[data-trouble]:visible")).to_have_count(0)


def test_while_it_does_not_come_it_says_so_without_a_button_and_no_key_moves(demo_site, page):
    page.goto(demo_site.url + LESSON)
    key = page.locator('.player [data-do="toggle"]')
    key.click()
    reached(page, 0.3)
    stood = key.bounding_box()
    restart = Restart(page)
    page.evaluate("document.querySelector('audio').currentTime = 1000")
    expect(page.locator(".player [data-part]")).to_have_text("Waiting for the audio")
    assert (key.bounding_box(), page.locator("[data-trouble]:visible").count()) == (stood, 0)
    restart.back()
    page.evaluate("window.dispatchEvent(new Event('online'))")
    reached(page, 1000.5)
    expect(page.locator(".player [data-part]")).to_have_text("The head, rolling")


def stands_still(page: Page) -> None:
    """The sound plays, and then stands still without any event, until it is tried again."""
    press(page, "toggle")
    reached(page, 0.3)
    page.evaluate("document.querySelector('audio').currentTime = 1000")
    reached(page, 1000.5)
    page.evaluate("document.querySelector('audio').playbackRate = 0")
    page.wait_for_function("() => 'trying' in document.querySelector('audio').dataset")


def test_where_it_stands_still_and_no_event_tells_of_it_it_is_tried_again(demo_site, page):
    page.goto(demo_site.url + LESSON)
    stands_still(page)
    expect(page.locator(".player [data-part]")).to_have_text("Waiting for the audio")
    reached(page, sound(page, "currentTime") + 0.5)
    expect(page.locator(".player [data-part]")).to_have_text("The head, rolling")
    assert not sound(page, "paused")


def test_what_goes_on_by_itself_is_left_alone_and_where_it_stands_still_pause_is_pause(demo_site, page):
    page.goto(demo_site.url + LESSON)
    stands_still(page)
    page.evaluate(
        "document.querySelector('audio').addEventListener('emptied', () => { window.reloaded = true; })"
    )
    page.evaluate("document.querySelector('audio').playbackRate = 1")
    page.wait_for_function("() => !('trying' in document.querySelector('audio').dataset)")
    reached(page, sound(page, "currentTime") + 3)  # longer than until it would have been tried
    assert page.evaluate("window.reloaded") is None
    page.evaluate("document.querySelector('audio').playbackRate = 0")
    page.wait_for_function("() => 'trying' in document.querySelector('audio').dataset")
    press(page, "toggle")
    assert sound(page, "paused")


@pytest.mark.parametrize(("status", "words"), [(401, "Sign in and continue"), (404, "open the lesson again")])
def test_signed_out_or_taken_back_it_says_at_once_what_helps(demo_site, page, status, words):
    page.route("**/audio/**", lambda route: route.fulfill(status=status))
    page.goto(demo_site.url + LESSON)
    press(page, "toggle")
    expect(page.get_by_role("link", name=words)).to_be_visible()
    assert sound(page, "paused") or sound(page, "error")


def test_who_presses_pause_in_the_meantime_hears_nothing_when_it_is_back(demo_site, page):
    page.goto(demo_site.url + LESSON)
    press(page, "toggle")
    reached(page, 0.3)
    restart = Restart(page)
    page.evaluate("document.querySelector('audio').currentTime = 1000")
    page.wait_for_function("() => 'trying' in document.querySelector('audio').dataset")
    press(page, "toggle")
    restart.back()
    page.evaluate("window.dispatchEvent(new Event('online'))")
    page.wait_for_function("() => !document.querySelector('audio').error")
    assert sound(page, "paused")
    press(page, "toggle")
    reached(page, 1000.5)
