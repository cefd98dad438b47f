"""Every page with real content: nothing axe objects to, nothing too wide, nothing from elsewhere."""

from __future__ import annotations

import email
import email.policy
import re
import sqlite3
import uuid
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from django.core.signing import Signer
from django.template.loader import render_to_string
from playwright.sync_api import Browser, Locator, Page

from practice.mail.way_out import SIGNER
from practice.tests.browser.conftest import PATIENT, link_in, manage, text_of
from practice.tests.browser.looking import DESK, PHONE, WCAG, Looker
from practice.tests.browser.steps import six_digits, way_in
from practice.tests.processes.up_runner import Up, running, wait_for

pytestmark = [pytest.mark.browser, pytest.mark.once, pytest.mark.long]

ANN, NEW = "ann@example.com", "vera.holm@example.org"


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Up]:
    """The demo as `make run` starts it: letters in a folder, links that sign in."""
    with running(
        tmp_path_factory.mktemp("house"), migrated=True, DEMO="1", DATABASE_URL="", RATE_LIMITS="off"
    ) as up:
        yield up.start().ready()


@pytest.fixture
def looker(browser: Browser, house: Up) -> Iterator[Looker]:
    """A tab of a browser nobody used before; at the end nothing may be wrong."""
    with browser.new_context(reduced_motion="reduce", viewport={"width": 390, "height": 844}) as context:
        page = context.new_page()
        page.set_default_timeout(PATIENT)
        looking = Looker(page, house.url)
        yield looking
        assert not looking.wrong, "\n".join(looking.wrong)


def door(house: Up, for_whom: str) -> str:
    """The path of a link that `up` printed."""
    return re.search(rf"{for_whom}:\s+http://[^/]+(\S+)", house.said)[1]


def rows(house: Up, query: str) -> list[tuple]:
    """What stands in the practice's database."""
    with sqlite3.connect(Path(house.environ["VAR_DIR"], "portal.sqlite3")) as database:
        return database.execute(query).fetchall()


def letters(house: Up) -> list[EmailMessage]:
    """All letters in the outbox, the oldest first."""
    files = sorted(Path(house.environ["VAR_DIR"], "outbox").glob("*.eml"))
    return [email.message_from_bytes(one.read_bytes(), policy=email.policy.default) for one in files]


def letter_to(house: Up, address: str, subject: str, *, after: int = 0) -> EmailMessage:
    """The newest letter to somebody, once there is one more than `after` letters."""

    def found() -> list[EmailMessage]:
        new = letters(house)[after:]
        return [one for one in new if address in str(one["To"]) and subject in str(one["Subject"])]

    wait_for(found, seconds=60)
    return found()[-1]


def code_to(house: Up, address: str, *, after: int) -> str:
    """The code in the newest letter."""
    said = text_of(letter_to(house, address, "code", after=after))
    return re.search(r"^\s*([A-Z0-9]{3,6}-?[A-Z0-9]{3,6})\s*$", said, re.M)[1]


def press(page: Page, name: str) -> None:
    """Press the button whose words begin like this."""
    onward(page.get_by_role("button", name=re.compile(f"^{name}")).first)


def onward(target: Locator) -> None:
    """Press what leads to another page, and wait until that page is there."""
    with target.page.expect_navigation():
        target.click()


def test_looking_finds_what_is_wrong(browser: Browser) -> None:
    looker = Looker(browser.new_page(), "http://localhost:1")
    looker.page.set_content(
        "<html><body><h1>One</h1><h1>Two</h1><p>This field is required.</p><div id=wide>Wide</div>"
        "<img src='http://127.0.0.1:9/elsewhere.png'><style>#wide { width: 1500px }</style>"
    )
    looker.look("planted")
    found = "\n".join(looker.wrong)
    for words in (
        "no title",
        "no language",
        "2 first headings",
        "like a machine",
        "px too wide",
        "image-alt",
        "elsewhere.png",
    ):
        assert words in found
    looker.page.close()


