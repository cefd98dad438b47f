"""A place in a lesson, named by an address: from a letter, signed out; looked at; asked from."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from practice.tests.browser.steps import sign_in_from_page
from practice.tests.browser.test_listen import LESSON, pause, play

pytestmark = [pytest.mark.browser, pytest.mark.processes]

LINK = """
from portal.followups.letters import link_to
from portal.models import Assignment
given = Assignment.objects.filter(client__email="ann@example.com", lesson__isnull=False, ended_at=None)
print(link_to(given[0], at_ms=100_900))
"""
AT = "document.querySelector('[data-player] audio').currentTime"


def at(page: Page) -> int:
    """Where the sound stands, once it is known."""
    page.wait_for_function("() => document.querySelector('[data-player] audio').readyState >= 1")
    return int(page.evaluate(AT))


def test_signed_out_an_emails_link_leads_to_the_place_after_the_code(demo_site, page):
    link = demo_site.run(LINK)
    page.goto(link.replace(link.split("/portal/")[0], demo_site.url))
    sign_in_from_page(page, demo_site, "ann@example.com")
    page.wait_for_url("**/portal/lessons/*/?at=100")
    assert at(page) == 100
    expect(page.locator("[data-offer=asked]")).to_contain_text("Play continues from 1:40.")
    assert page.evaluate("document.querySelector('audio').paused")


def test_looked_at_it_takes_no_place_away_and_played_it_is_the_place(demo_site, signed_in_as):
    page = signed_in_as("Alva Lind")
    page.goto(demo_site.url + LESSON)
    page.evaluate("document.querySelector('audio').currentTime = 300")
    play(page, until=301)
    pause(page)
    page.goto(f"{demo_site.url}{LESSON}?at=60")
    assert at(page) == 60
    expect(page.get_by_role("button", name=re.compile("Continue at 5:[0-2]"))).to_be_visible()
    page.goto(demo_site.url + LESSON)
    expect(page.locator("[data-offer=fresh]")).to_contain_text(re.compile("Play continues from 5:[0-2]"))

    page.goto(f"{demo_site.url}{LESSON}?at=60")
    play(page, until=61)
    pause(page)
    page.wait_for_url("**/let-the-floor-hold-you/")
    page.reload()
    expect(page.locator("[data-offer=fresh]")).to_contain_text(re.compile("Play continues from 1:[0-2]"))


def test_without_a_script_the_sound_begins_there_and_the_page_says_so(demo_site, new_page):
    page = new_page(java_script_enabled=False)
    page.goto(f"{demo_site.url}/lessons/let-the-floor-hold-you/?at=460")
    expect(page.get_by_text("The audio starts at 7:40.")).to_be_visible()
    assert page.locator("audio").get_attribute("src").endswith("#t=460")
    page.get_by_role("link", name="Start from the beginning").click()
    expect(page.get_by_text("The audio starts at")).to_have_count(0)


def test_a_question_that_could_not_be_sent_survives_a_reload_with_its_place(demo_site, signed_in_as):
    page = signed_in_as("Embla Ro")
    page.goto(f"{demo_site.url}{LESSON}?at=120")
    assert at(page) == 120
    page.route("**/ask/", lambda route: route.abort())
    page.get_by_label("A question for").fill("Should it pull?")
    page.get_by_role("button", name="Send question", exact=True).click()
    expect(page.locator("[data-asked]")).to_contain_text("No connection")

    page.unroute("**/ask/")
    page.goto(demo_site.url + LESSON)
    expect(page.get_by_label("A question for")).to_have_value("Should it pull?")
    page.get_by_role("button", name="Send question", exact=True).click()
    expect(page.locator("[data-asked]")).to_contain_text("Question sent")
    page.reload()
    expect(page.get_by_label("A question for")).to_have_value("")
    page.goto(f"{demo_site.url}/portal/questions/")
    expect(page.locator(".diary a")).to_have_attribute("href", f"{LESSON}?at=120")
