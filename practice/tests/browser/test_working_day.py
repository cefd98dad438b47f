"""A whole working day of a practitioner, from the calendar in the morning to an email that failed.

In a real browser, with the practice's worker and a real mail server. It looks at what the pages say, and at
what is stored.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from practice.tests.browser.clicks import ClickCounter
from practice.tests.browser.demo_site import DemoSite
from practice.tests.browser.steps import follow, onward, press_on, sign_in_at_once
from practice.tests.browser.test_board import dragged, x_of
from practice.tests.processes.waiting import soon

pytestmark = [pytest.mark.browser, pytest.mark.processes]

MAKE = """
import json
from practice.tests.browser.working_day import make_day
print(json.dumps(make_day("{name}")))
"""
STORED = """
import json
from django.utils import timezone
from booking.models import Appointment
from practice.core.clock import zone_named
found = Appointment.objects.filter({which}).select_related("client", "practitioner", "session_type")
print(json.dumps([
    {{
        "name": one.attendee_name,
        "state": one.state,
        "start": one.starts_at.astimezone(zone_named("America/Denver")).strftime("%Y-%m-%dT%H:%M"),
        "with": one.practitioner.slug,
        "kind": one.session_type.slug,
        "phone": str(one.client.phone) if one.client else "",
    }}
    for one in found
]))
"""
MONEY = """
import json
from booking.models import LedgerEntry
found = LedgerEntry.objects.filter(appointment__uid="{uid}").order_by("pk")
print(json.dumps([[one.what, one.how, one.cents] for one in found]))
"""
CLOSED = """
from booking.models import Closure
print([str(one.first_day) for one in Closure.objects.filter(practitioner__slug="{slug}")])
"""
NAME = "Xenia Stone"
OWNER = "tess@juniper.example"
GONE = "550 5.1.1 no such mailbox"


class Day:
    """The browsers of the practitioner and of the owner, and who is expected."""

    def __init__(self, page: Page, owner: Page, demo_site: DemoSite, found: dict[str, Any]) -> None:
        self.page, self.owner, self.demo_site, self.found = page, owner, demo_site, found

    def name(self, first: str) -> str:
        """The whole name of somebody who comes."""
        return f"{first} {self.found['first']}"

    def open(self, path: str) -> None:
        """Open a page of the practice."""
        self.page.goto(self.demo_site.url + path)

    def stored(self, which: str) -> dict[str, str]:
        """The one appointment that fits, as it is stored."""
        (one,) = json.loads(self.demo_site.run(STORED.format(which=which)))
        return dict(one)

    def stored_as(self, known: str) -> dict[str, str]:
        """An appointment that was there in the morning, as it is stored now."""
        return self.stored(f"uid='{self.found[known]}'")

    def board(self) -> None:
        """Tomorrow's board of this practitioner."""
        self.open(f"/workspace/day/?day={self.found['tomorrow']}&with={self.found['slug']}")
        expect(self.page.locator("[data-ready]")).to_be_visible()


@pytest.fixture
def day(new_page: Callable[..., Page], demo_site: DemoSite) -> Iterator[Day]:
    found = json.loads(demo_site.run(MAKE.format(name=NAME)))
    page, owner = (new_page(viewport={"width": 1280, "height": 900}) for _ in range(2))
    for one, email in ((page, found["email"]), (owner, OWNER)):
        one.on("pageerror", lambda error: pytest.fail(str(error)))
        sign_in_at_once(one, demo_site, email)
    yield Day(page, owner, demo_site, found)
    demo_site.post.rcpt_answer = lambda _address: "250 ok"


def opens_on_the_week(day: Day) -> None:
    """The week is what this practitioner has chosen to see first."""
    day.open("/workspace/week/")
    press_on(day.page, "Open the week first on a computer")
    day.open("/workspace/first/")
    expect(day.page).to_have_url(re.compile("/workspace/week/"))
    expect(day.page.locator("[data-appointment]", has_text="Dora")).to_be_visible()


def books_a_caller(day: Day) -> None:
    """Three clicks from the week: an empty time, the caller by a phone number, Book."""
    page = day.page
    counter = ClickCounter(page)
    page.reload()
    expect(page.locator("[data-ready]")).to_be_visible()
    lane = f'[data-lane][data-day="{day.found["tomorrow"]}"]'
    with page.expect_navigation():
        page.mouse.click(*x_of(page, 8 * 60 + 5, lane))
    page.get_by_label("Name, phone, or email", exact=True).fill("(303) 555 0147")
    onward(page.locator("#whom-found").get_by_role("button", name="Cora"))
    expect(page.get_by_label("With whom")).to_have_value(day.found["slug"])
    press_on(page, "Book$")
    expect(page.get_by_role("heading", level=1)).to_have_text(day.name("Cora"))
    assert counter.clicks == 3
    made = day.stored(f"attendee_name='{day.name('Cora')}', starts_at__gt=timezone.now()")
    assert (made["start"], made["kind"]) == (f"{day.found['tomorrow']}T08:00", day.found["kind"])


def takes_a_walk_in(day: Day) -> None:
    """A new person comes in: today's first available time, with a name and a phone number."""
    page = day.page
    follow(page, "Book someone")
    press_on(page, "New client")
    page.get_by_label("Name", exact=True).fill(day.name("Wanda"))
    page.get_by_label(re.compile("^Phone")).fill("303-555-0199")
    onward(page.locator("button.time").first)
    press_on(page, "Book$")
    expect(page.get_by_role("heading", level=1)).to_have_text(day.name("Wanda"))
    made = day.stored(f"attendee_name='{day.name('Wanda')}'")
    assert (made["state"], made["with"], made["phone"]) == ("booked", day.found["slug"], "+13035550199")


