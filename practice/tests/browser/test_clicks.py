"""How many clicks the daily work takes, counted in a real browser, from the page where one naturally is.

Filling in a field is typing, and not counted. A number is a goal: if it is passed, the product is to change.
"""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from practice.tests.browser.clicks import ClickCounter
from practice.tests.browser.demo_site import DemoSite
from practice.tests.browser.steps import follow, onward, press_on, sign_in_at_once
from practice.tests.browser.test_board import x_of
from practice.tests.browser.test_working_day import CLOSED, MAKE, OWNER, STORED

pytestmark = [pytest.mark.browser, pytest.mark.processes]

NAME = "Tilda Moss"
HOURS = """
from booking.models import OpeningHours
found = OpeningHours.objects.filter(practitioner__user__name="{name}").order_by("weekday", "opens")
print([f"{{one.weekday}} {{one.opens:%H:%M}}-{{one.closes:%H:%M}}" for one in found])
"""


@pytest.fixture(scope="module")
def found(practice_of_all: DemoSite) -> dict[str, Any]:
    """A practitioner whose days nobody else fills, and who comes."""
    return dict(json.loads(practice_of_all.run(MAKE.format(name=NAME))))


def opened(page: Page, demo_site: DemoSite, whose: str, path: str) -> ClickCounter:
    """Somebody's page is open, and from now on clicks are counted."""
    sign_in_at_once(page, demo_site, whose)
    counter = ClickCounter(page)
    page.goto(demo_site.url + path)
    return counter


@pytest.fixture
def desk(new_page, demo_site: DemoSite) -> Page:
    return new_page(viewport={"width": 1280, "height": 900})


def test_booking_for_a_caller_takes_three(desk: Page, demo_site: DemoSite, found: dict[str, Any]) -> None:
    counter = opened(desk, demo_site, found["email"], "/workspace/week/")
    expect(desk.locator("[data-ready]")).to_be_visible()
    with desk.expect_navigation():
        desk.mouse.click(*x_of(desk, 8 * 60 + 5, f'[data-lane][data-day="{found["tomorrow"]}"]'))
    desk.get_by_label("Name, phone, or email", exact=True).fill("+1 303.555.0147")
    onward(desk.locator("#whom-found").get_by_role("button", name=f"Cora {found['first']}"))
    press_on(desk, "Book$")
    assert counter.clicks == 3
    which = f"attendee_name='Cora {found['first']}', starts_at__gt=timezone.now()"
    (made,) = json.loads(demo_site.run(STORED.format(which=which)))
    assert made["start"] == f"{found['tomorrow']}T08:00"


def test_closing_a_day_takes_three(desk: Page, demo_site: DemoSite, found: dict[str, Any]) -> None:
    counter = opened(desk, demo_site, found["email"], "/workspace/")
    follow(desk, "Sick or away")
    desk.get_by_label("First day").fill(found["day_off"])
    press_on(desk, "See who is booked")
    expect(desk.locator(".people--off")).to_contain_text(f"Bea {found['first']}")
    press_on(desk, "Close this day")
    assert counter.clicks == 3
    assert demo_site.run(CLOSED.format(slug=found["slug"])) == f"['{found['day_off']}']"


def test_changing_tuesdays_hours_takes_three(desk: Page, demo_site: DemoSite, found: dict[str, Any]) -> None:
    counter = opened(desk, demo_site, found["email"], "/workspace/")
    follow(desk, "Practice")
    desk.get_by_role("main").get_by_role("link", name="Hours", exact=True).click()
    desk.get_by_label("Tuesday, to").fill("4:30 PM")
    press_on(desk, "Save hours")
    assert counter.clicks == 3
    assert demo_site.run(HOURS.format(name=NAME)).count("1 06:00-16:30") == 1


def test_a_new_persons_week_takes_eight(desk: Page, demo_site: DemoSite, found: dict[str, Any]) -> None:
    counter = opened(desk, demo_site, OWNER, "/workspace/")
    follow(desk, "Practice")
    desk.get_by_role("main").get_by_role("link", name="People and roles").click()
    name = f"Nell {found['first']}"
    desk.get_by_label("Name", exact=True).fill(name)
    desk.get_by_label("Email", exact=True).fill(f"nell@{found['slug']}.example")
    desk.get_by_label(re.compile("^Practitioner:")).check()
    press_on(desk, "Add and send email")
    desk.get_by_label(f"An hour with {NAME}").check()
    press_on(desk, "Save$")
    onward(desk.get_by_role("main").get_by_role("link", name=re.compile("^Hours")))
    for day in ("Monday", "Tuesday", "Thursday"):
        desk.get_by_label(f"{day}, from").fill("9:00 AM")
        desk.get_by_label(f"{day}, to").fill("5:00 PM")
    press_on(desk, "Save hours")
    assert counter.clicks == 8
    assert demo_site.run(HOURS.format(name=name)) == str([f"{day} 09:00-17:00" for day in (0, 1, 3)])


def test_seeing_next_week_takes_one(desk: Page, demo_site: DemoSite, found: dict[str, Any]) -> None:
    counter = opened(desk, demo_site, found["email"], "/workspace/week/")
    before = desk.get_by_role("heading", level=1).text_content()
    onward(desk.locator(".dayline a[rel=next]"))
    expect(desk.get_by_role("heading", level=1)).not_to_have_text(str(before))
    assert counter.clicks == 1
    assert desk.locator("[data-lane]").first.get_attribute("data-day") > found["day_off"]
