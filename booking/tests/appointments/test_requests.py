"""A session that needs approval is asked for: it takes up its time, and says so. Taken back, or moved."""

import datetime as dt

import pytest
import time_machine

from booking import links
from booking.appointments.actions.cancel import cancel
from booking.appointments.actions.move import move
from booking.errors import AlreadyCancelled, AlreadyOver, SlotTaken, TooManyMoves
from booking.models import SessionType
from booking.testing import make_session_type
from booking.tests.people import BEN, NOW, TEN, booked, kept, kinds, noted
from booking.tests.web_client import Api, browser, form_of, words_of
from practice.models import Letter, User
from practice.testing import all_emails_leave, as_it_leaves, is_in_both_parts, make_user

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)


@pytest.fixture
def clock():
    """Monday, March 1, 2027, eight in the morning in Denver."""
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


def test_a_request_is_not_booked_and_its_emails_do_not_say_so(tess, first):
    asked = booked(first, tess)
    assert (asked.state, asked.occupies, asked.booked_at) == ("pending", True, None)
    assert kinds(asked) == ["notice_requested", "request_received"]
    assert [change.what for change in asked.changes.all()] == ["requested"]
    assert [as_it_leaves(letter).attachments for letter in Letter.objects.all()] == [[], []]


def test_a_hold_becomes_a_request_in_place_and_once(tess, first):
    held = kept(first, tess)
    asked, again = booked(first, tess, held=held), booked(first, tess, held=held)
    assert (asked.pk, asked.state, again) == (held.pk, "pending", asked)


def test_what_staff_book_is_booked_at_once(tess, first):
    assert booked(first, tess, by=tess.user).state == "booked"


@pytest.mark.parametrize(("ahead", "answered_within"), [(72, 48), (49, 25), (48, 24), (5, 2.5)])
def test_an_answer_is_due_in_time_to_plan_the_day(ahead, answered_within, tess, first):
    now = TEN - ahead * HOUR
    assert booked(first, tess, now=now).answer_by == now + answered_within * HOUR


def test_both_emails_say_until_when_an_answer_is_awaited(tess, first):
    asked = booked(first, tess)
    for letter in map(as_it_leaves, Letter.objects.filter(about=asked.about)):
        assert is_in_both_parts(letter, "Wednesday, March 3 at 8:00 AM")
        assert is_in_both_parts(letter, "Tuesday, March 16, 10:00 – 11:00 AM")


def test_before_it_is_sent_the_form_says_that_it_is_a_request(tess, first, clock):
    said = words_of(browser().get(form_of(kept(first, tess))))
    assert "Request Tuesday, March 16 at 10:00 AM" in said.replace("\xa0", " ")
    assert "Tess will email you an answer" in said
    assert "Book Tuesday" not in said


def test_the_page_says_that_it_is_asked_for(tess, first, clock):
    said = words_of(browser().get(f"{links.appointment_path(booked(first, tess))}?new"))
    assert "Request sent." in said
    assert "Tess will email you by Wednesday, March 3 at 8:00 AM." in said
    assert "You’re booked" not in said


def test_the_api_says_pending(tess, first, clock):
    answer = Api().book(TEN, session_type="first")
    assert (answer.status_code, answer.json()["state"]) == (201, "pending")


def test_a_request_is_taken_back_at_no_cost_even_in_the_last_hours(tess, first):
    gone = cancel(booked(first, tess), now=TEN - HOUR)
    assert (gone.state, gone.declined, gone.occupies) == ("cancelled", False, False)
    assert noted(gone, "cancelled") == "The request was withdrawn."
    assert is_in_both_parts(as_it_leaves(Letter.objects.get(kind="taken_back")), "at no charge")
    assert booked(first, tess, attendee=BEN).starts_at == TEN


def test_a_request_taken_back_twice_is_so_once(tess, first):
    asked = booked(first, tess)
    cancel(asked, now=NOW)
    with pytest.raises(AlreadyCancelled):
        cancel(asked, now=NOW)
    assert kinds(asked) == ["notice_cancelled", "notice_requested", "request_received", "taken_back"]


def test_nobody_takes_back_what_has_begun(tess, first):
    with pytest.raises(AlreadyOver):
        cancel(booked(first, tess), now=TEN)


def test_no_email_about_a_request_brings_a_calendar_file(tess, first):
    asked = booked(first, tess)
    steps = (lambda: move(asked, start=TEN + HOUR, now=NOW), lambda: cancel(asked, now=NOW))
    for change in (*steps, lambda: None):
        all_emails_leave(NOW)
        change()
    went = Letter.objects.filter(state="sent", user=asked.client)
    assert {one.kind for one in went} == {"request_received", "moved", "taken_back"}
    assert not [letter for letter in went if letter.attachments]


def test_a_moved_request_stays_one_and_has_its_full_time_for_an_answer(tess, first):
    later = NOW + 40 * HOUR
    asked = move(booked(first, tess), start=TEN + HOUR, now=later)
    assert (asked.state, asked.answer_by) == ("pending", later + 48 * HOUR)
    assert is_in_both_parts(as_it_leaves(Letter.objects.get(kind="moved")), "Friday, March 5 at 12:00 AM")
    assert is_in_both_parts(
        as_it_leaves(Letter.objects.get(kind="notice_moved")), "A client asked for another time"
    )


def test_a_request_that_someone_here_moves_is_called_one(tess, first):
    dee = make_user("Dee", role=User.Role.FRONT_DESK)
    move(booked(first, tess), start=TEN + HOUR, by=dee, now=NOW)
    assert is_in_both_parts(
        as_it_leaves(Letter.objects.get(kind="notice_moved")), "Dee moved a request for you:"
    )


def test_and_one_that_they_pass_on_at_another_time_too(tess, jonah):
    dee = make_user("Dee", role=User.Role.FRONT_DESK)
    first = make_session_type(tess, jonah, slug="both", needs_approval=True)
    move(booked(first, tess), start=TEN + HOUR, to=jonah, by=dee, now=NOW)
    to_tess, to_jonah = (
        as_it_leaves(Letter.objects.get(kind="notice_moved", user=one.user)) for one in (tess, jonah)
    )
    assert is_in_both_parts(to_jonah, "Dee passed a request on to you, for another time:")
    assert is_in_both_parts(to_tess, "Dee moved a request for you:")


def test_a_request_is_not_kept_alive_for_ever_by_moving_it(tess, first):
    asked = booked(first, tess)
    for number in (1, 2):
        asked = move(asked, start=TEN + number * HOUR, now=NOW)
    with pytest.raises(TooManyMoves):
        move(asked, start=TEN, now=NOW)