def test_pages_for_everybody(looker: Looker, house: Up) -> None:
    for path in ("/", "/articles/", "/lessons/", "/privacy/", "/book/", "/api/v1/docs"):
        looker.go(path)
    looker.go("/articles/?region=ribs", "articles-of-a-region")
    for (slug,) in rows(house, "select slug from practice_article"):
        looker.go(f"/articles/{slug}/")
    looker.go("/lessons/let-the-floor-hold-you/", "lesson")
    looker.go("/lessons/let-the-floor-hold-you/floor/", "lesson-floor")


def test_booking(looker: Looker, house: Up, browser: Browser) -> None:
    page = looker.page
    times = f"{house.url}/book/first-session/?with=tess&tz=America/Denver"
    looker.go("/book/first-session/?tz=America/Denver", "times")
    looker.go("/book/first-session/?tz=Asia/Tokyo", "times-elsewhere")
    page.goto(times)
    onward(page.locator("a.day").nth(6))
    with browser.new_context() as other:  # somebody is quicker
        quicker = other.new_page()
        quicker.goto(page.url)
        onward(quicker.locator("button.time").first)
        onward(page.locator("button.time").first)
        looker.look("time-gone")
        press(quicker, "Let it go")
    onward(page.locator("button.time").first)
    looker.look("details")
    press(page, "Book ")
    looker.look("details-with-mistakes")
    kept = page.url
    press(page, "Let it go")
    page.goto(kept)
    looker.look("details-over")
    page.goto(times)
    onward(page.locator("a.day").nth(6))
    page.evaluate("document.querySelector('button.time').value = '2020-01-06T09:00:00+00:00'")
    onward(page.locator("button.time").first)
    looker.look("refused")


def test_an_appointment(looker: Looker, house: Up) -> None:
    page = looker.page
    page.goto(f"{house.url}/book/session/?with=tess&tz=America/Denver")
    onward(page.locator("a.day").nth(8))
    onward(page.locator("button.time").first)
    page.get_by_label("Your name").fill("Vera Holm")
    page.get_by_label("Email").fill(NEW)
    page.get_by_label("I have read this").check()
    before = len(letters(house))
    press(page, "Book ")
    looker.look("booked")
    path = link_in(letter_to(house, NEW, "Booked", after=before), "/appointments/").removeprefix(house.url)
    looker.go(path, "appointment")
    looker.go(f"{path}move/", "move")
    page.evaluate("document.querySelector('button.time').value = '2020-01-06T09:00:00+00:00'")
    onward(page.locator("button.time").first)
    looker.look("not-moved")
    page.goto(f"{house.url}{path}move/")
    onward(page.locator("button.time").last)
    looker.look("moved")
    looker.go(f"{path}cancel/", "cancel")
    press(page, "Cancel it")
    looker.look("cancelled")


OFFER = """
import datetime as dt
from django.utils import timezone
from booking import calendar, links
from booking.actions.waitlist.offering import keep_for
from booking.models import WaitlistEntry
entry, now = WaitlistEntry.objects.get(client__email="wanda@example.org"), timezone.now()
person, soon = entry.session_type.practitioners.first(), now + dt.timedelta(days=2)
span = {"first": soon, "until": soon + dt.timedelta(days=7)}
free = calendar.free(entry.session_type, [person], **span, now=now)[0]
print(links.offer_url(keep_for(entry, person, free.start, freed=None, now=now)))
"""


def test_waiting_for_a_time(looker: Looker, house: Up) -> None:
    page, waits = looker.page, "wanda@example.org"
    looker.go("/book/session/wait/", "wait")
    press(page, "Put me on the list")
    looker.look("wait-with-mistakes")
    page.get_by_label("Your name").fill("Wanda Reis")
    page.get_by_label("Email").fill(waits)
    page.get_by_label("If I take").check()
    before = len(letters(house))
    press(page, "Put me on the list")
    looker.look("wait-done")
    wish = link_in(letter_to(house, waits, "You are on our waitlist", after=before), "/waiting/")
    # Her own wish: those of the demo may have been offered something by what other tests cancel.
    offer = manage(house, "shell", "-v", "0", "--no-imports", "-c", OFFER).split()[-1]
    looker.go(offer.removeprefix(house.url), "offer")
    press(page, "Not this time")
    looker.look("offer-declined")
    looker.go(wish.removeprefix(house.url), "wish")
    press(page, "Take me off the list")
    looker.look("wish-left")
    looker.go("/embed/book/session/?tz=America/Denver", "embedded-times")