def moves_one_by_hand(day: Day) -> None:
    """Dora from two to half past three: nothing is written before it was looked at."""
    day.board()
    dragged(day.page, 14 * 60 + 30, 16 * 60, "[data-lane][data-with]")
    expect(day.page.get_by_role("heading", level=1)).to_have_text("Move to this time?")
    assert day.stored_as("dragged")["start"].endswith("T14:00")
    press_on(day.page, "Move appointment")
    moved = day.page.locator("[data-movable]", has_text="Dora")
    expect(moved).to_have_attribute("data-start", f"{day.found['tomorrow']}T15:30")
    assert day.stored_as("dragged")["start"].endswith("T15:30")


def moves_one_by_keyboard(day: Day) -> None:
    """Kay an hour later, without a pointer."""
    page = day.page
    day.board()
    page.locator("[data-movable]", has_text="Kay").get_by_role("link").focus()
    page.keyboard.press("m")
    page.keyboard.press("Shift+ArrowRight")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    page.get_by_role("button", name="Move appointment").focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.locator("[data-movable]", has_text="Kay")).to_be_visible()
    assert day.stored_as("keyed")["start"].endswith("T18:00")


def notes_a_no_show(day: Day) -> None:
    """Nora did not come, and the fee of the policy is charged."""
    page = day.page
    follow(page, "Today")
    onward(page.get_by_role("link", name=re.compile("Wrap up.*Nora")).first)
    page.get_by_label("Nora did not come").check()
    press_on(page, "Sign and finish")
    day.open("/workspace/")
    expect(page.get_by_text("Did not come.")).to_be_visible()
    assert day.stored_as("missed")["state"] == "no_show"


def wraps_up_with_a_payment(day: Day) -> None:
    """Paul paid in cash; his receipt is a PDF."""
    page, uid = day.page, day.found["came"]
    onward(page.get_by_role("link", name=re.compile("Wrap up.*Paul")).first)
    page.get_by_label("Paul came").check()
    page.get_by_label("Foundation").fill("The left hip is quieter.")
    page.get_by_label("Cash").check()
    page.get_by_label("No emails for Paul").check()
    press_on(page, "Sign and finish")
    expect(page.get_by_label("Foundation")).to_have_count(0)
    day.open(f"/workspace/appointments/{uid}/payments/")
    press_on(page, "Make receipt")
    link = page.get_by_role("link", name=re.compile("^Receipt"))
    receipt = page.request.get(day.demo_site.url + str(link.get_attribute("href")))
    assert (receipt.headers["content-type"], receipt.body()[:5]) == ("application/pdf", b"%PDF-")
    assert json.loads(day.demo_site.run(MONEY.format(uid=uid))) == [["payment", "cash", 9500]]
    assert day.stored_as("came")["state"] == "completed"


def closes_a_day(day: Day) -> None:
    """Away the day after tomorrow: Bea, who is booked then, is named before anything is saved."""
    page = day.page
    follow(page, "Today")
    follow(page, "Sick or away")
    page.get_by_label("First day").fill(day.found["day_off"])
    press_on(page, "See who is booked")
    expect(page.locator(".people--off")).to_contain_text(day.name("Bea"))
    assert day.demo_site.run(CLOSED.format(slug=day.found["slug"])) == "[]"
    press_on(page, "Close this day")
    expect(page.get_by_text("One person is still booked.")).to_be_visible()
    assert day.demo_site.run(CLOSED.format(slug=day.found["slug"])) == f"['{day.found['day_off']}']"
    assert day.stored_as("closed")["state"] == "booked"
    page.get_by_label(f"Decision for {day.name('Bea')}").select_option("cancel")
    press_on(page, "Preview emails")
    press_on(page, "Confirm and send emails")
    assert day.stored_as("closed")["state"] == "cancelled"


def corrects_the_address(owner: Page, failed: str, address: str) -> None:
    """The owner alone may: from the page of the failed email to the client's address."""
    owner.goto(failed)
    follow(owner, "Correct the address")
    owner.get_by_label(re.compile("^Email")).fill(address)
    press_on(owner, "Save")
    expect(owner.get_by_text("Saved.")).to_be_visible()


def hears_of_a_failed_email(day: Day) -> None:
    """Bea's mailbox refused the news: Today says so, and what to do; by another address it arrives."""
    page, post, bea = day.page, day.demo_site.post, f"bea@{day.found['slug']}.example"
    assert post.wait_until(lambda: bea in post.asked_for, 60)
    failed = page.locator("aside.needs li", has_text=day.name("Bea"))

    def is_told() -> bool:
        day.open("/workspace/")
        return failed.count() > 0

    assert soon(is_told, 60)
    expect(failed).to_contain_text("An email failed")
    expect(failed.get_by_role("link", name="303 555 0148")).to_be_visible()
    onward(failed.get_by_role("link", name=re.compile("^Open")))
    expect(page.get_by_text(f"Please call {day.name('Bea')}")).to_be_visible()
    expect(page.get_by_role("button", name="Send again")).to_have_count(0)
    corrects_the_address(day.owner, page.url, f"new.{bea}")
    page.reload()
    press_on(page, "Send again")
    assert day.demo_site.letter(f"new.{bea}", "Canceled")
    day.open("/workspace/")
    expect(failed).to_have_count(0)


def test_a_whole_working_day(day: Day) -> None:
    opens_on_the_week(day)
    books_a_caller(day)
    takes_a_walk_in(day)
    moves_one_by_hand(day)
    moves_one_by_keyboard(day)
    notes_a_no_show(day)
    wraps_up_with_a_payment(day)
    day.demo_site.post.rcpt_answer = lambda address: GONE if address.startswith("bea@") else "250 ok"
    closes_a_day(day)
    hears_of_a_failed_email(day)
