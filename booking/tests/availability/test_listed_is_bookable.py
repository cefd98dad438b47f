"""Case 34, with rows and over HTTP: what is listed, what can be booked and what is explained are one thing.

A fortnight around the night of 14 March 2027, in which Denver's clocks skip an hour, with a practice that has
all kinds of rules. Every five-minute instant of it is judged; where most happens, each is asked for by the
action behind every POST; a spread of them, and of what is listed, by the API's and by the page's POST, beside
`/api/v1/explain`. What is kept or booked is undone.
"""

import datetime as dt
import random
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import time_machine
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from booking.availability import listing as availability_listing
from booking.errors import NotBookable, SlotTaken
from booking.locking.choosing import OTHERS
from booking.models import Closure, OpeningHours, SessionType
from booking.testing import make_appointment, make_session_type
from booking.tests.people import denver, kept, minutes
from booking.tests.web_client import Api, browser, stored, words_of
from practice.append_only.door import Why, open_door
from practice.models import Practitioner
from practice.testing import make_user
from practice.tests.sampling import SEED, size

pytestmark = [pytest.mark.django_db, pytest.mark.long]
NOW = denver("2027-03-07 13:10")
FIRST, DAYS = denver("2027-03-08 00:00"), 14
UNTIL = denver("2027-03-22 00:00")
LATTICE = [FIRST.astimezone(dt.UTC) + minutes(5 * number) for number in range(DAYS * 288 - 12)]
SPREAD = size(
    sampled=211, full=79
)  # shares no divisor with the steps of a day, so that every kind of minute is met
ANN = {"name": "Ann Lee", "email": "ann@example.com"}


@pytest.fixture(autouse=True)
def on_sunday(settings):
    settings.RATE_LIMITS = False
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def kind(practice, tess) -> SessionType:
    """Split hours, a Saturday into the skipped hour, a closed Tuesday, a short Thursday, and sessions."""
    tess.opening_hours.all().delete()
    for weekday in range(5):
        for opens, closes in ((9, 12), (13, 17)):
            tess.opening_hours.create(weekday=weekday, opens=dt.time(opens), closes=dt.time(closes))
    tess.opening_hours.create(weekday=5, opens=dt.time(22), closes=dt.time(5), past_midnight=True)
    Closure.objects.create(first_day=dt.date(2027, 3, 9), last_day=dt.date(2027, 3, 9))
    short = dt.date(2027, 3, 11)
    Closure.objects.create(first_day=short, last_day=short, opens=dt.time(10), closes=dt.time(14))
    kind = make_session_type(
        tess,
        step=30,
        buffer_after=15,
        notice_hours=24,
        horizon_days=12,
        daily_limit=2,
        gaps="require",
    )
    make_session_type(tess, slug="shortest", minutes=30)
    ben = make_user("Ben Hart")
    for start in ("2027-03-10 10:00", "2027-03-12 09:00", "2027-03-12 13:00", "2027-03-16 14:15"):
        make_appointment(
            session_type=kind, practitioner=tess, start=denver(start), client=ben, buffer_after=15
        )
    return kind


def listed(slug: str = "session") -> set[dt.datetime]:
    """What the API lists for the fortnight."""
    days = {"from_": "2027-03-08", "to": "2027-03-21", "tz": "America/Denver"}
    found = Api().get("slots", session_type=slug, practitioner="tess", **days).json()["slots"]
    return {dt.datetime.fromisoformat(one["start"]) for one in found}


