"""The boards by hand, by keyboard and live: nothing is written before it was looked at once more."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from practice.tests.browser.demo_site import DemoSite
from practice.tests.browser.steps import press_on

pytestmark = [pytest.mark.browser, pytest.mark.processes]
DAY = "2027-03-11"  # a Thursday with nobody on it yet
BOARD = f"/workspace/day/?day={DAY}"
LANE = '[data-lane][data-with="tess"]'
BOOKED = """
import datetime as dt
from booking.models import SessionType
from booking.testing import make_appointment
from practice.core.clock import zone_named
from practice.models import Practitioner
from practice.testing import make_user
start = dt.datetime.fromisoformat("{day}T{at}").replace(tzinfo=zone_named("America/Denver"))
make_appointment(
    session_type=SessionType.objects.get(slug="session"),
    practitioner=Practitioner.objects.get(slug="tess"),
    start=start,
    client=make_user("{name}"),
)
"""
START = """
from booking.models import Appointment
print(Appointment.objects.get(attendee_name="{name}").starts_at.isoformat())
"""


@pytest.fixture
def board(signed_in, demo_site: DemoSite) -> Page:
    page = signed_in("tess@juniper.example", viewport={"width": 1280, "height": 900})
    page.set_default_timeout(15_000)
    page.on("pageerror", lambda error: pytest.fail(str(error)))
    return page


def opened(page: Page, demo_site: DemoSite, name: str, at: str) -> Locator:
    """The day's board with somebody's appointment on it."""
    demo_site.run(BOOKED.format(day=DAY, at=at, name=name))
    page.goto(demo_site.url + BOARD)
    expect(page.locator("[data-ready]")).to_be_visible()
    return page.locator("[data-movable]", has_text=name)


def x_of(page: Page, minute: int, of: str = LANE) -> tuple[float, float]:
    """Where a minute of a lane lies."""
    lane = page.locator(of)
    lane.scroll_into_view_if_needed()
    box = lane.bounding_box()
    first, until = (int(lane.get_attribute(name) or 0) for name in ("data-from", "data-until"))
    assert box
    return box["x"] + (minute - first) / (until - first) * box["width"], box["y"] + box["height"] / 2


def dragged(page: Page, first: int, last: int, of: str = LANE) -> None:
    """From one minute to another, in steps as a hand does it; then the next page."""
    page.mouse.move(*x_of(page, first, of))
    page.mouse.down()
    page.mouse.move(*x_of(page, (first + last) // 2, of), steps=3)
    page.mouse.move(*x_of(page, last, of), steps=3)
    with page.expect_navigation():
        page.mouse.up()


def test_a_drag_leads_to_the_question_moves_and_is_undone(board: Page, demo_site: DemoSite) -> None:
    opened(board, demo_site, "Dora Drag", "10:00")
    before = demo_site.run(START.format(name="Dora Drag"))
    dragged(board, 10 * 60 + 30, 11 * 60 + 30)
    expect(board.get_by_role("heading", level=1)).to_have_text("Move to this time?")
    assert demo_site.run(START.format(name="Dora Drag")) == before
    press_on(board, "Move appointment")
    expect(board).to_have_url(re.compile(re.escape(BOARD)))
    expect(board.locator("[data-movable]", has_text="Dora Drag")).to_have_attribute(
        "data-start", f"{DAY}T11:00"
    )
    press_on(board, "Undo")
    assert demo_site.run(START.format(name="Dora Drag")) == before


def test_the_keyboard_moves_what_escape_leaves_and_enter_drops(board: Page, demo_site: DemoSite) -> None:
    slot = opened(board, demo_site, "Kay Board", "13:00")
    slot.get_by_role("link").focus()
    said = board.locator("#board-said")
    board.keyboard.press("m")
    expect(said).to_contain_text("Moving Kay Board.")
    board.keyboard.press("ArrowRight")
    expect(said).to_contain_text("1:05 PM")
    board.keyboard.press("Escape")
    expect(said).to_have_text("Left unchanged.")
    board.keyboard.press("m")
    board.keyboard.press("Shift+ArrowRight")
    with board.expect_navigation():
        board.keyboard.press("Enter")
    expect(board.locator(".lead")).to_contain_text("2:00 PM")


def test_an_empty_stretch_is_blocked_by_a_drag(board: Page, demo_site: DemoSite) -> None:
    opened(board, demo_site, "Bo Before", "09:00")
    dragged(board, 15 * 60, 16 * 60)
    expect(board.get_by_label("From")).to_have_value("15:00")
    board.get_by_label("Reason").fill("The accountant")
    press_on(board, "Block this time")
    expect(board.locator(".is-blocked", has_text="Blocked").first).to_be_visible()


def test_a_click_in_open_time_books_there_and_enter_at_its_start(board: Page, demo_site: DemoSite) -> None:
    day = "2027-04-15"
    board.goto(f"{demo_site.url}/workspace/day/?day={day}")
    expect(board.locator("[data-ready]")).to_be_visible()
    with board.expect_navigation():
        board.mouse.click(*x_of(board, 11 * 60 + 5))
    expect(board.get_by_label("Day and time")).to_have_value(f"{day}T11:00")
    expect(board.get_by_label("With whom")).to_have_value("tess")
    board.go_back()
    expect(board.locator("[data-ready]")).to_be_visible()
    link = board.locator(f"{LANE} [data-open] a").first
    named = link.get_attribute("href")
    with board.expect_navigation():
        link.press("Enter")
    assert board.url == f"{demo_site.url}{named}"


def test_a_booking_made_elsewhere_appears_and_the_focus_stays(board: Page, demo_site: DemoSite) -> None:
    slot = opened(board, demo_site, "Fay Focus", "12:00")
    slot.get_by_role("link").focus()
    demo_site.run(BOOKED.format(day=DAY, at="16:15", name="Elsa Where"))
    expect(board.locator("[data-movable]", has_text="Elsa Where")).to_be_visible()
    expect(board.locator("[data-movable]", has_text="Fay Focus").get_by_role("link")).to_be_focused()
