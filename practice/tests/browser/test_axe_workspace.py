"""The practitioner's pages and letters: nothing axe objects to, nothing too wide, nothing from elsewhere."""

from __future__ import annotations

import json
import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from practice.tests.browser.demo_site import DemoSite
from practice.tests.browser.page_checks import DESK, PHONE, WCAG, PageChecker
from practice.tests.browser.steps import onward, press_on, sign_in_at_once, use_session

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
A_FILE = b"Client,Date,Calendar,Type\nIda Long,3/4/2027 10:00 AM,Somebody,Any\nJoe,soon,Somebody,Any\n"
WORK = """
from booking.models import Import
from booking.moving_in.actions.work import work_on_next
while Import.objects.filter(state="checking").exists():
    work_on_next()
print("done")
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
from practice.tests.browser.inside_practice import session_of
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
from portal.session_notes.actions.assign import NewAssignment
from portal.session_notes.actions.wrap_up import WrapUp, sign
from portal.models import Exercise
from practice.testing import make_practitioner, make_user
from practice.tests.browser.inside_practice import session_of
wanda, olga = make_practitioner("Wanda Own", role="practitioner", order=9), make_user("Olga Booked")
then, kind = timezone.now() - timedelta(days=2), make_session_type(wanda, slug="own-hour", order=9)
one = make_appointment(session_type=kind, practitioner=wanda, start=then, client=olga)
given = [NewAssignment(Exercise.objects.filter(is_published=True).first(), "every day")]
sign(one, WrapUp(home=given, plan="after " + "breakfastandsupper" * 8), by=wanda.user, now=timezone.now())
long_name = "Bartholomea " + "Wolfeschlegelstein" * 5
Appointment.objects.filter(pk=one.pk).update(attendee_unclear=True, attendee_name=long_name)
print(session_of(wanda.user), one.uid)
"""


def test_looking_finds_what_is_wrong(new_page: Callable[..., Page]) -> None:
    checker = PageChecker(new_page(), "http://localhost:1")
    checker.page.set_content(
        "<html><body><h1>One</h1><h1>Two</h1><p>This field is required.</p><div id=wide>Wide</div>"
        "<img src='http://127.0.0.1:9/elsewhere.png'><style>#wide { width: 1500px }</style>"
    )
    checker.look("planted")
    found = "\n".join(checker.wrong)
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


def test_the_practitioners_pages(checker: PageChecker, demo_site: DemoSite) -> None:
    page = checker.page
    sign_in_at_once(page, demo_site, "tess@juniper.example")
    checker.go("/workspace/", "today")
    checker.go("/workspace/?day=2030-01-06", "today-empty")
    checker.go("/workspace/week/", "week")
    checker.go("/workspace/week/?day=2027-03-14&view=rooms", "week-of-rooms")
    checker.go("/workspace/day/", "day")
    page.goto(f"{demo_site.url}/workspace/")
    onward(page.locator("main a[href*='/workspace/appointments/']").first)
    checker.look("workspace-appointment")
    one = page.url
    checker.go(f"/workspace/appointments/{demo_site.run(AHEAD)}/move/", "move-when")
    onward(page.locator("main button.time").first)
    checker.look("move-sure")
    checker.go(f"{one.removeprefix(checker.home)}series/", "workspace-series")
    page.goto(f"{one}wrap-up/")
    checker.look("wrap-up")
    checker.go(f"{one.removeprefix(checker.home)}payments/", "account")
    checker.go("/workspace/practice/payments/", "payments")
    checker.go("/workspace/practice/payments/month/", "payments-month")
    checker.go(f"/workspace/appointments/{demo_site.run(NOTED)}/note/", "note")
    what_is_known_of_people(checker)
    booking_for_somebody(checker)
    checker.go("/workspace/practice/", "practice")
    checker.go("/workspace/status/", "status")
    hours_and_days_off(checker)
    for path in ("services/", "services/new/", "services/1/", "people/", "people/1/"):
        checker.go(f"/workspace/practice/{path}", f"practice-{path.replace('/', '-')}")
    checker.go("/workspace/settings/consent/", "what-clients-sign")
    checker.go("/workspace/settings/embed/", "settings-embed")
    checker.go("/workspace/settings/retention/", "settings-retention")
    checker.go("/workspace/settings/calendars/", "settings-calendars")
    page.get_by_label("Calendar link").fill("no address")
    press_on(page, "Add calendar")
    checker.look("settings-calendars-with-mistakes")
    press_on(page, "Create link")
    checker.look("settings-feed-made")
    importing(checker, demo_site)
    checker.go("/workspace/waitlist/", "waitlist")
    checker.go("/workspace/clocks/", "clocks-that-match")
    demo_site.run(OFF_THE_CLOCK)
    checker.go("/workspace/clocks/", "clocks")
    checker.go("/workspace/letters/", "letters")
    checker.go("/workspace/letters/?show=wrong", "letters-none")
    demo_site.call("asks_for_a_code", "tess@juniper.example")
    for pk in demo_site.run(LETTERS).split():
        checker.go(f"/workspace/letters/{pk}/", f"letter-{pk}")
    back_office(checker, demo_site)


