"""The intake in a real browser: a script saves as one goes and loses nothing; without one a button saves."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from practice.tests.browser.conftest import PATIENT, manage
from practice.tests.processes.up_runner import Up, running

pytestmark = [pytest.mark.browser, pytest.mark.once]
WORDS = "Kneeling in the garden."
SIGNS = ("saddle", "bladder", "fever", "fall", "weight", "night")
A_FIRST_BOOKING = """
import uuid
from django.utils import timezone
from booking import calendar
from booking.actions.book import Attendee, book
from booking.links import intake_path
from booking.models import Intake, SessionType
from practice.models import Practitioner

now, tess = timezone.now(), Practitioner.objects.get(slug="tess")
kind = SessionType.objects.get(slug="first-session")
slot = calendar.alternatives(kind, [tess], near=now + timezone.timedelta(days=9), now=now, count=1)[0]
who = Attendee(name="Vera Holm", email=f"{uuid.uuid4().hex}@example.org")
made = book(kind, practitioners=[tess], start=slot.start, attendee=who, consent=True, now=now)
print(intake_path(Intake.objects.get(appointment=made)))
"""


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Up]:
    """The demo as `make run` starts it."""
    with running(
        tmp_path_factory.mktemp("house"), migrated=True, DEMO="1", DATABASE_URL="", RATE_LIMITS="off"
    ) as up:
        yield up.start().ready()


@pytest.fixture
def intake(house: Up) -> str:
    """The link in the letter of somebody who has just booked; another one for each test."""
    return house.url + manage(house, "shell", "-v", "0", "-c", A_FIRST_BOOKING).split()[-1]


@pytest.fixture(params=[True, False], ids=["with a script", "without"])
def page(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    with browser.new_context(java_script_enabled=request.param) as context:
        page = context.new_page()
        page.set_default_timeout(PATIENT)
        yield page


@pytest.fixture
def scripted(browser: Browser) -> Iterator[Page]:
    with browser.new_context() as context:
        page = context.new_page()
        page.set_default_timeout(PATIENT)
        yield page


def go_on(page: Page, to: str) -> None:
    page.get_by_role("button", name="Go on").click()
    page.wait_for_url(f"**/{to}/")


def saved(page: Page) -> None:
    expect(page.locator("[data-saved]")).to_have_text(re.compile(r"^Saved \d"))


def kept(page: Page) -> list[str]:
    """What this browser keeps of unsaved pages."""
    return [f"{name}: {words}" for name, words in page.evaluate("Object.entries(localStorage)")]


def at_change(page: Page, intake: str) -> None:
    """Begun, and at the third step."""
    page.goto(intake)
    page.get_by_role("button", name="Begin").click()
    page.wait_for_url("**/since/")
    page.goto(f"{intake}change/")


def test_from_the_letter_to_the_signature(page: Page, intake: str) -> None:
    page.goto(intake)
    page.get_by_role("button", name="Begin").click()
    page.wait_for_url("**/since/")
    page.get_by_label("For several years").check()
    go_on(page, "where")
    names = page.get_by_role("button", name="All places by name")
    if names.count():
        names.click()
    page.get_by_role("checkbox", name="Left knee").check()
    page.get_by_role("radiogroup", name="Left knee").get_by_label("a lot").check()
    go_on(page, "change")
    page.get_by_label("What makes it worse?").fill(WORDS)
    go_on(page, "care")
    page.get_by_label("Acupuncture").check()
    go_on(page, "signs")
    for sign in SIGNS:
        page.locator(f"[name={sign}][value={'yes' if sign == 'fever' else 'no'}]").check()
    expect(page.locator(".warnings__heed")).to_be_visible()  # at once, and without a script too
    go_on(page, "onward")
    expect(page.get_by_role("heading", level=1)).to_have_text("Please see a doctor first")
    page.get_by_role("link", name="I have read this").click()
    page.wait_for_url("**/goals/")
    page.locator("[name=goal_0]").fill("Tie my shoes")
    page.locator("[name=now_0][value='4']").check(force=True)
    go_on(page, "more")
    go_on(page, "consent")
    for box in page.get_by_role("checkbox").all():
        box.check()
    page.get_by_label("Your name").fill("Vera Holm")
    page.get_by_role("button", name="Sign and hand in").click()
    page.wait_for_url(intake)
    expect(page.get_by_role("heading", level=1)).to_have_text("It is with us. Thank you.")
    assert WORDS not in page.content()


def test_it_saves_itself_and_leaves_nothing_in_the_browser(scripted: Page, intake: str) -> None:
    at_change(scripted, intake)
    scripted.get_by_label("What makes it worse?").fill(WORDS)
    saved(scripted)
    go_on(scripted, "care")
    assert kept(scripted) == []
    scripted.goto(f"{intake}change/")
    expect(scripted.get_by_label("What makes it worse?")).to_have_value(WORDS)


def test_a_dropped_connection_loses_nothing(scripted: Page, intake: str) -> None:
    at_change(scripted, intake)
    scripted.context.set_offline(True)
    scripted.get_by_label("What makes it worse?").fill(WORDS)
    expect(scripted.locator("[data-saved]")).to_contain_text("No connection")
    (words,) = kept(scripted)
    assert re.match(r"intake-[0-9a-f]{32}-change: ", words)
    scripted.context.set_offline(False)
    saved(scripted)
    assert kept(scripted) == []


def test_a_browser_that_is_not_known_any_more_keeps_the_words_and_says_so(
    scripted: Page, intake: str
) -> None:
    at_change(scripted, intake)
    cookies = scripted.context.cookies()
    scripted.context.clear_cookies()
    scripted.get_by_label("What makes it worse?").fill(WORDS)
    expect(scripted.locator("[data-saved]")).to_contain_text("without signing in")
    assert len(kept(scripted)) == 1
    scripted.context.add_cookies(cookies)  # as after signing in on another tab
    saved(scripted)
    assert kept(scripted) == []


def test_another_tab_overwrites_nothing_and_says_so(scripted: Page, intake: str) -> None:
    at_change(scripted, intake)
    other = scripted.context.new_page()
    other.goto(f"{intake}change/")
    other.get_by_label("What makes it worse?").fill("From the other tab.")
    saved(other)
    scripted.get_by_label("What makes it worse?").fill(WORDS)
    expect(scripted.locator("[data-saved]")).to_contain_text("Another page has saved")
    other.reload()
    expect(other.get_by_label("What makes it worse?")).to_have_value("From the other tab.")
