"""The journeys of booking, page by page with letters that really leave, with a script and without.

Each by people of its own (`sample_people.py`), who come to a practitioner of their own.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from practice.tests.browser.demo_site import DemoSite, calendar_of, link_in, text_of
from practice.tests.browser.sample_people import WAYS
from practice.tests.browser.steps import follow, onward, press, use_session
from practice.tests.sampling import proof_only

pytestmark = [pytest.mark.browser, pytest.mark.processes, pytest.mark.long]

GATHER = (
    "import json; from practice.tests.browser.sample_people import make_all; print(json.dumps(make_all()))"
)
#: For stories that another file tells with a script already.
MOSTLY_WITHOUT = [pytest.param("with a script", marks=proof_only), "without"]
NEW_TEXT = "I come of my own accord, and say so when I would rather stop. {words}"


class Story:
    """One way of reading pages: its practitioner, the people who come, and a browser for each of them."""

    def __init__(self, demo_site: DemoSite, browser: Browser, way: str, found: dict[str, Any]) -> None:
        self.demo_site, self.found, self._browser = demo_site, found, browser
        self._scripts = way == "with a script"
        self._contexts: list[Any] = []

    def page(self, signed_in: str = "") -> Page:
        """A browser nobody used before, or one in which somebody has signed in."""
        context = self._browser.new_context(java_script_enabled=self._scripts)
        self._contexts.append(context)
        page = context.new_page()
        if signed_in:
            use_session(page, self.demo_site, self.found["signed_in"][signed_in])
        return page

    def address(self, name: str) -> str:
        """The address of one of the people who come."""
        return f"{name}@{self.found['slug']}.example"

    def letter(self, name: str, subject: str) -> Any:
        """The letter to one of them, as soon as it is there."""
        return self.demo_site.letter(self.address(name), subject)

    def end(self) -> None:
        """Close what was opened."""
        for context in self._contexts:
            context.close()


@pytest.fixture(scope="module")
def companies(practice_of_all: DemoSite) -> dict[str, Any]:
    """Everybody the stories are about, made in one go."""
    return dict(json.loads(practice_of_all.run(GATHER)))


@pytest.fixture(params=list(WAYS))
def story(
    demo_site: DemoSite, browser: Browser, companies: dict[str, Any], request: pytest.FixtureRequest
) -> Iterator[Story]:
    """A way of reading pages; another practitioner for each."""
    found = Story(demo_site, browser, request.param, companies[request.param])
    yield found
    found.end()


def heading(page: Page, words: str) -> None:
    """The page is there, and says this first."""
    expect(page.get_by_role("heading", level=1)).to_have_text(words)


def chooses_a_time(page: Page, *, day: int = 3) -> None:
    """One of the days that have times, and the first time of it."""
    onward(page.locator("a.day").nth(day))
    page.locator("button.time").first.click()


@pytest.mark.parametrize("story", MOSTLY_WITHOUT, indirect=True)  # test_first_visit.py moves and cancels
def test_moved_canceled_and_brought_back_by_the_emails_link(story: Story) -> None:
    page = story.page()
    page.goto(link_in(story.letter("mara", "Booked"), "/appointments/"))
    follow(page, "Move appointment")
    expect(page.locator(".policy li")).to_have_count(3)
    chooses_a_time(page)
    expect(page.get_by_role("heading", level=1)).to_contain_text("Move from")
    press(page, "Move appointment")
    heading(page, "Your appointment has been moved.")
    story.letter("mara", "Moved to")  # it has left: later news would stand for it
    follow(page, "Cancel appointment")
    heading(page, "Cancel this appointment?")
    expect(page.locator(".policy li").first).to_contain_text("no charge")
    press(page, "Cancel appointment")
    heading(page, "This appointment is canceled")
    story.letter("mara", "Canceled")  # it too: so another one says that it stands
    press(page, "Undo cancellation")
    heading(page, "Your appointment is back on.")

    letters = [story.letter("mara", words) for words in ("Booked", "Moved to", "Canceled", "Back on")]
    files = [calendar_of(letter) for letter in letters]
    assert [re.search(r"SEQUENCE:(\d)", one)[1] for one in files] == ["0", "1", "2", "3"]
    assert [re.search(r"METHOD:(\w+)", one)[1] for one in files] == [
        "REQUEST",
        "REQUEST",
        "CANCEL",
        "REQUEST",
    ]
    assert len({re.search(r"UID:(\S+)", one)[1] for one in files}) == 1


def test_one_request_is_approved_and_another_declined(story: Story) -> None:
    page, desk = story.page(), story.page("desk")
    page.goto(f"{story.demo_site.url}/book/long-look/?with={story.found['slug']}&tz=America/Denver")
    chooses_a_time(page)
    page.get_by_label("Your name").fill("Nora Lind")
    page.get_by_label("Email").fill(story.address("nora"))
    page.get_by_label("I have read this").check()
    press(page, "Request ")
    heading(page, "Request sent.")
    assert "text/calendar" not in {
        part.get_content_type() for part in story.letter("nora", "Request received").walk()
    }

    desk.goto(
        link_in(story.demo_site.letter(story.found["desk"], "New request: Nora"), "/workspace/appointments/")
    )
    desk.get_by_label("Add a note").fill("Bring the long socks.")
    press(desk, "Approve and email the client")
    confirmation = story.letter("nora", "Booked")
    assert "METHOD:REQUEST" in calendar_of(confirmation)
    assert "Bring the long socks." in text_of(confirmation)

    desk.goto(f"{story.demo_site.url}/workspace/")
    desk.locator(f"a[href*='{story.found['request']}']", has_text="decline").click()
    press(desk, "Decline and email the client")
    expect(desk.get_by_text("Declined. We’ve emailed the client.")).to_be_visible()
    page.goto(link_in(story.letter("dina", "Request received"), "/appointments/"))
    heading(page, "This request was declined")
    story.letter("dina", "Not booked")


@pytest.mark.parametrize("story", MOSTLY_WITHOUT, indirect=True)  # test_keyboard.py waits, and takes an offer
def test_a_freed_time_goes_to_the_next_after_a_no(story: Story) -> None:
    page = story.page()
    page.goto(f"{story.demo_site.url}/book/quiet-hour/wait/?with={story.found['slug']}&tz=America/Denver")
    page.get_by_label("Your name").fill("Una Weiss")
    page.get_by_label("Email").fill(story.address("una"))
    page.get_by_label("I agree to the cancellation policy").check()
    press(page, "Join the waitlist")
    heading(page, "You’re on the waitlist.")

    page.goto(link_in(story.letter("gil", "Booked"), "/appointments/"))
    follow(page, "Cancel appointment")
    press(page, "Cancel appointment")
    heading(page, "This appointment is canceled")

    page.goto(link_in(story.letter("fay", "A time opened up"), "/offers/"))
    press(page, "No, thanks")
    heading(page, "You declined this offer")
    page.goto(link_in(story.letter("una", "A time opened up"), "/offers/"))
    press(page, "Book ")
    heading(page, "You’re booked.")
    assert "METHOD:REQUEST" in calendar_of(story.letter("una", "Booked"))


def test_the_same_again_in_two_clicks_and_then_week_by_week(story: Story) -> None:
    page = story.page("rosa")
    page.goto(f"{story.demo_site.url}/portal/appointments/")
    page.locator("#again button.time").first.click()
    expect(page.get_by_label("Email")).to_have_count(0)
    press(page, "Book ")
    heading(page, "You’re booked.")

    page.goto(f"{story.demo_site.url}/portal/appointments/series/quiet-hour/?with={story.found['slug']}")
    onward(page.locator(f"a.day[href*='{story.found['weekly']}']"))
    page.get_by_label("How many").select_option("4")
    page.get_by_role("button", name=re.compile("^2:00 PM")).click()
    heading(page, "Check your sessions")
    expect(page.get_by_text("3 of 4 are available")).to_be_visible()
    expect(page.locator(".series__why")).to_have_count(1)  # Ivo's hour, before anything is booked
    press(page, "Book these sessions")
    expect(page.get_by_text("Booked: 3 sessions.")).to_be_visible()
    page.locator("main a", has_text="Cancel appointment").last.click()
    heading(page, "Cancel this appointment?")
    files = [part for part in story.letter("rosa", "Booked: 3 sessions").walk() if part.get_filename()]
    assert len(files) == 3


def test_a_package_is_sold_and_pays_for_a_session(story: Story) -> None:
    desk, page = story.page("desk"), story.page("pia")
    packages = f"{story.demo_site.url}/workspace/clients/{story.found['pia']}/packages/"
    desk.goto(packages)
    desk.get_by_label("Number of sessions").fill("5")
    desk.get_by_label("Total price").fill("425")
    press(desk, "Add package")
    expect(desk.get_by_role("heading", name="5 of 5 left")).to_be_visible()

    page.goto(f"{story.demo_site.url}/book/quiet-hour/?with={story.found['slug']}&tz=America/Denver")
    chooses_a_time(page, day=5)
    expect(page.get_by_text("This uses 1 of the 5 sessions left in your package.")).to_be_visible()
    page.get_by_label("I have read this").check()
    press(page, "Book ")
    heading(page, "You’re booked.")
    desk.goto(packages)
    expect(desk.get_by_role("heading", name="4 of 5 left")).to_be_visible()


def test_a_text_is_signed_by_name_and_asked_for_again_when_it_changes(story: Story) -> None:
    page, desk = story.page("kim"), story.page("desk")
    signs(page, story, "Kim")
    expect(page.get_by_text("You’ve signed both.")).to_be_visible()

    desk.goto(f"{story.demo_site.url}/workspace/settings/consent/")
    desk.get_by_label("Text for clients to sign").first.fill(NEW_TEXT.format(words=story.found["slug"]))
    desk.get_by_role("button", name="Publish").first.click()
    expect(desk.get_by_text("Published.")).to_be_visible()

    page.reload()
    expect(page.get_by_text("The text has changed since you signed")).to_be_visible()
    signs(page, story, "Kim")
    expect(page.get_by_text("You’ve signed both.")).to_be_visible()
    expect(page.get_by_text(NEW_TEXT.format(words=story.found["slug"]))).to_be_visible()


def signs(page: Page, story: Story, name: str) -> None:
    """Every text that is asked for, and the name typed out."""
    page.goto(f"{story.demo_site.url}/portal/consent/")
    for box in page.get_by_role("checkbox").all():
        box.check()
    page.get_by_label("Your name").fill(name)
    page.get_by_role("button", name="Sign", exact=True).click()
