"""A client's pages: nothing axe objects to, nothing too wide, nothing from elsewhere."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from practice.tests.browser.demo_site import DemoSite, code_in
from practice.tests.browser.page_checks import PageChecker
from practice.tests.browser.steps import (
    SIGNS,
    add_authenticator,
    onward,
    press_on,
    sign_in_at_once,
    six_digits,
)

pytestmark = [pytest.mark.browser, pytest.mark.processes, pytest.mark.long]

PASSKEY = """
from allauth.mfa.models import Authenticator
print(Authenticator.objects.get(type="webauthn", user__email="{address}").pk)
"""


def test_how_one_signs_in(checker: PageChecker, demo_site: DemoSite) -> None:
    page, nils = checker.page, demo_site.call("newcomer", "Nils Amper")
    asks_for_a_code(page, demo_site, nils)
    checker.look("code")
    press_on(page, "Continue")
    checker.look("code-with-mistakes")
    page.get_by_label("Code", exact=True).fill(code_in(demo_site.letter(nils, "code")))
    press_on(page, "Continue")
    for path, name in (
        ("email/", "account-email"),
        ("password/set/", "account-password"),
        ("sessions/", "account-sessions"),
        ("2fa/", "second-step"),
        ("2fa/webauthn/", "passkeys-none"),
        ("logout/", "sign-out"),
    ):
        checker.go(f"/accounts/{path}", name)
    checker.go("/accounts/2fa/totp/activate/", "app")
    press_on(page, "Turn on")
    checker.look("app-with-mistakes")
    secret = page.locator("#authenticator_secret").input_value()
    page.get_by_label("Code from the app").fill(six_digits(secret))
    press_on(page, "Turn on")
    checker.look("recovery-codes")
    checker.go("/accounts/2fa/webauthn/add/", "passkey-add")
    add_a_passkey(checker, demo_site, nils)
    checker.go("/accounts/2fa/recovery-codes/generate/", "recovery-codes-new")
    checker.go("/accounts/2fa/totp/deactivate/", "app-off")
    checker.go("/accounts/2fa/", "second-step-set-up")
    checker.go("/accounts/2fa/webauthn/reauthenticate/", "still-you-by-passkey")
    checker.go("/accounts/2fa/reauthenticate/", "still-you")
    press_on(page, "Continue")
    checker.look("still-you-with-mistakes")
    page.context.clear_cookies()
    known = len(demo_site.letters(nils, "code"))
    asks_for_a_code(page, demo_site, nils)
    page.get_by_label("Code", exact=True).fill(code_in(demo_site.letter(nils, "code", known=known)))
    press_on(page, "Continue")
    checker.look("second-step-asked")
    press_on(page, "Continue")
    checker.look("second-step-with-mistakes")


def asks_for_a_code(page: Page, demo_site: DemoSite, address: str) -> None:
    page.goto(f"{demo_site.url}/accounts/login/")
    page.get_by_label("Your email address").fill(address)
    press_on(page, "Continue")


def add_a_passkey(checker: PageChecker, demo_site: DemoSite, address: str) -> None:
    """Then the pages about it."""
    page = checker.page
    add_authenticator(page)
    page.get_by_label("Name").fill("My phone")
    press_on(page, "Set up")
    page.wait_for_url(re.compile("(recovery-codes|2fa|webauthn)/$"))
    checker.go("/accounts/2fa/webauthn/", "passkeys")
    key = demo_site.run(PASSKEY.format(address=address))
    checker.go(f"/accounts/2fa/webauthn/keys/{key}/edit/", "passkey-rename")
    checker.go(f"/accounts/2fa/webauthn/keys/{key}/remove/", "passkey-remove")


def test_a_clients_pages(checker: PageChecker, demo_site: DemoSite) -> None:
    checker.go(demo_site.call("way_in", "ann@example.com").removeprefix(demo_site.url), "come-in")
    press_on(checker.page, "Sign me in")
    checker.look("portal")
    coming_again(checker)
    checker.go("/portal/appointments/calendar/", "portal-calendar")
    press_on(checker.page, "Create link")
    checker.look("portal-calendar-made")
    checker.go("/portal/lessons/", "portal-lessons")
    checker.go("/portal/lessons/?region=neck&length=short", "portal-lessons-none")
    checker.go("/portal/lessons/collections/free-the-hips/", "portal-collection")
    checker.go("/portal/lessons/let-the-floor-hold-you/", "portal-lesson")
    checker.go("/portal/exercises/", "portal-exercises")
    checker.go("/portal/exercises/the-pelvis-as-a-clock/", "portal-exercise")
    what_a_client_wishes(checker)
    the_way_out(checker, demo_site)


def coming_again(checker: PageChecker) -> None:
    """The same again, known as one is; a series, with what fits and what does not; cancelling part of it."""
    page = checker.page
    checker.go("/portal/appointments/", "portal-appointments")
    onward(page.locator("#again button.time").first)
    checker.look("details-known")
    page.get_by_label("For someone else").check()
    press_on(page, "Book ")
    checker.look("details-known-with-mistakes")
    press_on(page, "Choose another time")
    checker.go("/portal/appointments/series/session/?with=tess", "series-first")
    page.locator("#number").select_option("12")
    onward(page.locator("button.time").first)
    checker.look("series")
    for tick in page.locator("input[name=pick]").all()[2:]:
        tick.uncheck()
    press_on(page, "Book these")
    checker.look("series-booked")
    page.goto(f"{checker.home}/portal/appointments/")
    onward(page.locator("main a[href$='/cancel/']").first)
    page.goto(page.url.replace("/cancel/", "/cancel-later/"))
    checker.look("series-cancel")


def what_a_client_wishes(checker: PageChecker) -> None:
    """Letters off, on, paused; a wrong hour; who opened the record."""
    page = checker.page
    checker.go("/portal/preferences/", "portal-preferences")
    if page.get_by_role("button", name="Stop these").count():
        press_on(page, "Stop these")
    checker.look("portal-preferences-stopped")
    press_on(page, "I agree")
    press_on(page, "2 weeks")
    checker.look("portal-preferences-paused")
    page.evaluate("document.querySelector('#id_letter_at').options[0].value = '03:00'")
    page.locator("#id_letter_at").select_option(index=0)
    press_on(page, "Save")
    checker.look("portal-preferences-with-mistakes")
    checker.go("/portal/data/", "portal-data")
    checker.go("/portal/data/copy/", "portal-copy")
    checker.go("/portal/data/erase/", "portal-erase")
    press_on(page, "Erase my record")
    checker.look("portal-erase-with-mistakes")
    page.get_by_label("Type the word").fill("erase")
    press_on(page, "Erase my record")
    checker.look("portal-data-erased-soon")
    press_on(page, "Keep my record")


def the_way_out(checker: PageChecker, demo_site: DemoSite) -> None:
    """The page behind the link of letters, with nobody signed in."""
    page = checker.page
    page.context.clear_cookies()
    checker.go(demo_site.call("mail_wishes", "ann@example.com"), "email-paused")
    press_on(page, "End the pause")
    checker.look("email")
    press_on(page, "Stop reminders")
    checker.look("email-no-reminders")
    press_on(page, "Stop these")
    checker.look("email-stopped")
    press_on(page, "Start them again")
    checker.look("email-undone")
    checker.go("/email/nothing/", "email-unknown")
    assert page.context.cookies() == []


def test_what_a_client_did_at_home(checker: PageChecker, demo_site: DemoSite) -> None:
    page, exercise = checker.page, "/portal/exercises/the-pelvis-as-a-clock/"
    sign_in_at_once(page, demo_site, "owen@example.com")
    checker.go("/portal/", "portal-before")
    checker.go("/portal/history/", "portal-history-before")
    checker.go("/portal/questions/", "portal-questions-before")
    press_on(page, "Send question")
    checker.look("portal-questions-with-mistakes")
    page.get_by_label("Your question").fill("Is it meant to tingle?")
    press_on(page, "Send question")
    checker.look("portal-questions")
    checker.go("/portal/exercises/?region=neck", "portal-exercises-of-a-region")
    checker.go("/portal/exercises/?mine", "portal-exercises-mine")
    page.goto(demo_site.url + exercise)
    press_on(page, "Mark as done")
    checker.look("portal-exercise-done")
    press_on(page, "Undo")
    checker.look("portal-exercise-taken-back")
    press_on(page, "Mark as done")
    page.get_by_role("radio", name="worse").check()
    press_on(page, "Save")
    checker.look("portal-exercise-worse")
    checker.go("/portal/", "portal-rest")
    checker.go("/portal/history/", "portal-history")
    page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true; })")
    checker.look("portal-history-table")


def test_the_intake(checker: PageChecker, demo_site: DemoSite) -> None:
    page = checker.page
    sign_in_at_once(page, demo_site, "maya@example.com")
    checker.go("/portal/intake/", "intake-open")
    onward(page.get_by_role("link", name="Continue where you left off"))
    entrance = page.url
    for step in ("since", "where", "change", "care", "signs", "goals", "more", "consent"):
        checker.go(f"{entrance}{step}/".removeprefix(demo_site.url), f"intake-{step}")
    page.goto(f"{entrance}signs/")
    for sign in SIGNS:
        page.locator(f"[name={sign}][value=yes]").check()
    checker.look("intake-signs-yes")
    press_on(page, "Continue")
    checker.look("intake-doctor")
    checker.go("/portal/", "portal-with-an-open-intake")
    page.goto(f"{entrance}goals/")
    page.locator("[name=now_0][value='4']").check(force=True)
    press_on(page, "Continue")
    checker.look("intake-goals-with-mistakes")
    page.goto(f"{entrance}consent/")
    press_on(page, "Sign and submit")
    checker.look("intake-consent-with-mistakes")
    page.context.clear_cookies()
    checker.go(entrance.removeprefix(demo_site.url), "intake-begun-elsewhere")
    sign_in_at_once(page, demo_site, "noor@example.com")
    checker.go("/portal/intake/", "intake-told")
    checker.go("/portal/consent/", "consent")


def states_of_the_player(page: Page) -> Iterator[str]:
    """Bring the lesson that is open into one state after the other, and name it."""
    sound = page.locator("[data-player] audio")
    for details in page.locator(".player details > summary, #transcript summary").all():
        details.click()
    page.locator('.player [data-do="toggle"]').click()
    page.wait_for_function("() => document.querySelector('#transcript [aria-current]')")
    yield "playing"
    page.locator("[data-floor-open]").click()
    yield "on-the-floor"
    sound.evaluate("audio => { audio.currentTime = audio.duration - 0.5; }")
    page.locator("[data-floor-write]:visible").wait_for()
    yield "ended-on-the-floor"
    page.locator("[data-floor-write]").click()
    yield "finished"
    page.route("**/audio/**", lambda route: route.fulfill(status=401))
    sound.evaluate("audio => audio.load()")
    page.locator("[data-trouble]:visible").wait_for()
    yield "in-trouble"
    page.unroute("**/audio/**")


def test_a_lesson_read_written_on_and_asked_from(checker: PageChecker, demo_site: DemoSite) -> None:
    page, lesson = checker.page, "/portal/lessons/let-the-floor-hold-you/"

    def kept() -> Any:
        return page.expect_response(lambda answer: answer.url.endswith("/words/"))

    sign_in_at_once(page, demo_site, "ann@example.com")
    demo_site.run("from portal.models.client import GuidelinesRead; GuidelinesRead.objects.all().delete()")
    checker.go(lesson + "?entry=new", "lesson-to-be-read")
    press_on(page, "I have read this")
    checker.go(lesson + "?entry=new", "lesson-read")
    for state in states_of_the_player(page):
        checker.look(f"lesson-{state}")
    page.locator("[name=pain_before][value='3']").check(force=True)
    with kept():
        page.locator("[name=noticing]").fill("The ribs came down.")
        page.locator("[name=noticing]").blur()
    checker.look("lesson-written")
    with kept():
        page.locator("[name=pain_after][value='6']").check(force=True)
    page.locator("[data-rose]:visible").wait_for()
    checker.look("lesson-pain-rose")
    checker.go(lesson + "?entry=new", "lesson-after-pain-rose")
    page.get_by_role("button", name="Send question", exact=True).click()
    page.locator("[data-ask-wrong]:visible").wait_for()
    checker.look("lesson-question-empty")
    sounds = list(demo_site.var.rglob("*.m4a"))
    for sound in sounds:
        sound.rename(f"{sound}.gone")
    try:
        checker.go(lesson, "lesson-file-gone")
    finally:
        for sound in sounds:
            Path(f"{sound}.gone").rename(sound)
