"""A client's pages: nothing axe objects to, nothing too wide, nothing from elsewhere."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from practice.tests.browser.looking import Looker
from practice.tests.browser.steps import (
    SIGNS,
    comes_in,
    has_a_phones_keys,
    onward,
    press_on,
    six_digits,
)
from practice.tests.browser.town import Town, code_in

pytestmark = [pytest.mark.browser, pytest.mark.processes, pytest.mark.long]

PASSKEY = """
from allauth.mfa.models import Authenticator
print(Authenticator.objects.get(type="webauthn", user__email="{address}").pk)
"""


def test_how_one_signs_in(looker: Looker, town: Town) -> None:
    page, nils = looker.page, town.call("newcomer", "Nils Amper")
    asks_for_a_code(page, town, nils)
    looker.look("code")
    press_on(page, "Continue")
    looker.look("code-with-mistakes")
    page.get_by_label("Code", exact=True).fill(code_in(town.letter(nils, "code")))
    press_on(page, "Continue")
    for path, name in (
        ("email/", "account-email"),
        ("password/set/", "account-password"),
        ("sessions/", "account-sessions"),
        ("2fa/", "second-step"),
        ("2fa/webauthn/", "passkeys-none"),
        ("logout/", "sign-out"),
    ):
        looker.go(f"/accounts/{path}", name)
    looker.go("/accounts/2fa/totp/activate/", "app")
    press_on(page, "Turn on")
    looker.look("app-with-mistakes")
    secret = page.locator("#authenticator_secret").input_value()
    page.get_by_label("Code from the app").fill(six_digits(secret))
    press_on(page, "Turn on")
    looker.look("recovery-codes")
    looker.go("/accounts/2fa/webauthn/add/", "passkey-add")
    add_a_passkey(looker, town, nils)
    looker.go("/accounts/2fa/recovery-codes/generate/", "recovery-codes-new")
    looker.go("/accounts/2fa/totp/deactivate/", "app-off")
    looker.go("/accounts/2fa/", "second-step-set-up")
    looker.go("/accounts/2fa/webauthn/reauthenticate/", "still-you-by-passkey")
    looker.go("/accounts/2fa/reauthenticate/", "still-you")
    press_on(page, "Continue")
    looker.look("still-you-with-mistakes")
    page.context.clear_cookies()
    known = len(town.letters(nils, "code"))
    asks_for_a_code(page, town, nils)
    page.get_by_label("Code", exact=True).fill(code_in(town.letter(nils, "code", known=known)))
    press_on(page, "Continue")
    looker.look("second-step-asked")
    press_on(page, "Continue")
    looker.look("second-step-with-mistakes")


def asks_for_a_code(page: Page, town: Town, address: str) -> None:
    page.goto(f"{town.url}/accounts/login/")
    page.get_by_label("Your email address").fill(address)
    press_on(page, "Continue")


def add_a_passkey(looker: Looker, town: Town, address: str) -> None:
    """Then the pages about it."""
    page = looker.page
    has_a_phones_keys(page)
    page.get_by_label("Name").fill("My phone")
    press_on(page, "Set up")
    page.wait_for_url(re.compile("(recovery-codes|2fa|webauthn)/$"))
    looker.go("/accounts/2fa/webauthn/", "passkeys")
    key = town.run(PASSKEY.format(address=address))
    looker.go(f"/accounts/2fa/webauthn/keys/{key}/edit/", "passkey-rename")
    looker.go(f"/accounts/2fa/webauthn/keys/{key}/remove/", "passkey-remove")


def test_a_clients_pages(looker: Looker, town: Town) -> None:
    looker.go(town.call("way_in", "ann@example.com").removeprefix(town.url), "come-in")
    press_on(looker.page, "Sign me in")
    looker.look("portal")
    coming_again(looker)
    looker.go("/portal/appointments/calendar/", "portal-calendar")
    press_on(looker.page, "Create link")
    looker.look("portal-calendar-made")
    looker.go("/portal/lessons/", "portal-lessons")
    looker.go("/portal/lessons/let-the-floor-hold-you/", "portal-lesson")
    looker.go("/portal/exercises/", "portal-exercises")
    looker.go("/portal/exercises/the-pelvis-as-a-clock/", "portal-exercise")
    what_a_client_wishes(looker)
    the_way_out(looker, town)


def coming_again(looker: Looker) -> None:
    """The same again, known as one is; a series, with what fits and what does not; cancelling part of it."""
    page = looker.page
    looker.go("/portal/appointments/", "portal-appointments")
    onward(page.locator("#again button.time").first)
    looker.look("details-known")
    page.get_by_label("For someone else").check()
    press_on(page, "Book ")
    looker.look("details-known-with-mistakes")
    press_on(page, "Choose another time")
    looker.go("/portal/appointments/series/session/?with=tess", "series-first")
    page.locator("#number").select_option("12")
    onward(page.locator("button.time").first)
    looker.look("series")
    for tick in page.locator("input[name=pick]").all()[2:]:
        tick.uncheck()
    press_on(page, "Book these")
    looker.look("series-booked")
    page.goto(f"{looker.home}/portal/appointments/")
    onward(page.locator("main a[href$='/cancel/']").first)
    page.goto(page.url.replace("/cancel/", "/cancel-later/"))
    looker.look("series-cancel")


def what_a_client_wishes(looker: Looker) -> None:
    """Letters off, on, paused; a wrong hour; who opened the record."""
    page = looker.page
    looker.go("/portal/preferences/", "portal-preferences")
    if page.get_by_role("button", name="Stop these").count():
        press_on(page, "Stop these")
    looker.look("portal-preferences-stopped")
    press_on(page, "I agree")
    press_on(page, "2 weeks")
    looker.look("portal-preferences-paused")
    page.evaluate("document.querySelector('#id_letter_at').options[0].value = '03:00'")
    page.locator("#id_letter_at").select_option(index=0)
    press_on(page, "Save")
    looker.look("portal-preferences-with-mistakes")
    looker.go("/portal/data/", "portal-data")
    looker.go("/portal/data/copy/", "portal-copy")
    looker.go("/portal/data/erase/", "portal-erase")
    press_on(page, "Erase my record")
    looker.look("portal-erase-with-mistakes")
    page.get_by_label("Type the word").fill("erase")
    press_on(page, "Erase my record")
    looker.look("portal-data-erased-soon")
    press_on(page, "Keep my record")


def the_way_out(looker: Looker, town: Town) -> None:
    """The page behind the link of letters, with nobody signed in."""
    page = looker.page
    page.context.clear_cookies()
    looker.go(town.call("mail_wishes", "ann@example.com"), "email-paused")
    press_on(page, "End the pause")
    looker.look("email")
    press_on(page, "Stop reminders")
    looker.look("email-no-reminders")
    press_on(page, "Stop these")
    looker.look("email-stopped")
    press_on(page, "Start them again")
    looker.look("email-undone")
    looker.go("/email/nothing/", "email-unknown")
    assert page.context.cookies() == []


def test_what_a_client_did_at_home(looker: Looker, town: Town) -> None:
    page, exercise = looker.page, "/portal/exercises/the-pelvis-as-a-clock/"
    comes_in(page, town, "owen@example.com")
    looker.go("/portal/", "portal-before")
    looker.go("/portal/history/", "portal-history-before")
    looker.go("/portal/questions/", "portal-questions-before")
    press_on(page, "Send question")
    looker.look("portal-questions-with-mistakes")
    page.get_by_label("Your question").fill("Is it meant to tingle?")
    press_on(page, "Send question")
    looker.look("portal-questions")
    looker.go("/portal/exercises/?region=neck", "portal-exercises-of-a-region")
    looker.go("/portal/exercises/?mine", "portal-exercises-mine")
    page.goto(town.url + exercise)
    press_on(page, "Mark as done")
    looker.look("portal-exercise-done")
    press_on(page, "Undo")
    looker.look("portal-exercise-taken-back")
    press_on(page, "Mark as done")
    page.get_by_role("radio", name="worse").check()
    press_on(page, "Save")
    looker.look("portal-exercise-worse")
    looker.go("/portal/", "portal-rest")
    looker.go("/portal/history/", "portal-history")
    page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true; })")
    looker.look("portal-history-table")


def test_the_intake(looker: Looker, town: Town) -> None:
    page = looker.page
    comes_in(page, town, "maya@example.com")
    looker.go("/portal/intake/", "intake-open")
    onward(page.get_by_role("link", name="Continue where you left off"))
    entrance = page.url
    for step in ("since", "where", "change", "care", "signs", "goals", "more", "consent"):
        looker.go(f"{entrance}{step}/".removeprefix(town.url), f"intake-{step}")
    page.goto(f"{entrance}signs/")
    for sign in SIGNS:
        page.locator(f"[name={sign}][value=yes]").check()
    looker.look("intake-signs-yes")
    press_on(page, "Continue")
    looker.look("intake-doctor")
    looker.go("/portal/", "portal-with-an-open-intake")
    page.goto(f"{entrance}goals/")
    page.locator("[name=now_0][value='4']").check(force=True)
    press_on(page, "Continue")
    looker.look("intake-goals-with-mistakes")
    page.goto(f"{entrance}consent/")
    press_on(page, "Sign and submit")
    looker.look("intake-consent-with-mistakes")
    page.context.clear_cookies()
    looker.go(entrance.removeprefix(town.url), "intake-begun-elsewhere")
    comes_in(page, town, "noor@example.com")
    looker.go("/portal/intake/", "intake-told")
    looker.go("/portal/consent/", "consent")


def test_a_lesson_read_written_on_and_asked_from(looker: Looker, town: Town) -> None:
    page, lesson = looker.page, "/portal/lessons/let-the-floor-hold-you/"

    def kept() -> Any:
        return page.expect_response(lambda answer: answer.url.endswith("/words/"))

    comes_in(page, town, "ann@example.com")
    town.run("from portal.models.client import GuidelinesRead; GuidelinesRead.objects.all().delete()")
    looker.go(lesson + "?entry=new", "lesson-to-be-read")
    press_on(page, "I have read this")
    looker.go(lesson + "?entry=new", "lesson-read")
    page.locator("[name=pain_before][value='3']").check(force=True)
    with kept():
        page.locator("[name=noticing]").fill("The ribs came down.")
        page.locator("[name=noticing]").blur()
    looker.look("lesson-written")
    with kept():
        page.locator("[name=pain_after][value='6']").check(force=True)
    page.locator("[data-rose]:visible").wait_for()
    looker.look("lesson-pain-rose")
    looker.go(lesson + "?entry=new", "lesson-after-pain-rose")
    page.get_by_role("button", name="Send question", exact=True).click()
    page.locator("[data-ask-wrong]:visible").wait_for()
    looker.look("lesson-question-empty")
    sounds = list(town.var.rglob("*.m4a"))
    for sound in sounds:
        sound.rename(f"{sound}.gone")
    try:
        looker.go(lesson, "lesson-file-gone")
    finally:
        for sound in sounds:
            Path(f"{sound}.gone").rename(sound)
