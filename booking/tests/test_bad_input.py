"""Every field and parameter is sent what no page of ours would send: told in words, nothing stored.

A row is a door and one of its fields. Into it go a number below nothing, one that no machine holds, JSON,
half a character and a hundred thousand signs; and NUL, which is 400 everywhere. What would be acted on is
refused in a sentence; a day, a zone or a name that an address asks to be shown is read as not said.
"""

from __future__ import annotations

import copy
import dataclasses
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

import pytest
import time_machine
from django.test import Client

from booking import links
from booking.models import (
    Appointment,
    AppointmentChange,
    IdempotencyKey,
    ImportedCalendar,
    Intake,
    WaitlistEntry,
)
from booking.tests.intake_writer import NO_SIGNS, IntakeWriter
from booking.tests.people import BEN, NOW, TEN, booked, denver, kept, make_both
from booking.tests.web_client import ANN_TYPES, browser, form_of, words_of
from booking.waitlist.actions.join import WaitlistChoices, join
from practice.models import Letter, User
from practice.testing import at_work, make_user
from practice.tests.sampling import proof_only

pytestmark = [pytest.mark.long, pytest.mark.usefixtures("a_monday_in_march")]  # 600 pages

BELOW, HUGE, JSON, HALF, LONG = "-1", "9" * 400, '{"$ne": []}', "a\ud800b", "x" * 100_000
ALL = (BELOW, HUGE, JSON, HALF, LONG)
NUL = "a\x00b"
WISH = {
    "practitioner": "any",
    "weekdays": "2",
    "earliest": "09:00",
    "latest": "12:00",
    "last_day": "2027-04-01",
    "name": "Ann Lee",
    "email": "new@example.com",
    "phone": "",
    "agree": "on",
    "tz": "America/Denver",
}
PRESS = {"practitioner": "tess", "tz": "America/Denver", "start": TEN.isoformat(), "press": "0" * 32}
SHORTEN = "Please shorten"


@dataclass
class Scenario:
    """What stands, and who may knock where."""

    paths: dict[str, str]
    intake: IntakeWriter
    desk: Client
    client: Client

    def send(self, target: str, said: dict[str, str], *, get: bool = False) -> Any:
        """Knock as a browser does; half a character goes as the three bytes some programs make of it."""
        if target.startswith("intake "):
            said = {"version": str(Intake.objects.get().version), **said}
        who = {"calendars": self.desk, "why": self.desk, "series": self.client}.get(
            target, self.intake.client
        )
        coded = urlencode(said, quote_via=quote, errors="surrogatepass")
        path = self.paths[target]
        if get:
            return who.get(f"{path}?{coded}")
        return who.post(path, coded, content_type="application/x-www-form-urlencoded")


@pytest.fixture(scope="module")
def shared_scenario(module_db) -> Scenario:
    """Made once for all tests here: none of them may leave anything changed."""
    with time_machine.travel(NOW, tick=False):
        return make_scenario()


@pytest.fixture
def scenario(shared_scenario) -> Scenario:
    """The same house, with browsers that have been nowhere else yet."""
    browsers = {name: copy.deepcopy(getattr(shared_scenario, name)) for name in ("desk", "client", "intake")}
    return dataclasses.replace(shared_scenario, **browsers)


def make_scenario() -> Scenario:
    """Ann has a session with its intake, and waits for another; Ben keeps a time."""
    both, tess, _jonah = make_both()
    made, held = booked(both, tess), kept(both, tess, denver("2027-03-17 10:00"), visitor="ben")
    last_day = denver("2027-04-01 00:00").date()
    wish = join(both, WaitlistChoices(last_day=last_day), attendee=BEN, now=NOW)
    assert wish
    writer = IntakeWriter(Intake.objects.get()).begin()
    client = browser()
    client.force_login(make_user("Cleo", phone="+13035550101"))
    link = links.appointment_path(made)
    paths = {
        "types": "/book/",
        "times": "/book/session/",
        "keep": "/book/session/hold/",
        "details": form_of(held),
        "let go": f"{form_of(held)}let-go/",
        "wait": "/book/session/wait/",
        "wish": links.waitlist_path(wish),
        "appointment": link,
        "move": f"{link}move/",
        "cancel": f"{link}cancel/",
        "calendar file": f"{link}calendar.ics",
        "series": "/portal/appointments/series/session/",
        "calendars": "/workspace/settings/calendars/",
        "why": "/workspace/why/",
        **{
            f"intake {step}": f"{writer.path}{step}/"
            for step in ("since", "where", "change", "care", "signs")
        },
        "intake goals": f"{writer.path}goals/",
    }
    frame = {f"frame: {target}": f"/embed{paths[target]}" for target in ("times", "keep", "details", "wait")}
    return Scenario({**paths, **frame}, writer, at_work(tess.user), client)


