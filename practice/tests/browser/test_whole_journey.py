"""The whole loop, as people live it: from a visitor's search for a time to the second session.

A real browser that plays sound, and the practice with its worker, clock, broker and a real mail server. Only
the days between are made to pass quickly: `days_pass` moves one client's rows, and nobody else's.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from email.message import EmailMessage
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

import pytest
from playwright.sync_api import Page, expect

from practice.tests.browser.demo_site import DemoSite, link_in, text_of
from practice.tests.browser.steps import (
    follow,
    onward,
    press,
    sign_in_by_code,
    sign_in_from_page,
    use_second_factor,
)

pytestmark = [pytest.mark.browser, pytest.mark.processes]

LENA = "lena.vogt@example.org"
JONAH = "jonah@juniper.example"
PLAN = "After the news, beside the piano"
OBSTACLE = "If the neighbours are loud, with ear plugs"
WORD = "Slower than you think, Lena"
NOTICED = "The left heel is heavier than the right one"
ASKED = "May I use a pillow for the head?"
ANSWER = "A thin one, folded once. And tell me whether the neck likes it."
NOTE = "Sacrum leans to the right, answers late"
LESSON = "Let the floor hold you"
EXERCISE = "The open book"

DAYS_PASS = """
import datetime as dt
from django.db.models import F
from django.utils import timezone
from booking.models import Appointment
from practice.models import Letter
her = Appointment.objects.filter(client__email="{who}").order_by("-booked_at")[0]
ended = timezone.now() - dt.timedelta(hours=17)
passed = her.ends_at - ended
Appointment.objects.filter(  # whoever had those hours in the demo makes room
    practitioner=her.practitioner,
    starts_at__lt=ended,
    ends_at__gt=her.starts_at - passed - dt.timedelta(hours=2),
).update(occupies=False)
Appointment.objects.filter(pk=her.pk).update(
    starts_at=her.starts_at - passed, ends_at=ended, booked_at=her.booked_at - passed
)
Letter.objects.filter(about=her.about, state="planned").update(state="cancelled")
print(her.uid)
"""
THE_NIGHT_PASSES = """
import datetime as dt
from django.db.models import F
from django.utils import timezone
from booking.models import Appointment
from practice.models import Letter
more, moved = dt.timedelta(minutes=70), Appointment.objects.filter(client__email="{who}")
assert moved.update(starts_at=F("starts_at") - more, ends_at=F("ends_at") - more) == 1
first = Letter.objects.filter(kind="follow_up", user__email="{who}", state="planned").order_by("due_at")[0]
Letter.objects.filter(pk=first.pk).update(due_at=timezone.now())
"""
NEXT_IS_DUE = """
from django.utils import timezone
from practice.models import Letter
waiting = Letter.objects.filter(kind="follow_up", user__email="{who}", state="planned")
Letter.objects.filter(pk=waiting.order_by("due_at").first().pk).update(due_at=timezone.now())
"""
SECOND_IS_TODAY = """
import datetime as dt
from django.utils import timezone
from booking.models import Appointment
her = Appointment.objects.filter(client__email="{who}", state="booked").order_by("-booked_at")[0]
now, length = timezone.now(), her.ends_at - her.starts_at
Appointment.objects.filter(  # whoever is there now in the demo makes room
    practitioner=her.practitioner, starts_at__lt=now + length, ends_at__gt=now - length
).update(occupies=False)
Appointment.objects.filter(pk=her.pk).update(starts_at=now - length / 2, ends_at=now + length / 2)
print(her.uid)
"""
REASON = """
from practice.models import Letter
for one in Letter.objects.filter(kind="follow_up", user__email="{who}").order_by("id"):
    print(one.state, one.reason)
"""


@pytest.fixture
def desk(new_page: Callable[..., Page]) -> Page:
    """The practitioner's browser."""
    return new_page(viewport={"width": 1280, "height": 900})


@pytest.fixture
def phone(new_page: Callable[..., Page]) -> Page:
    """The client's phone, in a zone of its own."""
    return new_page(viewport={"width": 390, "height": 844}, timezone_id="America/Costa_Rica")


def asks(demo_site: DemoSite, code: str) -> str:
    """The last line that a piece of code prints inside the practice."""
    return demo_site.run(code.format(who=LENA))


