"""The practitioner's pages and letters: nothing axe objects to, nothing too wide, nothing from elsewhere."""

from __future__ import annotations

import json
import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from practice.tests.browser.looking import DESK, PHONE, WCAG, Looker
from practice.tests.browser.steps import comes_in, holds, onward, press_on
from practice.tests.browser.town import Town

pytestmark = [pytest.mark.browser, pytest.mark.processes, pytest.mark.long]

# The last letter of each kind that went to the demo's people before anything else happened.
EACH_KIND = """
import json
from practice.models import Letter
from practice.tests.processes.shifted_clock import TUESDAY_AT_TEN
sent = Letter.objects.filter(sent_at__lt=TUESDAY_AT_TEN).order_by("pk")
print(json.dumps({one.kind: one.html for one in sent if one.html}))
"""
NOTED = """
from portal.models import SessionNote
print(SessionNote.objects.filter(signed_at__isnull=False).first().appointment.uid)
"""
AHEAD = """
from datetime import timedelta
from django.utils import timezone
from booking.models import Appointment
ahead = Appointment.objects.filter(state="booked", practitioner__slug="tess", client__isnull=False)
print(ahead.filter(starts_at__gt=timezone.now() + timedelta(hours=12)).order_by("starts_at").first().uid)
"""
# The rows of a table are alike, and there may be a hundred.
THREE_ROWS = (
    "() => document.querySelectorAll('#result_list tbody tr:nth-child(n+4)').forEach(row => row.remove())"
)
# A frame, one that waits, one nobody may read.
LETTERS = """
from django.db.models import Max
from practice.models import Letter
shown = Letter.objects.filter(kind__in=("confirmation", "reminder", "sign_in_code"))
newest = shown.values("kind").annotate(newest=Max("pk")).values_list("newest", flat=True)
assert len(newest) == 3
print(*newest)
"""
# As after new rules: three sessions were agreed for the hour after the one that clocks will show.
OFF_THE_CLOCK = """
from datetime import timedelta, timezone as zone
from zoneinfo import ZoneInfo
from django.utils import timezone
from booking.models import Appointment
for one in Appointment.objects.filter(state="booked", starts_at__gt=timezone.now())[:3]:
    offset = one.starts_at.astimezone(ZoneInfo(one.practitioner.zone)).utcoffset() + timedelta(hours=1)
    agreed = one.starts_at.astimezone(zone(offset)).isoformat()
    Appointment.objects.filter(pk=one.pk).update(wall_here=f"{agreed}[{one.practitioner.zone}]")
"""
# People of their own, for the days of others are in other stories: Willa is ill, Wim is there.
ILL = """
from datetime import timedelta
from booking.appointments.actions.book import Attendee, book
from booking.testing import make_session_type, open_every_day
from django.utils import timezone
from practice.testing import make_practitioner
from practice.tests.browser.people import session_of
willa, wim = make_practitioner("Willa Ode", role="practitioner", order=9), make_practitioner(
    "Wim Near", role="practitioner", order=9)
for one in (willa, wim):
    open_every_day(one)
kind = make_session_type(willa, wim, slug="ill-hour", name="An hour", order=9)
alone = make_session_type(willa, slug="ill-long", name="A long hour", minutes=90, order=9)
day = timezone.now().replace(hour=17, minute=0, second=0, microsecond=0) + timedelta(days=3)
long_name = "Bartholomea " + "Wolfeschlegelstein" * 5
for hours, what, name in ((0, kind, "Ida"), (1, kind, long_name), (2, alone, "Joe")):
    who = Attendee(name, f"{name[:3].lower()}@ill.example", "303 555 0101", "America/Denver")
    book(what, practitioners=[willa], start=day + timedelta(hours=hours), attendee=who, consent=True)
print(session_of(willa.user), day.date())
"""
# As of before everybody had a record of their own: wrapped up under the name of who booked it.
UNCLEAR = """
from datetime import timedelta
from django.utils import timezone
from booking.models import Appointment
from booking.testing import make_appointment, make_session_type
from portal.session_notes.actions.assign import Given
from portal.session_notes.actions.wrap_up import WrapUp, sign
from portal.models import Exercise
from practice.testing import make_practitioner, make_user
from practice.tests.browser.people import session_of
wanda, olga = make_practitioner("Wanda Own", role="practitioner", order=9), make_user("Olga Booked")
then, kind = timezone.now() - timedelta(days=2), make_session_type(wanda, slug="own-hour", order=9)
one = make_appointment(session_type=kind, practitioner=wanda, start=then, client=olga)
given = [Given(Exercise.objects.filter(is_published=True).first(), "every day")]
sign(one, WrapUp(home=given, plan="after " + "breakfastandsupper" * 8), by=wanda.user, now=timezone.now())
long_name = "Bartholomea " + "Wolfeschlegelstein" * 5
Appointment.objects.filter(pk=one.pk).update(attendee_unclear=True, attendee_name=long_name)
print(session_of(wanda.user), one.uid)
"""


def test_looking_finds_what_is_wrong(new_page: Callable[..., Page]) -> None:
    looker = Looker(new_page(), "http://localhost:1")
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


