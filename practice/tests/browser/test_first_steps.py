"""From an empty database to the first booking by a stranger, in a real browser with emails that really leave.

A practice of its own, which was never a demo: its owner has the link in the terminal, and nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from practice.tests.browser.demo_site import DemoSite, link_in, open_new_site, text_of
from practice.tests.browser.steps import follow, onward, press_on, sign_in_by_code, use_second_factor
from practice.tests.processes.shifted_clock import Shift

pytestmark = [pytest.mark.browser, pytest.mark.processes, pytest.mark.long]

OWNER, STRANGER = "june@willow.example", "ana.reyes@example.org"
HEADLINE = "Come in, and put the day down"
STANDFIRST = "We work quietly. We take our time."
BOOKED = """
from booking.models import Appointment
for one in Appointment.objects.all():
    print(one.state, one.attendee_name, one.session_type.name, one.minutes, one.price_cents, one.practitioner)
"""


@pytest.fixture(scope="module")
def willow(tmp_path_factory: pytest.TempPathFactory, clock: Shift) -> Iterator[DemoSite]:
    """A practice with an empty database, and a mail server."""
    with open_new_site(tmp_path_factory.mktemp("willow"), clock) as site:
        yield site


@pytest.fixture
def owner(new_page: Callable[..., Page]) -> Page:
    page = new_page(viewport={"width": 1280, "height": 900})
    page.on("pageerror", lambda error: pytest.fail(str(error)))
    return page


TOMORROW = """
from booking.letters.digest import words_when_due
from practice.models import Letter
one = Letter.objects.get(kind="digest")
print(one.state, "Ana Reyes booked" if "Ana Reyes booked:" in words_when_due(one, one.due_at).text else "")
"""


def begins(owner: Page, willow: DemoSite) -> None:
    """By the link that the first start printed; then a second factor."""
    owner.goto(re.search(r"http\S+/set-up/\S+", willow.up.said)[0])
    owner.get_by_label("Your name").fill("June Park")
    owner.get_by_label("Your email address").fill(OWNER)
    owner.get_by_label("Name of the practice").fill("Willow Lane")
    press_on(owner, "Set up")
    use_second_factor(owner, willow)


def on_today(owner: Page, willow: DemoSite, done: int) -> None:
    """The list is on Today, with so many steps done."""
    owner.goto(f"{willow.url}/workspace/")
    expect(owner.locator(".first-steps")).to_contain_text(f"{done} of 8 done.")


def step(owner: Page, willow: DemoSite, name: str) -> None:
    """Follow a step of the list to its page."""
    owner.goto(f"{willow.url}/workspace/")
    onward(owner.locator(".first-steps").get_by_role("link", name=name, exact=True))


def says_who_they_are(owner: Page, willow: DemoSite) -> None:
    """The phone number, the address and the email address that emails come from."""
    step(owner, willow, "Name and phone number")
    owner.get_by_label(re.compile("^Address")).fill("12 Willow Lane\nDenver, Colorado")
    owner.get_by_label(re.compile("^Phone")).fill("303 555 0199")
    owner.get_by_label(re.compile("^Email")).fill("hello@willow.example")
    press_on(owner, "Save")


def opens_the_week(owner: Page, willow: DemoSite) -> None:
    """Monday is typed, and copied to the other workdays."""
    step(owner, willow, "Hours")
    owner.get_by_label("Monday, from").fill("9:00 AM")
    owner.get_by_label("Monday, to").fill("5:00 PM")
    with owner.expect_response(lambda answer: answer.request.method == "POST"):
        owner.get_by_role("button", name="Copy to these days").click()
    expect(owner.get_by_label("Friday, to")).to_have_value("5:00 PM")
    press_on(owner, "Save hours")


def adds_a_service(owner: Page, willow: DemoSite) -> None:
    """Its name, length, price and what it is."""
    step(owner, willow, "Services")
    follow(owner, "Add a service")
    owner.get_by_label(re.compile("^Name")).fill("First session")
    owner.get_by_label(re.compile("^Description")).fill("We talk, we look, and we begin.")
    owner.get_by_label("Length, in minutes").fill("75")
    owner.get_by_label(re.compile("^Price")).fill("$95.00")
    press_on(owner, "Save")


def writes_a_text(owner: Page, willow: DemoSite) -> None:
    """What strangers read first."""
    step(owner, willow, "Text for your home page")
    owner.get_by_label(re.compile("^Headline")).fill(HEADLINE)
    owner.get_by_label("About the practice, in two sentences").fill(STANDFIRST)
    press_on(owner, "Save")


def sees_an_email_arrive(owner: Page, willow: DemoSite) -> None:
    """Only the link in an email that really arrived does this step."""
    owner.goto(f"{willow.url}/workspace/")
    press_on(owner, "Send me a test email")
    letter = willow.letter(OWNER, "Test email")
    assert "hello@willow.example" in letter["From"]
    owner.goto(link_in(letter, "/test-email/"))
    press_on(owner, "It arrived")
    expect(owner.get_by_role("heading", level=1)).to_have_text("Your email works")


def confirms_a_copy(owner: Page, willow: DemoSite) -> None:
    """Nothing here can see a backup, so the owner says it."""
    owner.goto(f"{willow.url}/workspace/")
    owner.get_by_text("What to copy").click()
    expect(owner.locator(".first-steps__copies")).to_contain_text(str(willow.var))
    press_on(owner, "Everything was copied today")


def looks_around(stranger: Page, willow: DemoSite) -> None:
    """The home page in the owner's words; the doctor's page and the lesson, which nobody had to write."""
    stranger.goto(willow.url)
    expect(stranger.get_by_role("heading", level=1)).to_have_text(HEADLINE)
    expect(stranger.get_by_text(STANDFIRST).first).to_be_visible()
    stranger.goto(f"{willow.url}/articles/when-to-see-a-doctor-first/")
    expect(stranger.get_by_text(re.compile("Call 911")).first).to_be_visible()
    follow(stranger, "Free lesson")
    onward(stranger.get_by_role("main").locator("a[href^='/lessons/']").first)
    expect(stranger.locator("audio")).to_be_attached()


def books(stranger: Page, willow: DemoSite) -> None:
    """As a guest; the email is on its way at once."""
    follow(stranger, "Book a time")
    onward(stranger.get_by_role("link", name="First session"))
    onward(stranger.locator("a.day").nth(2))
    onward(stranger.locator("button.time").first)
    stranger.get_by_label("Your name").fill("Ana Reyes")
    stranger.get_by_label("Email").fill(STRANGER)
    stranger.get_by_label("I have read this").check()
    press_on(stranger, "Book ")
    expect(stranger.get_by_role("heading", level=1)).to_have_text("You’re booked.")
    letter = willow.letter(STRANGER, "Booked")
    assert "303" in text_of(letter)
    assert link_in(letter, "/appointments/").startswith(willow.url)


def signs_in(stranger: Page, willow: DemoSite) -> None:
    """By a code from an email: the session is there, and ten exercises are."""
    sign_in_by_code(stranger, willow, STRANGER)
    stranger.goto(f"{willow.url}/portal/appointments/")
    expect(stranger.get_by_role("main")).to_contain_text("First session")
    stranger.goto(f"{willow.url}/portal/exercises/")
    assert stranger.locator("main a[href^='/portal/exercises/']").count() >= 10


def test_from_an_empty_database_to_a_strangers_first_booking(
    owner: Page, new_page: Callable[..., Page], willow: DemoSite
) -> None:
    begins(owner, willow)
    on_today(owner, willow, 0)
    says_who_they_are(owner, willow)
    opens_the_week(owner, willow)
    adds_a_service(owner, willow)
    writes_a_text(owner, willow)
    sees_an_email_arrive(owner, willow)
    confirms_a_copy(owner, willow)
    on_today(owner, willow, 6)

    stranger = new_page(viewport={"width": 390, "height": 844})
    looks_around(stranger, willow)
    books(stranger, willow)
    signs_in(stranger, willow)

    assert willow.run(BOOKED) == "booked Ana Reyes First session 75 9500 June Park"
    assert willow.run(TOMORROW) == "planned Ana Reyes booked"
    on_today(owner, willow, 7)
    open_steps = owner.locator(".first-steps__open").filter(has_not_text="(optional)")
    expect(open_steps).to_have_count(1)
    expect(open_steps).to_contain_text("A web address that people can reach")
    expect(owner.locator(".first-steps")).to_contain_text("ten exercises")