def books_a_first_session(phone: Page, demo_site: DemoSite) -> None:
    """With Jonah, as a guest, in her own zone."""
    phone.goto(f"{demo_site.url}/book/first-session/?with=jonah")
    onward(phone.locator("a.day").nth(3))
    phone.locator("button.time").first.click()
    phone.get_by_label("Your name").fill("Lena Vogt")
    phone.get_by_label("Email").fill(LENA)
    phone.get_by_label("I have read this").check()
    phone.get_by_role("button", name=re.compile("^Book ")).click()
    expect(phone.get_by_role("heading", level=1)).to_have_text("You’re booked.")
    assert demo_site.letter(LENA, "Booked")


def wraps_up(desk: Page, demo_site: DemoSite, uid: str) -> None:
    """Between two people: what was found, what goes home, her own plan; signed."""
    sign_in_by_code(desk, demo_site, JONAH)
    use_second_factor(desk, demo_site)
    desk.goto(f"{demo_site.url}/workspace/")
    # Of yesterday it needs a person; from five in the afternoon on it was today, and stands in the book.
    expect(desk.get_by_role("link", name=re.compile("Wrap up.*Lena Vogt")).first).to_be_visible()
    desk.goto(f"{demo_site.url}/workspace/appointments/{uid}/wrap-up/")
    desk.get_by_label("Foundation").fill(NOTE)
    desk.locator("input[name=region][value=pelvis]").check()
    takes_home(desk, 0, LESSON, often="Every second day", word=WORD)
    takes_home(desk, 1, EXERCISE)
    desk.get_by_label("When and where").fill(PLAN)
    desk.get_by_label("And if something gets in the way").fill(OBSTACLE)
    desk.get_by_label("Lena agrees to these emails.").check()
    press(desk, "Sign and finish")
    expect(desk.get_by_text(NOTE)).to_be_visible()
    expect(desk.get_by_label("Foundation")).to_have_count(0)


def takes_home(desk: Page, place: int, title: str, *, often: str = "", word: str = "") -> None:
    """Choose a thing in its place on the page."""
    take = desk.locator(".take").nth(place)
    option = take.locator("option").filter(has_text=title).first
    take.locator("select").select_option(value=option.get_attribute("value"))
    if often:
        take.get_by_label("How often").fill(often)
    if word:
        take.get_by_label("A note from you").fill(word)


def the_follow_up(demo_site: DemoSite) -> EmailMessage:
    """The letter that the worker sends by itself, 18 hours after the session."""

    def found() -> list[EmailMessage]:
        return [one for one in list(demo_site.post.accepted) if LENA in one["To"] and one["List-Unsubscribe"]]

    assert demo_site.post.wait_until(lambda: bool(found()), 60), asks(demo_site, REASON)
    return found()[-1]


def reads_her_letter(letter: EmailMessage) -> str:
    """From Jonah, her plan word for word, no condition outside; the one link to the lesson."""
    said = text_of(letter)
    assert letter["From"].startswith("Jonah Reyes")
    assert PLAN in said
    assert OBSTACLE in said
    assert WORD in said
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    outside = " ".join((letter["Subject"], letter["Message-ID"], letter["List-Unsubscribe"]))
    assert not re.search("back|hip|pain|sacrum|floor", outside, re.IGNORECASE)
    assert set(re.findall(r"https?://\S*/portal/\S*", said)) == {link_in(letter, "/portal/lessons/")}
    return link_in(letter, "/portal/lessons/")


def practises(phone: Page, demo_site: DemoSite, link: str) -> None:
    """Through signing in to the lesson itself: prepare, notice, hear, notice again, ask."""
    phone.goto(link)
    phone.wait_for_url("**/accounts/login/**")
    sign_in_from_page(phone, demo_site, LENA)
    phone.wait_for_url("**/portal/lessons/let-the-floor-hold-you/")
    press(phone, "I have read")
    phone.get_by_label("How are you lying right now?").fill("crooked")
    phone.locator("input[name=pain_before][value='4']").check()
    phone.locator('[data-do="toggle"]:visible').first.click()
    phone.wait_for_function("() => document.querySelector('audio').currentTime > 2")
    with phone.expect_response(lambda answer: answer.url.endswith("/heard/") and answer.ok):
        phone.evaluate("document.querySelector('audio').currentTime = 300")
    with phone.expect_response(lambda answer: answer.url.endswith("/heard/") and answer.ok):
        phone.wait_for_function("() => document.querySelector('audio').currentTime > 303")
        phone.evaluate("document.querySelector('audio').pause()")
    phone.get_by_label("What did you notice?").fill(NOTICED)
    phone.locator("input[name=pain_after][value='3']").check()
    press(phone, "Save")
    expect(phone.locator("[data-said]")).to_contain_text("Saved")
    phone.get_by_label(re.compile("A question for")).fill(ASKED)
    press(phone, "Send question")
    expect(phone.locator("[data-asked]")).to_contain_text("Question sent")