def test_the_pages_that_ask_whose_session_it_was(checker: PageChecker, demo_site: DemoSite) -> None:
    session, uid = demo_site.run(UNCLEAR).split()
    use_session(checker.page, demo_site, session)
    checker.go(f"/workspace/appointments/{uid}/", "whose-session")
    press_on(checker.page, "Someone else: create a separate record")
    checker.look("whose-session-along")


def test_the_pages_for_the_person_who_is_ill(checker: PageChecker, demo_site: DemoSite) -> None:
    page = checker.page
    session, day = demo_site.run(ILL).split()
    use_session(page, demo_site, session)
    checker.go("/workspace/practice/days-off/", "away")
    checker.go("/workspace/practice/days-off/?practitioner=willa&first=2020-01-01", "away-with-mistakes")
    checker.go(f"/workspace/practice/days-off/?practitioner=willa&first={day}", "away-who-is-booked")
    press_on(page, "Close this day")
    checker.look("away-closed")
    page.get_by_label("A note to all of them").fill("I have a fever. I am sorry.")
    press_on(page, "Preview emails")
    checker.look("away-emails")
    press_on(page, "Confirm and send emails")
    checker.look("away-done")
    checker.go(f"/workspace/?day={day}", "today-closed")


def hours_and_days_off(checker: PageChecker) -> None:
    """A week as it is saved, with mistakes, and with one more row; holidays, and days off to be changed."""
    page = checker.page
    checker.go("/workspace/practice/hours/", "hours")
    page.get_by_label("Tuesday, from").first.fill("late")
    page.get_by_label("Monday, to").first.fill("3 am")
    press_on(page, "Save hours")
    checker.look("hours-with-mistakes")
    checker.go("/workspace/practice/hours/jonah/", "hours-of-a-colleague")
    checker.go("/workspace/practice/days-off/holidays/", "holidays")
    page.goto(f"{checker.home}/workspace/practice/days-off/")
    onward(page.locator(".coming__off a").first)
    onward(page.locator("main a[href$='/change/']"))
    checker.look("days-off-change")


def importing(checker: PageChecker, demo_site: DemoSite) -> None:
    """A file with something wrong in it, at each of its steps."""
    page = checker.page
    checker.go("/workspace/practice/import/", "import")
    press_on(page, "Upload and look at it")
    checker.look("import-with-mistakes")
    page.get_by_label("Future appointments").check()
    page.get_by_label("CSV file").set_input_files({"name": "a.csv", "mimeType": "text/csv", "buffer": A_FILE})
    press_on(page, "Upload and look at it")
    checker.look("import-columns")
    page.get_by_label("Days are written").select_option("mdy")
    press_on(page, "Check all rows")
    demo_site.run(WORK)
    page.reload()
    checker.look("import-checked")
    press_on(page, "Remove this file")


