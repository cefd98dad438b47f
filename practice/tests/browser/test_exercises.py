"""An exercise in a real browser: still until somebody asks; never moving where less motion was asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from practice.tests.browser.conftest import Town
from practice.tests.browser.steps import way_in

pytestmark = [pytest.mark.browser, pytest.mark.processes, pytest.mark.once]

PAGE = "/portal/exercises/cat-and-cow/"
LOADED = "() => [...document.images].filter(i => i.offsetParent).every(i => i.complete && i.naturalWidth > 0)"


@pytest.fixture
def ann(browser: Browser, town: Town) -> Iterator[Callable[..., Page]]:
    """A browser of its own in which a client has come in; with the wishes its system has."""
    contexts = []

    def come_in(**wishes: Any) -> Page:
        contexts.append(browser.new_context(**wishes))
        page = contexts[-1].new_page()
        page.goto(way_in(town.up, "ann@example.com"))
        page.locator("main form button").first.click()
        page.wait_for_url("**/portal/**")
        page.goto(town.url + PAGE)
        page.wait_for_function(LOADED)
        return page

    yield come_in
    for context in contexts:
        context.close()


def moves(page: Page) -> bool:
    """Whether the figure looks different now and a second and a half later."""
    figure = page.locator("figure")
    before = figure.screenshot()
    page.wait_for_timeout(1500)
    return figure.screenshot() != before


def test_the_figure_stands_still_moves_when_asked_and_stops_again(ann):
    page = ann()
    asked = page.get_by_label("Show the movement")
    assert not moves(page)
    asked.focus()
    page.keyboard.press("Space")
    page.wait_for_function(LOADED)
    assert any(moves(page) for _ in range(5))  # it rests at either end
    page.keyboard.press("Space")
    assert not moves(page)


def test_paper_shows_the_still_picture_even_while_it_moves(ann):
    page = ann()
    page.get_by_label("Show the movement").check()
    page.emulate_media(media="print")
    assert page.locator("figure img:visible").get_attribute("class") == "moves__still"


def test_who_asked_for_less_motion_is_not_even_offered_any(ann):
    page = ann(reduced_motion="reduce")
    assert not page.get_by_text("Show the movement").is_visible()
    assert page.locator("figure img:visible").count() == 1
    assert not moves(page)