def rows() -> dict[str, Any]:
    """Everything these pages could write."""
    counted = (Appointment, AppointmentChange, IdempotencyKey, Letter, User, WaitlistEntry, ImportedCalendar)
    return {
        **{model.__name__: model.objects.count() for model in counted},
        "states": list(Appointment.objects.order_by("pk").values_list("state", "starts_at", "sequence")),
        "waits": list(WaitlistEntry.objects.order_by("pk").values_list("state", flat=True)),
        "intakes": list(Intake.objects.order_by("pk").values_list("version", flat=True)),
    }


# What is acted on: one field of a form that is right in all others.
FORMS: list[tuple[str, dict[str, str], str, tuple[str, ...], str]] = [
    ("keep", PRESS, "start", ALL, "couldn’t read that time"),
    ("keep", PRESS, "practitioner", ALL, "No practitioner with this name offers this session."),
    ("keep", PRESS, "tz", ALL, "We don’t know this time zone."),
    ("details", ANN_TYPES, "name", (LONG,), "up to 150 characters"),
    ("details", ANN_TYPES, "email", ALL, "address"),
    ("details", ANN_TYPES, "phone", ALL, "phone number"),
    ("wait", WISH, "practitioner", ALL, "Please choose one of these."),
    ("wait", WISH, "weekdays", ALL, "Please choose from these days."),
    ("wait", WISH, "earliest", ALL, "a time like 14:30"),
    ("wait", WISH, "latest", ALL, "a time like 14:30"),
    ("wait", WISH, "last_day", ALL, "a date like 2027-03-16"),
    ("wait", WISH, "name", (LONG,), "up to 150 characters"),
    ("wait", WISH, "email", ALL, "address"),
    ("wait", WISH, "phone", ALL, "phone number"),
    ("move", {}, "start", ALL, "couldn’t read that time"),
    ("series", {"with": "tess", "every": "1", "number": "3"}, "start", ALL, "couldn’t read that time"),
    ("calendars", {"practitioner": "tess"}, "url", ALL, "address"),
    ("calendars", {"url": "https://calendar.example/a.ics"}, "practitioner", ALL, "whose calendar it is"),
    ("intake since", {}, "since", ALL, "no longer one of the choices"),
    ("intake since", {}, "how", (LONG,), SHORTEN),
    ("intake where", {}, "region", ALL, "one of the marks"),
    ("intake where", {}, "words", (LONG,), SHORTEN),
    ("intake change", {}, "better", (LONG,), SHORTEN),
    ("intake change", {}, "worse", (LONG,), SHORTEN),
    ("intake care", {}, "had", ALL, "no longer one of the choices"),
    ("intake care", {}, "words", (LONG,), SHORTEN),
    ("intake signs", NO_SIGNS, "fever", ALL, "no longer one of the choices"),
    ("intake signs", NO_SIGNS, "words", (LONG,), SHORTEN),
    ("intake goals", {}, "goal_0", (LONG,), "characters here."),
    ("intake goals", {"goal_0": "Run"}, "now_0", ALL, "no longer one of the choices"),
]
FORMS += [(f"frame: {target}", *rest) for target, *rest in FORMS if target in ("keep", "details", "wait")]
#: In a frame the same views answer: `make test` asks there for one field of each form.
ONE_OF_EACH = {"frame: keep, start", "frame: details, email", "frame: wait, weekdays"}
EACH_FORM = [
    pytest.param(target, said, field, *rest, id=name, marks=[proof_only] if is_variant else [])
    for target, said, field, *rest in FORMS
    for name in [f"{target}, {field}"]
    for is_variant in [target.startswith("frame: ") and name not in ONE_OF_EACH]
]


@pytest.mark.parametrize(("target", "said", "field", "values", "words"), EACH_FORM)
def test_nonsense_in_a_field_is_told_in_words_and_nothing_is_stored(
    scenario, target, said, field, values, words
) -> None:
    before = rows()
    for value in values:
        answer = scenario.send(target, {**said, field: value})
        assert answer.status_code == 422, (value[:20], answer.status_code)
        assert words in words_of(answer), (value[:20], words_of(answer)[:600])
    answer = scenario.send(target, {**said, field: NUL})
    assert (answer.status_code, "that we can’t store" in words_of(answer)) == (400, True)
    assert rows() == before