def booking_for_somebody(checker: PageChecker) -> None:
    page, asked = checker.page, "type=session&practitioner=any"
    checker.go("/workspace/why/", "why")
    checker.go(f"/workspace/why/?{asked}&asker=unknown&at=2027-03-08T10:00", "why-a-time")
    checker.go(f"/workspace/why/?{asked}&asker=unknown&at=2027-11-07T01:30", "why-a-time-that-comes-twice")
    checker.go("/workspace/book/?q=ann", "book-whom")
    checker.go("/workspace/book/?client=new&type=session", "book-when")
    onward(page.locator("main button.time").first)
    checker.look("book-with-a-time")
    press_on(page, "Book")
    checker.look("book-with-mistakes")
    checker.go("/workspace/book/?client=new&type=session&at=2027-03-08T03:00", "book-past-a-rule")
    checker.go("/workspace/book/?at=2027-11-07T01:30", "book-a-time-that-comes-twice")
    checker.go("/workspace/search/?q=ann", "search")
    checker.go("/workspace/search/?q=nobody", "search-none")
    page.locator("#find").fill("ann")
    page.locator("#find-found li").first.wait_for()
    checker.look("search-suggestions")
    checker.go("/workspace/messages/", "messages")


def what_is_known_of_people(checker: PageChecker) -> None:
    """The people, one of them, their questions; the day with an answer being written."""
    page = checker.page
    checker.go("/workspace/clients/", "clients")
    checker.go("/workspace/clients/?name=nobody", "clients-none")
    page.goto(f"{checker.home}/workspace/clients/")
    onward(page.locator("main .people a", has_text="Ann Whitfield"))  # others come and go in other tests
    checker.look("client")
    client = page.url.partition("?")[0].removeprefix(checker.home)
    for part in ("plan", "home", "contact"):
        checker.go(f"{client}?edit={part}", f"client-{part}")
    checker.go(f"{client}merge/?name=Ben", "merge-choose")
    onward(page.locator("main .people a").first)
    checker.look("merge-sure")
    page.goto(f"{checker.home}{client}")
    onward(page.locator("main a[href$='/packages/']").first)
    checker.look("packages")
    press_on(page, "Add package")
    checker.look("packages-with-mistakes")
    checker.go("/workspace/questions/", "workspace-questions")
    onward(page.locator("main .diary a[href*='/workspace/questions/']").first)
    checker.look("workspace-question")
    page.goto(f"{checker.home}/workspace/")
    page.locator(".brief__answer summary").first.click()
    checker.look("today-answer")


def back_office(checker: PageChecker, demo_site: DemoSite) -> None:
    """Each model: its list on a desk, a form on a phone, by WCAG's rules; the tables are Django's own."""
    page = checker.page
    checker.tags = [*WCAG]
    checker.go("/backoffice/", "backoffice")
    addresses = {link.get_attribute("href") for link in page.locator("main a[href^='/backoffice/']").all()}
    lists = sorted(path for path in addresses if path and re.fullmatch(r"/backoffice/\w+/\w+/", path))
    assert len(lists) > 8
    for path in lists:
        name = "backoffice-" + path.strip("/").rpartition("/")[2]
        checker.views = (DESK,)
        page.goto(checker.home + path)
        page.evaluate(THREE_ROWS)
        checker.look(name)
        first = page.locator("#result_list a[href*='/change/']").first
        checker.views = (PHONE,)
        if first.count():
            onward(first)
            checker.look(f"{name}-one")


def test_emails_as_their_readers_see_them(checker: PageChecker, demo_site: DemoSite) -> None:
    checker.tags = [*WCAG]  # a letter is no page: it needs no landmarks
    code_of = demo_site.call("newcomer", "Cora Dell")
    demo_site.call("asks_for_a_code", code_of)
    written = json.loads(demo_site.run(EACH_KIND))
    assert len(written) > 12
    written["sign_in_code"] = demo_site.letter(code_of, "code").get_body(("html",)).get_content()
    for kind, html in written.items():
        checker.page.goto("about:blank")
        checker.page.set_content(html)
        checker.look(f"mail-{kind}")
