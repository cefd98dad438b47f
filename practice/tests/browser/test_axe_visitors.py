"""The pages that anybody may see: nothing axe objects to, nothing too wide, nothing from elsewhere."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.template.loader import render_to_string
from playwright.sync_api import Page

from practice.tests.browser.looking import Looker
from practice.tests.browser.steps import onward, press_on
from practice.tests.browser.town import Town, code_in, link_in

pytestmark = [pytest.mark.browser, pytest.mark.processes, pytest.mark.long]

ARTICLES = """
from practice.models import Article
print(*Article.objects.values_list("slug", flat=True))
"""


def test_pages_for_everybody(looker: Looker, town: Town) -> None:
    for path in ("/", "/articles/", "/lessons/", "/privacy/", "/book/", "/api/v1/docs"):
        looker.go(path)
    looker.go("/articles/?region=ribs", "articles-of-a-region")
    for slug in town.run(ARTICLES).split():
        looker.go(f"/articles/{slug}/")
    looker.go("/lessons/let-the-floor-hold-you/", "lesson")
    looker.go("/lessons/let-the-floor-hold-you/floor/", "lesson-floor")


def test_booking(looker: Looker, town: Town, new_page: Callable[..., Page]) -> None:
    page = looker.page
    times = f"{town.url}/book/first-session/?with=tess&tz=America/Denver"
    looker.go("/book/first-session/?tz=America/Denver", "times")
    looker.go("/book/first-session/?tz=Asia/Tokyo", "times-elsewhere")
    page.goto(times)
    onward(page.locator("a.day").nth(6))
    quicker = new_page()  # somebody is quicker
    quicker.goto(page.url)
    onward(quicker.locator("button.time").first)
    onward(page.locator("button.time").first)
    looker.look("time-gone")
    press_on(quicker, "Choose another time")
    onward(page.locator("button.time").first)
    looker.look("details")
    press_on(page, "Book ")
    looker.look("details-with-mistakes")
    kept = page.url
    press_on(page, "Choose another time")
    page.goto(kept)
    looker.look("details-over")
    page.goto(times)
    onward(page.locator("a.day").nth(6))
    page.evaluate("document.querySelector('button.time').value = '2020-01-06T09:00:00+00:00'")
    onward(page.locator("button.time").first)
    looker.look("refused")


def test_an_appointment(looker: Looker, town: Town) -> None:
    page = looker.page
    page.goto(f"{town.url}/book/session/?with=tess&tz=America/Denver")
    onward(page.locator("a.day").nth(8))
    onward(page.locator("button.time").first)
    page.get_by_label("Your name").fill("Vera Holm")
    page.get_by_label("Email").fill("vera.holm@example.org")
    page.get_by_label("I have read this").check()
    press_on(page, "Book ")
    looker.look("booked")
    path = link_in(town.letter("vera.holm@example.org", "Booked"), "/appointments/").removeprefix(town.url)
    looker.go(path, "appointment")
    looker.go(f"{path}move/", "move")
    page.evaluate("document.querySelector('button.time').value = '2020-01-06T09:00:00+00:00'")
    onward(page.locator("button.time").first)
    looker.look("not-moved")
    page.goto(f"{town.url}{path}move/")
    onward(page.locator("button.time").last)
    looker.look("move-asked")
    press_on(page, "Move appointment")
    looker.look("moved")
    looker.go(f"{path}cancel/", "cancel")
    press_on(page, "Cancel appointment")
    looker.look("cancelled")


def test_waiting_for_a_time(looker: Looker, town: Town) -> None:
    page, waits = looker.page, "willa@example.org"
    looker.go("/book/session/wait/", "wait")
    press_on(page, "Join the waitlist")
    looker.look("wait-with-mistakes")
    page.get_by_label("Your name").fill("Willa Reis")
    page.get_by_label("Email").fill(waits)
    page.get_by_label("I agree to the cancellation policy").check()
    press_on(page, "Join the waitlist")
    looker.look("wait-done")
    wish = link_in(town.letter(waits, "You’re on our waitlist"), "/waiting/")
    # Her own wish: those of the demo may have been offered something by what other tests cancel.
    looker.go(town.call("offer", waits).removeprefix(town.url), "offer")
    press_on(page, "No, thanks")
    looker.look("offer-declined")
    looker.go(wish.removeprefix(town.url), "wish")
    press_on(page, "Leave the waitlist")
    looker.look("wish-left")
    looker.go("/embed/book/session/?tz=America/Denver", "embedded-times")


def test_the_doors(looker: Looker, town: Town) -> None:
    page, dora = looker.page, town.call("newcomer", "Dora Kern")
    looker.go("/accounts/login/", "sign-in")
    press_on(page, "Continue")
    looker.look("sign-in-with-mistakes")
    looker.go("/accounts/login/code/", "sign-in-by-code")
    looker.go("/accounts/signup/", "sign-up")
    press_on(page, "Continue")
    looker.look("sign-up-with-mistakes")
    looker.go("/accounts/password/reset/", "password-reset")
    page.get_by_label("Your email address").fill(dora)
    press_on(page, "Send code")
    looker.look("password-reset-code")
    page.get_by_label("Code", exact=True).fill(code_in(town.letter(dora, "code")))
    press_on(page, "Continue")
    press_on(page, "Save password")
    looker.look("new-password-with-mistakes")
    page.get_by_label("New password", exact=True).fill("lying on a wooden floor")
    page.get_by_label("New password again").fill("lying on a wooden floor")
    press_on(page, "Save password")
    looker.look("new-password-done")
    looker.go("/enter/nothing/", "dead-link")


def test_errors(looker: Looker, town: Town) -> None:
    page = looker.page
    page.route(
        f"{town.url}/made/*",  # hard to bring about without breaking something
        lambda route: route.fulfill(
            body=render_to_string(route.request.url.rpartition("/")[2]), content_type="text/html"
        ),
    )
    for status in (403, 429, 500):
        looker.go(f"/made/{status}.html", f"error-{status}")
    looker.go("/nothing/", "error-404")
    looker.go("/?what=%00", "error-400")
    page.goto(f"{town.url}/accounts/login/")
    page.evaluate("document.querySelector('main form [name=csrfmiddlewaretoken]').value = 'stale'")
    press_on(page, "Continue")
    looker.look("error-403-stale")
