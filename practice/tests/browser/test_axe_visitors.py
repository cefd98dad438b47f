"""The pages that anybody may see: nothing axe objects to, nothing too wide, nothing from elsewhere."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.template.loader import render_to_string
from playwright.sync_api import Page

from practice.tests.browser.demo_site import DemoSite, code_in, link_in
from practice.tests.browser.page_checks import PageChecker
from practice.tests.browser.steps import onward, press_on

pytestmark = [pytest.mark.browser, pytest.mark.processes, pytest.mark.long]

ARTICLES = """
from practice.models import Article
print(*Article.objects.values_list("slug", flat=True))
"""


def test_pages_for_everyone(checker: PageChecker, demo_site: DemoSite) -> None:
    for path in ("/", "/articles/", "/lessons/", "/privacy/", "/privacy/how-long/", "/book/"):
        checker.go(path)
    checker.go("/api/v1/docs")
    checker.go("/articles/?region=ribs", "articles-of-a-region")
    for slug in demo_site.run(ARTICLES).split():
        checker.go(f"/articles/{slug}/")
    checker.go("/lessons/let-the-floor-hold-you/", "lesson")
    checker.go("/lessons/let-the-floor-hold-you/floor/", "lesson-floor")


def test_booking(checker: PageChecker, demo_site: DemoSite, new_page: Callable[..., Page]) -> None:
    page = checker.page
    times = f"{demo_site.url}/book/first-session/?with=tess&tz=America/Denver"
    checker.go("/book/first-session/?tz=America/Denver", "times")
    checker.go("/book/first-session/?tz=Asia/Tokyo", "times-elsewhere")
    page.goto(times)
    onward(page.locator("a.day").nth(6))
    quicker = new_page()  # somebody is quicker
    quicker.goto(page.url)
    onward(quicker.locator("button.time").first)
    onward(page.locator("button.time").first)
    checker.look("time-gone")
    press_on(quicker, "Choose another time")
    onward(page.locator("button.time").first)
    checker.look("details")
    press_on(page, "Book ")
    checker.look("details-with-mistakes")
    kept = page.url
    press_on(page, "Choose another time")
    page.goto(kept)
    checker.look("details-over")
    page.goto(times)
    onward(page.locator("a.day").nth(6))
    page.evaluate("document.querySelector('button.time').value = '2020-01-06T09:00:00+00:00'")
    onward(page.locator("button.time").first)
    checker.look("refused")


def test_an_appointment(checker: PageChecker, demo_site: DemoSite) -> None:
    page = checker.page
    page.goto(f"{demo_site.url}/book/session/?with=tess&tz=America/Denver")
    onward(page.locator("a.day").nth(8))
    onward(page.locator("button.time").first)
    page.get_by_label("Your name").fill("Vera Holm")
    page.get_by_label("Email").fill("vera.holm@example.org")
    page.get_by_label("I have read this").check()
    press_on(page, "Book ")
    checker.look("booked")
    path = link_in(demo_site.letter("vera.holm@example.org", "Booked"), "/appointments/").removeprefix(
        demo_site.url
    )
    checker.go(path, "appointment")
    checker.go(f"{path}move/", "move")
    page.evaluate("document.querySelector('button.time').value = '2020-01-06T09:00:00+00:00'")
    onward(page.locator("button.time").first)
    checker.look("not-moved")
    page.goto(f"{demo_site.url}{path}move/")
    onward(page.locator("button.time").last)
    checker.look("move-asked")
    press_on(page, "Move appointment")
    checker.look("moved")
    checker.go(f"{path}cancel/", "cancel")
    press_on(page, "Cancel appointment")
    checker.look("cancelled")


def test_waiting_for_a_time(checker: PageChecker, demo_site: DemoSite) -> None:
    page, waits = checker.page, "willa@example.org"
    checker.go("/book/session/wait/", "wait")
    press_on(page, "Join the waitlist")
    checker.look("wait-with-mistakes")
    page.get_by_label("Your name").fill("Willa Reis")
    page.get_by_label("Email").fill(waits)
    page.get_by_label("I agree to the cancellation policy").check()
    press_on(page, "Join the waitlist")
    checker.look("wait-done")
    wish = link_in(demo_site.letter(waits, "You’re on our waitlist"), "/waiting/")
    # Her own wish: those of the demo may have been offered something by what other tests cancel.
    checker.go(demo_site.call("offer", waits).removeprefix(demo_site.url), "offer")
    press_on(page, "No, thanks")
    checker.look("offer-declined")
    checker.go(wish.removeprefix(demo_site.url), "wish")
    press_on(page, "Leave the waitlist")
    checker.look("wish-left")
    checker.go("/embed/book/session/?tz=America/Denver", "embedded-times")


def test_who_may_open_which_page(checker: PageChecker, demo_site: DemoSite) -> None:
    page, dora = checker.page, demo_site.call("newcomer", "Dora Kern")
    checker.go("/accounts/login/", "sign-in")
    press_on(page, "Continue")
    checker.look("sign-in-with-mistakes")
    checker.go("/accounts/login/code/", "sign-in-by-code")
    checker.go("/accounts/signup/", "sign-up")
    press_on(page, "Continue")
    checker.look("sign-up-with-mistakes")
    checker.go("/accounts/password/reset/", "password-reset")
    page.get_by_label("Your email address").fill(dora)
    press_on(page, "Send code")
    checker.look("password-reset-code")
    page.get_by_label("Code", exact=True).fill(code_in(demo_site.letter(dora, "code")))
    press_on(page, "Continue")
    press_on(page, "Save password")
    checker.look("new-password-with-mistakes")
    page.get_by_label("New password", exact=True).fill("lying on a wooden floor")
    page.get_by_label("New password again").fill("lying on a wooden floor")
    press_on(page, "Save password")
    checker.look("new-password-done")
    checker.go("/enter/nothing/", "dead-link")


def test_errors(checker: PageChecker, demo_site: DemoSite) -> None:
    page = checker.page
    page.route(
        f"{demo_site.url}/made/*",  # hard to bring about without breaking something
        lambda route: route.fulfill(
            body=render_to_string(route.request.url.rpartition("/")[2]), content_type="text/html"
        ),
    )
    for status in (403, 429, 500):
        checker.go(f"/made/{status}.html", f"error-{status}")
    checker.go("/nothing/", "error-404")
    checker.go("/?what=%00", "error-400")
    page.goto(f"{demo_site.url}/accounts/login/")
    page.evaluate("document.querySelector('main form [name=csrfmiddlewaretoken]').value = 'stale'")
    press_on(page, "Continue")
    checker.look("error-403-stale")