def test_the_doors(looker: Looker, house: Up) -> None:
    page = looker.page
    looker.go("/accounts/login/", "sign-in")
    press(page, "Go on")
    looker.look("sign-in-with-mistakes")
    looker.go("/accounts/login/code/", "sign-in-by-code")
    looker.go("/accounts/signup/", "sign-up")
    press(page, "Go on")
    looker.look("sign-up-with-mistakes")
    looker.go("/accounts/password/reset/", "password-reset")
    before = len(letters(house))
    page.get_by_label("Your email address").fill(ANN)
    press(page, "Send me the code")
    looker.look("password-reset-code")
    page.get_by_label("The code").fill(code_to(house, ANN, after=before))
    press(page, "Go on")
    press(page, "Keep this password")
    looker.look("new-password-with-mistakes")
    page.get_by_label("A new password").fill("lying on a wooden floor")
    page.get_by_label("The same again").fill("lying on a wooden floor")
    press(page, "Keep this password")
    looker.look("new-password-done")
    looker.go("/enter/nothing/", "dead-link")


def test_how_one_signs_in(looker: Looker, house: Up) -> None:
    page = looker.page
    sign_in(looker, house, "ben@example.com", look=True)
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
    press(page, "Switch it on")
    looker.look("app-with-mistakes")
    secret = page.locator("#authenticator_secret").input_value()
    page.get_by_label("The code it shows").fill(six_digits(secret))
    press(page, "Switch it on")
    looker.look("recovery-codes")
    looker.go("/accounts/2fa/webauthn/add/", "passkey-add")
    add_a_passkey(looker, house)
    looker.go("/accounts/2fa/recovery-codes/generate/", "recovery-codes-new")
    looker.go("/accounts/2fa/totp/deactivate/", "app-off")
    looker.go("/accounts/2fa/", "second-step-set-up")
    looker.go("/accounts/2fa/webauthn/reauthenticate/", "still-you-by-passkey")
    looker.go("/accounts/2fa/reauthenticate/", "still-you")
    press(page, "Go on")
    looker.look("still-you-with-mistakes")
    page.context.clear_cookies()
    sign_in(looker, house, "ben@example.com")
    looker.look("second-step-asked")
    press(page, "Go on")
    looker.look("second-step-with-mistakes")


def sign_in(looker: Looker, house: Up, address: str, *, look: bool = False) -> None:
    """By a code from a letter."""
    page = looker.page
    before = len(letters(house))
    page.goto(f"{house.url}/accounts/login/")
    page.get_by_label("Your email address").fill(address)
    press(page, "Go on")
    if look:
        looker.look("code")
        press(page, "Go on")
        looker.look("code-with-mistakes")
    page.get_by_label("The code").fill(code_to(house, address, after=before))
    press(page, "Go on")


def add_a_passkey(looker: Looker, house: Up) -> None:
    """With an authenticator like a phone's; then the pages about it."""
    page = looker.page
    devices = page.context.new_cdp_session(page)
    devices.send("WebAuthn.enable")
    like_a_phone = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
    }
    devices.send("WebAuthn.addVirtualAuthenticator", {"options": like_a_phone})
    page.get_by_label("A name for it").fill("My phone")
    press(page, "Set it up")
    page.wait_for_url(re.compile("(recovery-codes|2fa|webauthn)/$"))
    looker.go("/accounts/2fa/webauthn/", "passkeys")
    (((key,),)) = rows(house, "select max(id) from mfa_authenticator where type = 'webauthn'")
    looker.go(f"/accounts/2fa/webauthn/keys/{key}/edit/", "passkey-rename")
    looker.go(f"/accounts/2fa/webauthn/keys/{key}/remove/", "passkey-remove")


