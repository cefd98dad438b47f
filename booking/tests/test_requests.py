"""A session that needs approval is asked for: it takes up its time, and says so, until somebody answers."""

import datetime as dt

import pytest
import time_machine

from booking import links
from booking.errors import SlotTaken
from booking.models import SessionType
from booking.testing import make_session_type
from booking.tests.cast import BEN, NOW, TEN, booked, kept, kinds
from booking.tests.web import Api, browser, words_of
from practice.models import Letter
from practice.testing import said_in_both

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)


@pytest.fixture
def clock():
    """Monday 1 March 2027, eight in the morning in Denver."""
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def first(tess) -> SessionType:
    """A first session, which Tess wants to look at before it is booked."""
    return make_session_type(tess, slug="first", name="First session", step=15, needs_approval=True)


def test_a_request_takes_up_its_time(tess, first):
    booked(first, tess)
    with pytest.raises(SlotTaken):
        booked(first, tess, TEN + HOUR / 2, attendee=BEN)


def test_a_request_is_not_booked_and_its_letters_do_not_say_so(tess, first):
    asked = booked(first, tess)
    assert (asked.state, asked.occupies, asked.booked_at) == ("pending", True, None)
    assert kinds(asked) == ["notice_requested", "request_received"]
    assert [change.what for change in asked.changes.all()] == ["requested"]
    assert not [letter for letter in Letter.objects.all() if letter.attachments]


def test_a_hold_becomes_a_request_in_place_and_once(tess, first):
    held = kept(first, tess)
    asked, again = booked(first, tess, held=held), booked(first, tess, held=held)
    assert (asked.pk, asked.state, again) == (held.pk, "pending", asked)


def test_what_staff_book_is_booked_at_once(tess, first):
    assert booked(first, tess, by=tess.user).state == "booked"


@pytest.mark.parametrize(("ahead", "answered_within"), [(72, 48), (48, 48), (5, 5)])
def test_an_answer_is_promised_and_never_later_than_the_session(ahead, answered_within, tess, first):
    now = TEN - ahead * HOUR
    assert booked(first, tess, now=now).answer_by == now + answered_within * HOUR


def test_both_letters_say_until_when_an_answer_is_awaited(tess, first):
    asked = booked(first, tess)
    for letter in Letter.objects.filter(about=asked.about):
        assert said_in_both(letter, "Wednesday 3 March, 8:00 am")
        assert said_in_both(letter, "Tuesday 16 March, 10:00 am – 11:00 am")


def test_the_page_says_that_it_is_asked_for(tess, first, clock):
    said = words_of(browser().get(f"{links.appointment_path(booked(first, tess))}?new"))
    assert "It is asked for." in said
    assert "Tess answers by letter, by Wednesday 3 March, 8:00 am at the latest" in said
    assert "It is yours" not in said


def test_the_api_says_pending(tess, first, clock):
    answer = Api().book(TEN, session_type="first")
    assert (answer.status_code, answer.json()["state"]) == (201, "pending")