@pytest.mark.parametrize("target", ["keep", "frame: keep", "move", "series"])
@pytest.mark.parametrize(
    ("start", "words"),
    [("2027-03-14T02:30", "That time does not exist"), ("2027-11-07T01:30", "That time happens twice")],
)
def test_cases_5_and_6_on_every_page_that_takes_a_time(scenario, target, start, words) -> None:
    before = rows()
    answer = scenario.send(target, {"start": start})
    assert (answer.status_code, words in words_of(answer)) == (422, True)
    assert rows() == before


# What is only read: a page that cannot make sense of it is the page without it.
READ = {
    "times": ("with", "tz", "day", "from"),
    "frame: times": ("with", "tz", "day", "from"),
    "details": ("tz",),
    "wait": ("tz", "with"),
    "appointment": ("tz", "new"),
    "move": ("tz", "day", "from"),
    "cancel": ("tz",),
    "calendar file": ("tz",),
    "series": ("start", "with", "every", "number", "day", "from"),
    "why": ("type", "practitioner", "at", "asker"),
}
DAYS = (
    "2027-02-30",
    "0001-01-01",
    "9999-12-31",
    "2037-03-01",
    "2017-03-01",
    "2027-03-14T02:30",
    "Mars/Olympus",
)


@pytest.mark.parametrize(
    ("target", "name"), [(target, name) for target, names in READ.items() for name in names], ids=" ".join
)
def test_nonsense_in_an_address_shows_the_page_without_it_and_writes_nothing(scenario, target, name) -> None:
    before = rows()
    for value in (*ALL, *DAYS):
        answer = scenario.send(target, {name: value}, get=True)
        assert answer.status_code == 200, (value[:20], answer.status_code)
    assert scenario.send(target, {name: NUL}, get=True).status_code == 400
    assert rows() == before


# Whose link it is.


KEYS = {
    "appointment": lambda: links.appointment_token(Appointment.objects.get(state="booked")),
    "hold": lambda: links.hold_token(Appointment.objects.get(state="held")),
    "wish": lambda: links.waitlist_path(WaitlistEntry.objects.get()).split("/")[-2],
    "intake": lambda: links.intake_path(Intake.objects.get()).split("/")[-2],
    "nobody's": lambda: "deadbeef.nothing",
}
LOCKS = {
    "/book/session/held/{}/": "hold",
    "/book/session/held/{}/let-go/": "hold",
    "/embed/book/session/held/{}/": "hold",
    "/waiting/{}/": "wish",
    "/offers/{}/": "an offer",
    "/appointments/{}/": "appointment",
    "/appointments/{}/move/": "appointment",
    "/appointments/{}/cancel/": "appointment",
    "/appointments/{}/bring-back/": "appointment",
    "/appointments/{}/calendar.ics": "appointment",
    "/embed/appointments/{}/": "appointment",
    "/intake/{}/": "intake",
    "/intake/{}/since/": "intake",
    "/calendar/{}.ics": "a feed",
}


@pytest.mark.parametrize("lock", LOCKS)
def test_no_key_opens_another_lock(scenario, lock) -> None:
    before = rows()
    for kind, key in KEYS.items():
        if kind != LOCKS[lock]:
            path = lock.format(key())
            assert browser().get(path).status_code in (404, 405), kind
            assert browser().post(path, PRESS).status_code in (404, 405), kind
            assert 404 in (browser().get(path).status_code, browser().post(path).status_code), kind
    assert rows() == before


# What is sent twice: the second time changes nothing.
TWICE: dict[str, dict[str, str]] = {
    "keep": PRESS,
    "details": {**ANN_TYPES, "email": "ben@example.com"},
    "let go": {},
    "wait": WISH,
    "wish": {},
    "move": {"start": denver("2027-03-18 10:00").isoformat()},
    "cancel": {},
    "calendars": {"practitioner": "tess", "url": "https://calendar.example/a.ics"},
}


@pytest.mark.parametrize("target", TWICE)
def test_what_is_sent_twice_is_done_once(scenario, target) -> None:
    said = {**TWICE[target]}
    if target == "keep":
        said["start"] = denver("2027-03-19 10:00").isoformat()
    before = rows()
    scenario.send(target, said)
    once = rows()
    assert once != before
    assert scenario.send(target, said).status_code in (200, 302, 409, 422)
    assert rows() == once
