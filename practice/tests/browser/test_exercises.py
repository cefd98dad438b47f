"""An exercise in a real browser: still until somebody asks; never moving where less motion was asked for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from practice.tests.browser.demo_site import PATIENT, DemoSite
from practice.tests.processes.waiting import soon

pytestmark = [pytest.mark.browser, pytest.mark.processes]

PAGE = "/portal/exercises/cat-and-cow/"
LOADED = "() => [...document.images].filter(i => i.offsetParent).every(i => i.complete && i.naturalWidth > 0)"


@pytest.fixture
def exercise(signed_in: Callable[..., Page], demo_site: DemoSite) -> Callable[..., Page]:
    """The page in a client's browser, with the wishes its system has."""

    def opened(**wishes: Any) -> Page:
        page = signed_in("ann@example.com", **wishes)
        page.goto(demo_site.url + PAGE)
        page.wait_for_function(LOADED)
        return page

    return opened


def stands_still(page: Page) -> bool:
    """Whether all that is seen of the figure is a picture in whose file nothing moves."""
    (seen,) = page.locator("figure img:visible").all()
    file = page.request.get(seen.evaluate("picture => picture.currentSrc")).text()
    assert "<svg" in file
    return "@keyframes" not in file and "<animate" not in file


def changes(page: Page) -> bool:
    """Whether the figure comes to look different."""
    figure = page.locator("figure")
    before = figure.screenshot()
    return soon(lambda: figure.screenshot() != before, PATIENT / 1000)


def test_the_figure_is_still_moves_when_asked_and_stops_again(exercise):
    page = exercise()
    asked = page.get_by_label("Show the movement")
    assert stands_still(page)
    asked.focus()
    page.keyboard.press("Space")
    page.wait_for_function(LOADED)
    assert not stands_still(page)
    assert changes(page)
    page.keyboard.press("Space")
    expect(page.locator("figure img:visible")).to_have_class("moves__still")
    assert stands_still(page)


def test_paper_shows_the_still_picture_even_while_it_moves(exercise):
    page = exercise()
    page.get_by_label("Show the movement").check()
    page.emulate_media(media="print")
    assert page.locator("figure img:visible").get_attribute("class") == "moves__still"


def test_who_asked_for_less_motion_is_not_even_offered_any(exercise):
    page = exercise(reduced_motion="reduce")
    assert not page.get_by_text("Show the movement").is_visible()
    assert stands_still(page)