@contextmanager
def undone() -> Iterator[None]:
    """What happens in it is withdrawn."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


# Each rule refuses at least 13 of these instants, so that every fifth still meets all of them; which fifth it
# is depends on the commit.
EVERY = size(sampled=5, full=1)


@pytest.mark.once
def test_case_34_every_five_minutes_of_a_fortnight_are_judged_as_they_are_listed(kind, tess):
    found = listed()
    asked_for = {*LATTICE[SEED % EVERY :: EVERY], *found}
    refusals = {
        instant: availability_listing.first_refusal(kind, tess, instant, now=NOW) for instant in asked_for
    }
    assert {instant for instant, refusal in refusals.items() if refusal is None} == found
    assert {refusal.rule for refusal in refusals.values() if refusal} == {
        *("notice", "horizon", "closed", "outside_hours", "past_closing", "taken", "buffer", "daily_limit"),
        *("off_grid", "gap"),
    }


@pytest.mark.parametrize(
    ("first", "until"),
    [("2027-03-10 08:30", "2027-03-10 14:00"), ("2027-03-13 21:30", "2027-03-14 06:00")],
)
def test_case_34_each_unlisted_instant_is_refused_by_the_action_for_the_same_rule(first, until, kind, tess):
    """A morning with a session in it, and the night of the skipped hour."""
    found, kept_ones = listed(), set()
    lattice = [instant for instant in LATTICE if denver(first) <= instant < denver(until)]
    for instant in lattice:
        if refused_by := rule_against(kind, tess, instant):
            assert refused_by == availability_listing.first_refusal(kind, tess, instant, now=NOW).rule
        else:
            kept_ones.add(instant)
    assert kept_ones == found & {*lattice}


def rule_against(kind: SessionType, tess: Practitioner, instant: dt.datetime) -> str:
    """The rule by which keeping a time is refused; nothing when it is kept. It is given back at once."""
    try:
        with undone():
            kept(kind, tess, instant, visitor="", now=NOW)
    except (NotBookable, SlotTaken) as error:
        return error.refusal.rule
    return ""


def asked(instant: dt.datetime, *, slug: str = "session") -> tuple[bool, str | None]:
    """Whether an instant can be booked, and by which rule not: both POSTs and `explain` must agree."""
    api, start = Api(), instant.isoformat()
    told = api.get("explain", session_type=slug, practitioner="tess", start=start).json()
    with undone():
        by_api = api.book(start, session_type=slug, **ANN)
    with undone():
        wanted = {"start": start, "practitioner": "tess", "tz": "America/Denver"}
        by_page = browser().post(reverse("hold_new", args=[slug]), wanted)
    if told["bookable"]:
        assert (by_api.status_code, by_page.status_code) == (201, 302), (instant, told)
        return True, None
    by_others = told["rule"] in OTHERS
    assert (by_api.status_code, by_page.status_code) == ((409, 409) if by_others else (422, 422)), (
        instant,
        told,
    )
    error = by_api.json()["error"]
    assert error["code"] == ("slot_taken" if by_others else told["rule"])
    if told["rule"] != "taken":  # there the POST says more: that somebody was faster
        assert error["message"].startswith(told["message"])
        assert told["message"] in words_of(by_page)
    return False, told["rule"]


def test_case_34_both_posts_and_explain_say_the_same_of_an_instant(kind):
    found = listed()
    asked_for = sorted({*LATTICE[::SPREAD], *sorted(found)[::9]})
    assert {instant for instant in asked_for if asked(instant)[0]} == found & {*asked_for}


NINE, ELEVEN = denver("2027-03-18 09:00"), denver("2027-03-18 11:00")
CHANGES = [
    ({"step": 45}, "off_grid"),
    ({"notice_hours": 24 * 12}, "notice"),
    ({"horizon_days": 3}, "horizon"),
    ({"who": "returning"}, "who"),
    ({"minutes": 90, "buffer_after": 0}, "past_closing"),
    ({"buffer_after": 5, "buffers_inside_hours": True}, "buffer_outside_hours"),
]


@pytest.mark.parametrize(("change", "rule"), CHANGES)
def test_case_34_one_rule_changed_changes_list_posts_and_explain_together(change, rule, kind):
    assert ELEVEN in listed()
    assert asked(ELEVEN) == (True, None)
    SessionType.objects.filter(pk=kind.pk).update(**change)
    assert ELEVEN not in listed()
    assert asked(ELEVEN) == (False, rule)


def test_case_34_a_closure_and_a_booking_do_so_too(kind, tess):
    day = NINE.date()
    closure = Closure.objects.create(first_day=day, last_day=day, practitioner=tess)
    assert NINE not in listed()
    assert asked(NINE) == (False, "closed")
    closure.delete()
    assert NINE in listed()
    kept(kind, tess, NINE, now=NOW)
    assert NINE not in listed()
    assert asked(NINE) == (False, "taken")


def test_case_05_a_post_of_a_time_that_does_not_exist_stores_nothing(kind):
    before = stored()
    answer = Api().book("2027-03-14T02:30", **ANN, tz="America/Denver")
    assert (answer.status_code, answer.json()["error"]["code"]) == (422, "nonexistent_time")
    assert stored() == before


def random_rules(kind: SessionType, chance: random.Random) -> None:
    """Other hours, closures, sessions and numbers of the type."""
    tess = kind.practitioners.get()
    tess.opening_hours.all().delete()
    Closure.objects.all().delete()
    with open_door(Why.DEMO):
        tess.appointments.all().delete()
    OpeningHours.objects.bulk_create(
        OpeningHours(
            practitioner=tess,
            weekday=chance.randrange(7),
            opens=dt.time(chance.randrange(24), chance.choice((0, 15, 30))),
            closes=dt.time(chance.randrange(24), chance.choice((0, 20, 40))),
            past_midnight=True,
        )
        for _ in range(chance.randrange(12))
    )
    for _ in range(chance.randrange(3)):
        first = FIRST.date() + dt.timedelta(days=chance.randrange(DAYS))
        opens, closes = chance.choice(((None, None), (dt.time(8), dt.time(13))))
        Closure.objects.create(first_day=first, last_day=first, opens=opens, closes=closes)
    for field, values in VALUES.items():
        setattr(kind, field, chance.choice(values))
    kind.save()
    taken = sorted(chance.sample(range(DAYS * 12), chance.randrange(8)))
    for number in taken:  # two hours apart, so that none overlaps the next
        make_appointment(
            session_type=kind,
            practitioner=tess,
            start=FIRST.astimezone(dt.UTC) + minutes(120 * number),
            client=tess.user,
            minutes=60,
        )


VALUES = {
    "minutes": (30, 60, 90),
    "buffer_before": (0, 10),
    "buffer_after": (0, 15),
    "buffer_rule": ("max", "add"),
    "buffers_inside_hours": (False, True),
    "step": (None, 5, 15, 30, 60),
    "notice_hours": (0, 24, 48),
    "horizon_days": (7, 30),
    "daily_limit": (None, 1, 2),
    "who": ("anyone", "new"),
    "gaps": ("any", "prefer", "require"),
}


# A fault that shows in one rule set of ten is missed by 50 in 0.5 % of runs (0.9 ** 50), and each commit
# makes others; by the 200 of `make prove` practically never.
RULE_SETS = size(sampled=50, full=200)


def test_case_34_over_many_rule_sets_rows_are_listed_as_they_are_judged_at_a_constant_price(kind, tess):
    """Three queries to list and three to judge, whatever there is; a fourth where gaps are refused."""
    chance, prices = random.Random(SEED), set()
    for _ in range(RULE_SETS):
        random_rules(kind, chance)
        with CaptureQueriesContext(connection) as listing:
            found = {
                one.start
                for one in availability_listing.free_starts(kind, [tess], first=FIRST, until=UNTIL, now=NOW)
            }
        for instant in (*chance.sample(LATTICE, 2), *sorted(found)[:1]):
            with CaptureQueriesContext(connection) as judging:
                refusal = availability_listing.first_refusal(kind, tess, instant, now=NOW)
            assert (refusal is None) == (instant in found), (instant, refusal)
            if refusal is None or refusal.rule not in ("past", "notice", "horizon"):  # these ask no row
                prices.add((len(judging), kind.gaps == "require"))
        prices.add((len(listing), kind.gaps == "require"))
    assert prices == {(4, False), (5, True)}