def test_the_practitioners_pages(looker: Looker, town: Town) -> None:
    page = looker.page
    comes_in(page, town, "tess@juniper.example")
    looker.go("/workspace/", "today")
    looker.go("/workspace/?day=2030-01-06", "today-empty")
    page.goto(f"{town.url}/workspace/")
    onward(page.locator("main a[href*='/workspace/appointments/']").first)
    looker.look("workspace-appointment")
    one = page.url
    looker.go(f"/workspace/appointments/{town.run(AHEAD)}/move/", "move-when")
    onward(page.locator("main button.time").first)
    looker.look("move-sure")
    looker.go(f"{one.removeprefix(looker.home)}series/", "workspace-series")
    page.goto(f"{one}wrap-up/")
    looker.look("wrap-up")
    looker.go(f"/workspace/appointments/{town.run(NOTED)}/note/", "note")
    what_is_known_of_people(looker)
    booking_for_somebody(looker)
    looker.go("/workspace/settings/", "settings")
    looker.go("/workspace/settings/consent/", "what-clients-sign")
    looker.go("/workspace/settings/embed/", "settings-embed")
    looker.go("/workspace/settings/calendars/", "settings-calendars")
    page.get_by_label("Calendar link").fill("no address")
    press_on(page, "Add calendar")
    looker.look("settings-calendars-with-mistakes")
    press_on(page, "Create link")
    looker.look("settings-feed-made")
    looker.go("/workspace/waitlist/", "waitlist")
    looker.go("/workspace/clocks/", "clocks-that-match")
    town.run(OFF_THE_CLOCK)
    looker.go("/workspace/clocks/", "clocks")
    looker.go("/workspace/letters/", "letters")
    looker.go("/workspace/letters/?show=wrong", "letters-none")
    town.call("asks_for_a_code", "tess@juniper.example")
    for pk in town.run(LETTERS).split():
        looker.go(f"/workspace/letters/{pk}/", f"letter-{pk}")
    back_office(looker, town)


def test_the_pages_that_ask_whose_session_it_was(looker: Looker, town: Town) -> None:
    session, uid = town.run(UNCLEAR).split()
    holds(looker.page, town, session)
    looker.go(f"/workspace/appointments/{uid}/", "whose-session")
    press_on(looker.page, "Someone else: create a separate record")
    looker.look("whose-session-along")


def test_the_pages_for_whoever_is_ill(looker: Looker, town: Town) -> None:
    page = looker.page
    session, day = town.run(ILL).split()
    holds(page, town, session)
    looker.go("/workspace/away/", "away")
    looker.go("/workspace/away/?practitioner=willa&first=2020-01-01", "away-with-mistakes")
    looker.go(f"/workspace/away/?practitioner=willa&first={day}", "away-who-is-booked")
    press_on(page, "Close this day")
    looker.look("away-closed")
    page.get_by_label("A note to all of them").fill("I have a fever. I am sorry.")
    press_on(page, "Preview emails")
    looker.look("away-emails")
    press_on(page, "Confirm and send emails")
    looker.look("away-done")
    looker.go(f"/workspace/?day={day}", "today-closed")


def booking_for_somebody(looker: Looker) -> None:
    page, asked = looker.page, "type=session&practitioner=any"
    looker.go("/workspace/why/", "why")
    looker.go(f"/workspace/why/?{asked}&asker=unknown&at=2027-03-08T10:00", "why-a-time")
    looker.go(f"/workspace/why/?{asked}&asker=unknown&at=2027-11-07T01:30", "why-a-time-that-comes-twice")
    looker.go("/workspace/book/?called=ann", "book-whom")
    looker.go("/workspace/book/?client=new&type=session", "book-when")
    onward(page.locator("main button.time").first)
    looker.look("book-sure")
    press_on(page, "Book this time")
    looker.look("book-sure-with-mistakes")
    looker.go("/workspace/book/?client=new&type=session", "book-when-again")
    page.get_by_label("Day and time").fill("2027-03-08T03:00")
    press_on(page, "Check this time")
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
    press_on(page, "Add package")
    looker.look("packages-with-mistakes")
    looker.go("/workspace/questions/", "workspace-questions")
    onward(page.locator("main .diary a[href*='/workspace/questions/']").first)
    looker.look("workspace-question")
    page.goto(f"{looker.home}/workspace/")
    page.locator(".brief__answer summary").first.click()
    looker.look("today-answer")


def back_office(looker: Looker, town: Town) -> None:
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
        page.goto(looker.home + path)
        page.evaluate(THREE_ROWS)
        looker.look(name)
        first = page.locator("#result_list a[href*='/change/']").first
        looker.views = (PHONE,)
        if first.count():
            onward(first)
            looker.look(f"{name}-one")


def test_letters_as_their_readers_see_them(looker: Looker, town: Town) -> None:
    looker.tags = [*WCAG]  # a letter is no page: it needs no landmarks
    code_of = town.call("newcomer", "Cora Dell")
    town.call("asks_for_a_code", code_of)
    written = json.loads(town.run(EACH_KIND))
    assert len(written) > 12
    written["sign_in_code"] = town.letter(code_of, "code").get_body(("html",)).get_content()
    for kind, html in written.items():
        looker.page.goto("about:blank")
        looker.page.set_content(html)
        looker.look(f"mail-{kind}")