def test_a_clients_pages(looker: Looker, house: Up) -> None:
    looker.go(door(house, "For a client"), "come-in")
    press(looker.page, "Come in")
    looker.look("portal")
    coming_again(looker)
    looker.go("/portal/appointments/calendar/", "portal-calendar")
    press(looker.page, "Make an address")
    looker.look("portal-calendar-made")
    looker.go("/portal/lessons/", "portal-lessons")
    looker.go("/portal/lessons/let-the-floor-hold-you/", "portal-lesson")
    looker.go("/portal/exercises/", "portal-exercises")
    looker.go("/portal/exercises/the-pelvis-as-a-clock/", "portal-exercise")
    what_a_client_wishes(looker)
    the_way_out(looker, house)


def coming_again(looker: Looker) -> None:
    """The same again, known as one is; a series, with what fits and what does not; cancelling part of it."""
    page = looker.page
    looker.go("/portal/appointments/", "portal-appointments")
    onward(page.locator("#again button.time").first)
    looker.look("details-known")
    page.get_by_label("For somebody else").check()
    press(page, "Book ")
    looker.look("details-known-with-mistakes")
    press(page, "Let it go")
    looker.go("/portal/appointments/series/session/?with=tess", "series-first")
    page.locator("#number").select_option("12")
    onward(page.locator("button.time").first)
    looker.look("series")
    for tick in page.locator("input[name=pick]").all()[2:]:
        tick.uncheck()
    press(page, "Book what")
    looker.look("series-booked")
    page.goto(f"{looker.home}/portal/appointments/")
    onward(page.locator("main a[href$='/cancel/']").first)
    page.goto(page.url.replace("/cancel/", "/cancel-later/"))
    looker.look("series-cancel")


def test_what_a_client_did_at_home(looker: Looker, house: Up) -> None:
    page, exercise = looker.page, "/portal/exercises/the-pelvis-as-a-clock/"
    sign_in(looker, house, "owen@example.com")
    looker.go("/portal/", "portal-before")
    looker.go("/portal/history/", "portal-history-before")
    looker.go("/portal/questions/", "portal-questions-before")
    press(page, "Ask")
    looker.look("portal-questions-with-mistakes")
    page.get_by_label("Your question").fill("Is it meant to tingle?")
    press(page, "Ask")
    looker.look("portal-questions")
    looker.go("/portal/exercises/?region=neck", "portal-exercises-of-a-region")
    looker.go("/portal/exercises/?mine", "portal-exercises-mine")
    page.goto(house.url + exercise)
    press(page, "I have done it")
    looker.look("portal-exercise-done")
    press(page, "Not done after all")
    looker.look("portal-exercise-taken-back")
    press(page, "I have done it")
    page.get_by_role("radio", name="worse").check()
    press(page, "Keep this")
    looker.look("portal-exercise-worse")
    looker.go("/portal/", "portal-rest")
    looker.go("/portal/history/", "portal-history")
    page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true; })")
    looker.look("portal-history-table")


def test_the_intake(looker: Looker, house: Up) -> None:
    page = looker.page
    sign_in(looker, house, "maya@example.com")
    looker.go("/portal/intake/", "intake-open")
    onward(page.get_by_role("link", name="Go on where you stopped"))
    entrance = page.url
    for step in ("since", "where", "change", "care", "signs", "goals", "more", "consent"):
        looker.go(f"{entrance}{step}/".removeprefix(house.url), f"intake-{step}")
    page.goto(f"{entrance}signs/")
    for sign in ("saddle", "bladder", "fever", "fall", "weight", "night"):
        page.locator(f"[name={sign}][value=yes]").check()
    looker.look("intake-signs-yes")
    press(page, "Go on")
    looker.look("intake-doctor")
    looker.go("/portal/", "portal-with-an-open-intake")
    page.goto(f"{entrance}goals/")
    page.locator("[name=now_0][value='4']").check(force=True)
    press(page, "Go on")
    looker.look("intake-goals-with-mistakes")
    page.goto(f"{entrance}consent/")
    press(page, "Sign and hand in")
    looker.look("intake-consent-with-mistakes")
    page.context.clear_cookies()
    looker.go(entrance.removeprefix(house.url), "intake-begun-elsewhere")
    sign_in(looker, house, "noor@example.com")
    looker.go("/portal/intake/", "intake-told")
    looker.go("/portal/consent/", "consent")


