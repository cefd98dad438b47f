"""The client's pages in a real browser: by keyboard, tapped twice, withdrawn; all of it without scripts."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from practice.tests.browser.demo_site import DemoSite
from practice.tests.browser.steps import use_session

pytestmark = [pytest.mark.browser, pytest.mark.processes]

TIMES = """
from portal.models import PracticeEntry
print(PracticeEntry.objects.filter(client__email="{address}").count())
"""
PAGE = "/portal/exercises/cat-and-cow/"


@pytest.fixture
def come_in(new_page: Callable[..., Page], demo_site: DemoSite) -> Callable[..., Page]:
    """A browser of its own in which a client, new to the house, has come in."""

    def enter(address: str, **wishes: Any) -> Page:
        page = new_page(**wishes)
        use_session(page, demo_site, demo_site.call("with_exercises", address))
        return page

    return enter


def times(demo_site: DemoSite, address: str) -> int:
    """How often this client has practised, by the rows."""
    return int(demo_site.run(TIMES.format(address=address)))


def test_two_quick_taps_are_one_and_it_can_be_taken_back(come_in, demo_site):
    address = "zoe.taps@example.com"
    page = come_in(address)
    page.goto(demo_site.url + PAGE)
    page.get_by_role("button", name="Mark as done").dblclick()
    expect(page.get_by_role("heading", name=re.compile("^Done at"))).to_be_visible()
    assert times(demo_site, address) == 1
    page.go_back()
    page.reload()
    assert times(demo_site, address) == 1
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("Undone.")).to_be_visible()
    assert times(demo_site, address) == 0


def test_worse_leads_to_rest_by_keyboard_alone(come_in, demo_site):
    page = come_in("zoe.keys@example.com")
    page.goto(demo_site.url + PAGE)
    page.get_by_role("button", name="Mark as done").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**#done")
    better = page.get_by_role("radio", name="better")
    better.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("radio", name="worse")).to_be_checked()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#done").get_by_text("Rest, and talk to us")).to_be_visible()
    page.goto(f"{demo_site.url}/portal/")
    expect(page.get_by_role("link", name=re.compile("^Call us"))).to_be_visible()
    expect(page.get_by_role("button", name=re.compile("Mark as done"))).to_have_count(0)


def test_all_of_it_works_without_scripts(come_in, demo_site):
    address = "zoe.plain@example.com"
    page = come_in(address, java_script_enabled=False)
    page.goto(f"{demo_site.url}/portal/")
    expect(page.get_by_text("after breakfast, on the rug")).to_be_visible()
    page.get_by_role("button", name=re.compile("^Mark as done")).first.click()
    page.wait_for_url("**/portal/#given")
    assert times(demo_site, address) == 1
    page.goto(f"{demo_site.url}/portal/history/")
    expect(page.get_by_role("heading", name="Once at home")).to_be_visible()
    page.goto(f"{demo_site.url}/portal/questions/")
    page.get_by_label("Your question").fill("May I do it in bed?")
    page.get_by_role("button", name="Send question").click()
    expect(page.get_by_text("Not answered yet.")).to_be_visible()
