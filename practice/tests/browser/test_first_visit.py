"""From a free slot to a letter, as people live it: a visitor, a practitioner, a browser, real letters."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from practice.tests.browser.demo_site import DemoSite, calendar_of, link_in, text_of
from practice.tests.browser.steps import (
    add_authenticator,
    follow,
    onward,
    press,
    sign_in_by_code,
    use_second_factor,
)

pytestmark = [pytest.mark.browser, pytest.mark.processes]

# Playing goes on from the new place: the clock of the audio itself has passed it.
HEARD_FROM_THERE = """() => new Promise((done) => {
  const audio = document.querySelector("audio");
  audio.addEventListener("timeupdate", () => {
    if (audio.currentTime > 700.2) { audio.pause(); done(audio.currentTime); }
  });
})"""
MIA = "mia.lund@example.org"
TESS = "tess@juniper.example"


def reads(page: Page, demo_site: DemoSite) -> None:
    """Home, an article, the one it links to."""
    page.goto(demo_site.url)
    expect(page.get_by_role("heading", level=1)).to_contain_text("the floor")
    follow(page, "Why we begin with the sacrum")
    expect(page.get_by_role("heading", name="See a doctor first")).to_be_visible()
    page.locator(".text a[href^='/articles/']").first.click()
    expect(page.locator("h1")).to_be_visible()


def hears(page: Page, demo_site: DemoSite) -> None:
    """The free lesson: guidelines, then a place far into it, by a range."""
    page.goto(f"{demo_site.url}/lessons/")
    follow(page, "Let the floor hold you")
    expect(page.get_by_role("heading", name="Before you lie down")).to_be_visible()
    page.evaluate("document.querySelector('audio').play()")
    with page.expect_response(lambda answer: answer.url.endswith(".m4a") and answer.status == 206):
        page.evaluate("document.querySelector('audio').currentTime = 700")
    assert page.evaluate(HEARD_FROM_THERE) > 700


def books(page: Page, demo_site: DemoSite, shot: Callable[[str], None]) -> None:
    """Type, day and time, a mistake, done."""
    page.goto(demo_site.url)
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Book a time").click()
    follow(page, "First session")
    onward(page.locator("a.day").nth(5))
    shot("times")
    page.locator("button.time").first.click()
    expect(page.get_by_role("heading", name="Your details")).to_be_visible()
    expect(page.get_by_role("heading", name="See a doctor first")).to_be_visible()
    page.get_by_label("Your name").fill("Mia Lund")
    page.get_by_label("Email").fill("mia.lund@exampleorg")
    page.get_by_role("button", name=re.compile("^Book ")).click()
    expect(page.get_by_role("alert")).to_contain_text("missing the end after")
    expect(page.get_by_label("Your name")).to_have_value("Mia Lund")
    shot("details")
    page.get_by_label("Email").fill(MIA)
    page.get_by_label("I have read this").check()
    page.get_by_role("button", name=re.compile("^Book ")).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("You’re booked.")
    shot("booked")


def moves_by_the_letter(page: Page, demo_site: DemoSite, manage_link: str) -> None:
    """The letter's link, another day, a letter with a risen SEQUENCE."""
    page.goto(manage_link)
    follow(page, "Move appointment")
    onward(page.locator("a.day").nth(8))
    page.locator("button.time").first.click()
    page.get_by_role("button", name="Move appointment").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your appointment has been moved.")
    moved = calendar_of(demo_site.letter(MIA, "Moved to"))
    assert "SEQUENCE:1" in moved
    assert "METHOD:REQUEST" in moved


def adds_a_passkey(page: Page, demo_site: DemoSite) -> None:
    """With an authenticator like a phone's."""
    add_authenticator(page)
    page.goto(f"{demo_site.url}/accounts/2fa/webauthn/add/")
    page.get_by_label(re.compile("name", re.I)).fill("My phone")
    page.get_by_role("button").filter(has_text=re.compile("add|set|create", re.I)).first.click()
    page.wait_for_url(lambda url: "/add/" not in url)  # the browser asked its device, and the form went
    page.goto(f"{demo_site.url}/accounts/2fa/webauthn/")
    expect(page.get_by_text("My phone").first).to_be_visible()


def sees_the_day(page: Page, demo_site: DemoSite, shot: Callable[[str], None]) -> None:
    """Today, the day Mia comes, her appointment, and the letters that went."""
    page.goto(f"{demo_site.url}/workspace/")
    expect(page.get_by_role("heading", level=1)).to_contain_text("today")
    shot("today")
    page.goto(f"{demo_site.url}/workspace/letters/?to={MIA}")
    expect(page.locator(".letters > li").filter(has_text="sent")).not_to_have_count(0)
    shot("letters")


def test_from_a_free_slot_to_an_email(
    page: Page, demo_site: DemoSite, errors: list[str], shot: Callable[[str], None]
) -> None:
    reads(page, demo_site)
    hears(page, demo_site)
    books(page, demo_site, shot)
    confirmation = demo_site.letter(MIA, "Booked")
    assert "SEQUENCE:0" in calendar_of(confirmation)
    assert "Mia Lund" in text_of(demo_site.letter("@juniper.example", "Booked: Mia"))
    manage_link = link_in(confirmation, "/appointments/")
    moves_by_the_letter(page, demo_site, manage_link)

    sign_in_by_code(page, demo_site, MIA)
    expect(page.get_by_role("heading", name=re.compile("Mia"))).to_be_visible()
    expect(page.get_by_role("link", name=re.compile("Move"))).to_be_visible()
    shot("portal")
    adds_a_passkey(page, demo_site)

    page.context.clear_cookies()
    sign_in_by_code(page, demo_site, TESS)
    use_second_factor(page, demo_site)
    sees_the_day(page, demo_site, shot)

    page.context.clear_cookies()
    page.goto(manage_link)
    follow(page, "Cancel appointment")
    press(page, "Cancel appointment")
    expect(page.get_by_role("heading", name="This appointment is canceled")).to_be_visible()
    cancelled = calendar_of(demo_site.letter(MIA, "Canceled"))
    assert "SEQUENCE:2" in cancelled
    assert "METHOD:CANCEL" in cancelled