def what_a_client_wishes(looker: Looker) -> None:
    """Letters off, on, paused; a wrong hour; who opened the record."""
    page = looker.page
    looker.go("/portal/preferences/", "portal-preferences")
    if page.get_by_role("button", name="Stop these").count():
        press(page, "Stop these")
    looker.look("portal-preferences-stopped")
    press(page, "I agree")
    press(page, "2 weeks")
    looker.look("portal-preferences-paused")
    page.evaluate("document.querySelector('#id_letter_at').options[0].value = '03:00'")
    page.locator("#id_letter_at").select_option(index=0)
    press(page, "Save")
    looker.look("portal-preferences-with-mistakes")
    looker.go("/portal/data/", "portal-data")


def the_way_out(looker: Looker, house: Up) -> None:
    """The page behind the link of letters, with nobody signed in."""
    page = looker.page
    page.context.clear_cookies()
    key = Path(house.environ["VAR_DIR"], "secret_key").read_text().strip()
    ((ann,),) = rows(house, f"select id from practice_user where email = '{ANN}'")
    token = Signer(key=key, salt=SIGNER.salt, sep=SIGNER.sep).sign(str(ann))
    looker.go(f"/email/{token}/", "email-paused")
    press(page, "End the pause")
    looker.look("email")
    press(page, "No reminders")
    looker.look("email-no-reminders")
    press(page, "Stop these")
    looker.look("email-stopped")
    press(page, "Let them come")
    looker.look("email-undone")
    looker.go("/email/nothing/", "email-unknown")
    assert page.context.cookies() == []


def test_a_lesson_read_written_on_and_asked_from(looker: Looker, house: Up) -> None:
    page, lesson = looker.page, "/portal/lessons/let-the-floor-hold-you/"

    def kept() -> Any:
        return page.expect_response(lambda answer: answer.url.endswith("/words/"))

    page.goto(way_in(house, "ann@example.com"))
    press(page, "Come in")
    looker.go(lesson + "?entry=new", "lesson-to-be-read")
    press(page, "I have read this")
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
    page.get_by_role("button", name="Ask", exact=True).click()
    page.locator("[data-ask-wrong]:visible").wait_for()
    looker.look("lesson-question-empty")
    sounds = list(Path(house.environ["VAR_DIR"]).rglob("*.m4a"))
    for sound in sounds:
        sound.rename(f"{sound}.gone")
    looker.go(lesson, "lesson-file-gone")
    for sound in sounds:
        Path(f"{sound}.gone").rename(sound)


def test_the_practitioners_pages(looker: Looker, house: Up) -> None:
    page = looker.page
    page.goto(house.url + door(house, "For the practitioner"))
    press(page, "Come in")
    looker.look("today")
    looker.go("/workspace/?day=2030-01-06", "today-empty")
    page.goto(f"{house.url}/workspace/")
    onward(page.locator("main a[href*='/workspace/appointments/']").first)
    looker.look("workspace-appointment")
    one = page.url
    looker.go(f"{one.removeprefix(looker.home)}series/", "workspace-series")
    page.goto(f"{one}wrap-up/")
    looker.look("wrap-up")
    noted = "select appointment_id from portal_sessionnote where signed_at is not null limit 1"
    ((uid,),) = rows(house, f"select uid from booking_appointment where id = ({noted})")
    looker.go(f"/workspace/appointments/{uuid.UUID(uid)}/note/", "note")
    what_is_known_of_people(looker)
    booking_for_somebody(looker)
    looker.go("/workspace/settings/", "settings")
    looker.go("/workspace/settings/consent/", "what-clients-sign")
    looker.go("/workspace/settings/embed/", "settings-embed")
    looker.go("/workspace/settings/calendars/", "settings-calendars")
    page.get_by_label("Its address").fill("no address")
    press(page, "Read this calendar")
    looker.look("settings-calendars-with-mistakes")
    press(page, "Make a feed")
    looker.look("settings-feed-made")
    looker.go("/workspace/waitlist/", "waitlist")
    looker.go("/workspace/letters/", "letters")
    looker.go("/workspace/letters/?show=wrong", "letters-none")
    shown = "'confirmation', 'reminder', 'sign_in_code'"  # a frame, one that waits, one nobody may read
    for kind, pk in rows(
        house, f"select kind, max(id) from practice_letter where kind in ({shown}) group by kind"
    ):
        looker.go(f"/workspace/letters/{pk}/", f"letter-{kind}")
    back_office(looker, house)