def goes_on_elsewhere(new_page: Callable[..., Page], phone: Page, demo_site: DemoSite) -> None:
    """Another device, the same person: the first page knows where she stopped, and her own plan."""
    page = new_page(storage_state={"cookies": phone.context.cookies(), "origins": []})
    page.goto(f"{demo_site.url}/portal/")
    expect(page.get_by_text(PLAN)).to_be_visible()
    expect(page.get_by_role("link", name=re.compile("Continue at 5:[0-2]"))).to_be_visible()


def does_an_exercise(phone: Page, demo_site: DemoSite) -> None:
    """One tap."""
    phone.goto(f"{demo_site.url}/portal/exercises/the-open-book/")
    press(phone, "Mark as done")
    expect(phone.get_by_text(re.compile("^Done at"))).to_be_visible()


def the_next_letter_waits(demo_site: DemoSite) -> None:
    """She has practised: the letter of the plan that would be due is put off, and its row says why."""
    asks(demo_site, NEXT_IS_DUE)
    assert demo_site.post.wait_until(lambda: "practic" in asks(demo_site, REASON), 60), asks(
        demo_site, REASON
    )


def stops_the_letters(letter: EmailMessage, demo_site: DemoSite) -> None:
    """One click in the mail programme, without a cookie; twice is the same. The rest is called off."""
    way_out = letter["List-Unsubscribe"].strip().strip("<>")
    assert way_out.startswith("http")
    for _ in range(2):
        post = Request(demo_site.url + urlsplit(way_out).path, data=b"List-Unsubscribe=One-Click")
        with urlopen(post, timeout=20) as answer:
            assert answer.status == 200
    states = [line.split()[0] for line in asks(demo_site, REASON).splitlines()]
    assert states[0] == "sent"
    assert set(states[1:]) == {"cancelled"}


def comes_again(phone: Page, demo_site: DemoSite) -> None:
    """She books her second session: signed in, she is asked for nothing that she said before."""
    phone.goto(f"{demo_site.url}/book/session/?with=jonah")
    onward(phone.locator("a.day").nth(4))
    phone.locator("button.time").first.click()
    expect(phone.get_by_label("For me, Lena Vogt")).to_be_checked()
    phone.get_by_role("button", name=re.compile("^Book ")).click()
    expect(phone.get_by_role("heading", level=1)).to_have_text("You’re booked.")


def is_expected(desk: Page, demo_site: DemoSite, uid: str) -> None:
    """Two minutes before the second session: what she did, noticed and asked. The answer is given there."""
    desk.goto(f"{demo_site.url}/workspace/")
    # In the evening her first session, moved into the night before, stands in the same day's book.
    entry = desk.locator(".daybook > li").filter(has=desk.locator(f"a[href*='{uid}']"))
    expect(entry).to_contain_text(LESSON)
    expect(entry).to_contain_text(NOTICED)
    expect(entry).to_contain_text(ASKED)
    expect(entry).to_contain_text(re.compile("4.*3"))
    desk.goto(f"{demo_site.url}/workspace/questions/")
    follow(desk, "Lena Vogt")
    desk.get_by_label(re.compile("answer", re.I)).fill(ANSWER)
    onward(desk.locator("main form button[type=submit]").first)
    desk.goto(f"{demo_site.url}/workspace/appointments/{uid}/wrap-up/")
    expect(desk.get_by_label("When and where")).to_have_value(PLAN)


def test_from_the_session_to_the_lesson_and_back(
    phone: Page, desk: Page, new_page: Callable[..., Page], demo_site: DemoSite
) -> None:
    books_a_first_session(phone, demo_site)
    wraps_up(desk, demo_site, asks(demo_site, DAYS_PASS).split()[-1])
    asks(demo_site, THE_NIGHT_PASSES)

    letter = the_follow_up(demo_site)
    phone.context.clear_cookies()
    practises(phone, demo_site, reads_her_letter(letter))
    goes_on_elsewhere(new_page, phone, demo_site)
    does_an_exercise(phone, demo_site)
    the_next_letter_waits(demo_site)
    stops_the_letters(letter, demo_site)

    comes_again(phone, demo_site)
    is_expected(desk, demo_site, asks(demo_site, SECOND_IS_TODAY).split()[-1])
    phone.goto(f"{demo_site.url}/portal/questions/")
    expect(phone.get_by_text(ANSWER)).to_be_visible()
