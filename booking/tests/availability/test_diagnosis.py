""" "Why isn't three o'clock offered?", asked at work: who has it, which rule, and what is free nearby."""

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from booking.models import Closure
from booking.testing import make_session_type
from booking.tests.people import BEN, NOW, TEN, booked, kept
from booking.tests.web_client import words_of
from practice.models import User
from practice.testing import at_work, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def on_monday():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def kind(tess, session):
    """A session with a quarter of an hour behind it."""
    session.buffer_after = 15
    session.save(update_fields=["buffer_after"])
    return session


def ask(user, at, **changes):
    """The page's words about a time on Denver's clocks."""
    wanted = {"type": "session", "practitioner": "any", "at": at, "asker": "unknown", **changes}
    return words_of(at_work(user).get("/workspace/why/", wanted))


def test_who_has_the_time_is_said_with_it(kind, tess):
    booked(kind, tess)
    said = ask(tess.user, "2027-03-16T10:30")
    assert "It would overlap Ann Lee’s session, Tuesday, March 16, 10:00 – 11:00 AM." in said


def test_whose_quarter_of_an_hour_it_is(kind, tess):
    booked(kind, tess)
    said = ask(tess.user, "2027-03-16T11:00")
    assert "too soon after Ann Lee’s session, Tuesday, March 16, 10:00 – 11:00 AM: there must be" in said
    assert "15 minutes in between" in said


def test_a_colleague_who_does_not_see_the_day_reads_no_name(kind, tess, jonah):
    booked(kind, tess)
    said = ask(jonah.user, "2027-03-16T10:30")
    assert "Ann Lee" not in said
    assert "It would overlap a session with Tess" in said


def test_the_front_desk_reads_it(kind, tess):
    booked(kind, tess)
    desk = make_user("Dee Desk", role=User.Role.FRONT_DESK)
    assert "Ann Lee’s session" in ask(desk, "2027-03-16T10:30")


def test_a_kept_time_names_nobody(kind, tess):
    kept(kind, tess)
    assert "a time that is held for someone" in ask(tess.user, "2027-03-16T10:30")


def test_a_shared_room_names_who_is_in_it(kind, tess, jonah):
    kind.practitioners.add(jonah)
    jonah.room = tess.room
    jonah.save(update_fields=["room"])
    booked(kind, jonah)
    said = ask(tess.user, "2027-03-16T10:30", practitioner="tess")
    assert "Ann Lee’s session with Jonah in the same room" in said


def test_each_practitioner_has_an_answer_of_their_own(kind, tess, jonah):
    kind.practitioners.add(jonah)
    Closure.objects.create(practitioner=jonah, first_day=TEN.date(), last_day=TEN.date())
    booked(kind, tess)
    said = ask(tess.user, "2027-03-16T10:30")
    assert "Tess It would overlap" in said
    assert "Jonah We are closed on Tuesday, March 16." in said


def test_a_time_that_is_offered_is_said_to_be(kind, tess):
    assert "Clients can book this time." in ask(tess.user, "2027-03-16T10:30")


def test_the_nearest_times_that_are_offered_are_beneath(kind, tess):
    booked(kind, tess)
    said = ask(tess.user, "2027-03-16T10:30")
    assert "Tuesday, March 16 at 11:15 AM with Tess" in said


def test_what_a_gap_rule_does_can_be_tried(kind, tess):
    kind.gaps = "require"
    kind.save(update_fields=["gaps"])
    assert "It would leave a gap of 30 minutes before it, and our shortest session takes 60 minutes." in ask(
        tess.user, "2027-03-16T09:30"
    )


@pytest.mark.parametrize(
    ("asker", "words"), [("unknown", "who have signed in"), ("returning", "can book this time")]
)
def test_for_whom_it_is_can_be_asked_as_anyone(asker, words, kind, tess):
    kind.who = "returning"
    kind.save(update_fields=["who"])
    assert words in ask(tess.user, "2027-03-16T10:30", asker=asker)


def test_case_05_a_time_that_does_not_exist_is_said(kind, tess):
    assert "That time does not exist" in ask(tess.user, "2027-03-14T02:30")


def test_case_06_a_time_that_comes_twice_offers_both(kind, tess):
    said = ask(tess.user, "2027-11-07T01:30")
    assert "That time happens twice" in said
    assert "Sunday, November 7 at 1:30 AM MDT Sunday, November 7 at 1:30 AM MST" in said


@pytest.mark.parametrize("at", ["", "soon", "9999-12-31T23:59", "0001-01-01T00:00", "²", "9" * 300])
def test_no_time_breaks_the_page(at, kind, tess):
    answer = at_work(tess.user).get(
        "/workspace/why/", {"type": "session", "practitioner": "any", "at": at, "asker": "unknown"}
    )
    assert answer.status_code == 200


def test_a_type_nobody_gives_has_no_verdict(tess):
    make_session_type(slug="nobody")
    assert "No one you chose offers this session" in ask(tess.user, "2027-03-16T10:30", type="nobody")


def test_asking_costs_the_same_for_one_and_for_many(kind, tess, jonah):
    wanted = {"type": "session", "practitioner": "any", "at": "2027-03-16T10:30", "asker": "unknown"}
    browser, counts = at_work(tess.user), []
    booked(kind, tess)
    for person in (jonah, None):
        with CaptureQueriesContext(connection) as seen:
            browser.get("/workspace/why/", wanted)
        counts.append(len(seen))
        if person:
            kind.practitioners.add(person)
            booked(kind, person, attendee=BEN)
    assert counts[0] == counts[1]


def test_a_client_finds_no_such_page(kind):
    browser = Client()
    browser.force_login(make_user("Ann Lee"))
    assert browser.get("/workspace/why/").status_code == 404