def booking_for_somebody(looker: Looker) -> None:
    page, asked = looker.page, "type=session&practitioner=any"
    looker.go("/workspace/why/", "why")
    looker.go(f"/workspace/why/?{asked}&asker=unknown&at=2027-01-04T10:00", "why-a-time")
    looker.go(f"/workspace/why/?{asked}&asker=unknown&at=2027-11-07T01:30", "why-a-time-that-comes-twice")
    looker.go("/workspace/book/?called=ann", "book-whom")
    looker.go("/workspace/book/?client=new&type=session", "book-when")
    onward(page.locator("main button.time").first)
    looker.look("book-when-with-mistakes")
    page.get_by_label("Name").fill("Joe Old")
    page.get_by_label("Day and time").fill("2027-01-04T03:00")
    press(page, "Book this time")
    looker.look("book-past-a-rule")


def what_is_known_of_people(looker: Looker) -> None:
    """The people, one of them, their questions; the day with an answer being written."""
    page = looker.page
    looker.go("/workspace/clients/", "clients")
    looker.go("/workspace/clients/?name=nobody", "clients-none")
    page.goto(f"{looker.home}/workspace/clients/")
    onward(page.locator("main .people a").first)
    looker.look("client")
    onward(page.locator("main a[href$='/packages/']").first)
    looker.look("packages")
    press(page, "Sell it")
    looker.look("packages-with-mistakes")
    looker.go("/workspace/questions/", "workspace-questions")
    asked = page.locator("main .diary a[href*='/workspace/questions/']").first
    if asked.count():
        onward(asked)
        looker.look("workspace-question")
    page.goto(f"{looker.home}/workspace/")
    here = page.locator(".brief__answer summary").first
    if here.count():
        here.click()
        looker.look("today-answer")


def back_office(looker: Looker, house: Up) -> None:
    """Each model: its list on a desk, a form on a phone, by WCAG's rules; the tables are Django's own."""
    page = looker.page
    looker.tags = [*WCAG]
    looker.go("/backoffice/", "backoffice")
    addresses = {link.get_attribute("href") for link in page.locator("main a[href^='/backoffice/']").all()}
    lists = sorted(path for path in addresses if path and re.fullmatch(r"/backoffice/\w+/\w+/", path))
    assert len(lists) > 8
    for path in lists:
        name = "backoffice-" + path.strip("/").rpartition("/")[2]
        looker.views = (DESK,)
        looker.go(path, name)
        first = page.locator("#result_list a[href*='/change/']").first
        looker.views = (PHONE,)
        if first.count():
            onward(first)
            looker.look(f"{name}-one")


def test_errors(looker: Looker, house: Up) -> None:
    page = looker.page
    page.route(
        f"{house.url}/made/*",  # hard to bring about without breaking something
        lambda route: route.fulfill(
            body=render_to_string(route.request.url.rpartition("/")[2]), content_type="text/html"
        ),
    )
    for status in (403, 429, 500):
        looker.go(f"/made/{status}.html", f"error-{status}")
    looker.go("/nothing/", "error-404")
    looker.go("/?what=%00", "error-400")
    page.goto(f"{house.url}/accounts/login/")
    page.evaluate("document.querySelector('main form [name=csrfmiddlewaretoken]').value = 'stale'")
    press(page, "Go on")
    looker.look("error-403-stale")


def test_letters_as_their_readers_see_them(looker: Looker, house: Up) -> None:
    looker.tags = [*WCAG]  # a letter is no page: it needs no landmarks
    newest = {str(one["Subject"]).split(" ")[0]: one for one in letters(house)}
    assert len(newest) > 5
    for number, letter in enumerate(newest.values()):
        looker.page.goto("about:blank")
        looker.page.set_content(letter.get_body(("html",)).get_content())
        looker.look(f"mail-{number}")
