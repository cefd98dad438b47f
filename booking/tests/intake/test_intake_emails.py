"""The letters that ask for the intake: when, to whom, what they never say, and what calls them off."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from booking.appointments.actions.cancel import cancel
from booking.appointments.actions.move import move
from booking.intake.answers import SIGNS
from booking.intake.wording import CARE_WORDS, SIGN_WORDS, SIGNS_TOLD
from booking.links import intake_url
from booking.models import Intake
from booking.testing import make_session_type
from booking.tests.intake_writer import NO_SIGNS, IntakeWriter
from booking.tests.people import ANN, BEN, NOW, TEN, booked, denver
from booking.tests.web_client import browser
from practice.mail.delivery.deliver import step
from practice.mail.send_check import Cancel, Send, check_before_sending
from practice.models import Letter
from practice.testing import as_it_leaves, is_in_both_parts

pytestmark = pytest.mark.usefixtures("a_monday_in_march")
DAY = dt.timedelta(days=1)


def asking(**fields: Any) -> list[Letter]:
    return list(Letter.objects.filter(kind="intake", **fields).order_by("due_at"))


def hand_in(intake: Intake) -> None:
    writer = IntakeWriter(intake).begin()
    writer.write("signs", NO_SIGNS)
    writer.hand_in()


@pytest.fixture
def appointment(session, tess):
    return booked(session, tess)


def test_it_is_asked_soon_after_the_booking_and_once_more_two_days_before(appointment):
    first, again = asking()
    assert (first.due_at, again.due_at) == (NOW + dt.timedelta(minutes=10), TEN - 2 * DAY)
    assert all(one.not_after == TEN for one in (first, again))
    assert is_in_both_parts(as_it_leaves(first), intake_url(Intake.objects.get()))


def test_no_subject_and_no_word_of_it_tells_what_is_asked(appointment):
    words = {str(one).lower() for one in (*CARE_WORDS.values(), *SIGN_WORDS.values(), *SIGNS_TOLD.values())}
    assert len(words) > len(SIGNS)
    for letter in (as_it_leaves(one, NOW) for one in asking()):
        whole = f"{letter.subject} {letter.text} {letter.html}".lower()
        assert [word for word in words if word in whole] == []
        assert "session" not in letter.subject.lower()
    assert not any("session" in one.subject.lower() for one in asking())


def test_a_session_the_day_after_tomorrow_is_asked_about_once(session, tess):
    booked(session, tess, denver("2027-03-02 10:00"))
    assert len(asking()) == 1


def test_anyone_who_comes_again_is_not_asked(session, tess, appointment):
    booked(session, tess, TEN + 7 * DAY)
    assert len(asking()) == 2
    assert Intake.objects.count() == 1


def test_an_earlier_session_booked_later_is_the_first_and_only_its_emails_go(session, tess, appointment):
    earlier = booked(session, tess, TEN - 3 * DAY)
    going = [one for one in asking(state="planned") if isinstance(check_before_sending(one, NOW), Send)]
    assert {one.about for one in going} == {earlier.about}


def test_a_request_that_waits_is_no_first_session(session, tess):
    request = booked(make_session_type(tess, slug="asked", needs_approval=True), tess, TEN - 3 * DAY)
    later = booked(session, tess)
    assert request.state == "pending"
    assert {one.about for one in asking()} == {later.about}


def test_anyone_who_handed_one_in_and_canceled_is_not_asked_when_they_book_again(session, tess, appointment):
    hand_in(Intake.objects.get())
    cancel(appointment, now=NOW)
    booked(session, tess, TEN + 7 * DAY)
    assert asking(state="planned") == []


def test_after_a_cancel_nothing_of_it_goes_and_the_next_booking_asks_again(session, tess, appointment):
    cancel(appointment, now=NOW)
    assert asking(state="planned") == []
    later = booked(session, tess, TEN + 7 * DAY)
    assert {one.about for one in asking(state="planned")} == {later.about}
    assert Intake.objects.get().appointment == later


def test_after_a_move_the_second_follows_and_the_first_does_not_go_twice(appointment):
    while step(now=NOW + dt.timedelta(minutes=11)):
        pass
    move(appointment, start=TEN + DAY, now=NOW + dt.timedelta(hours=1))
    assert [one.due_at for one in asking(state="planned")] == [TEN - DAY]
    assert len(asking(state="sent")) == 1


def test_moved_before_the_first_went_it_goes_all_the_same(appointment):
    move(appointment, start=TEN + DAY, now=NOW + dt.timedelta(minutes=2))
    assert len(asking(state="planned")) == 2


@pytest.mark.parametrize("what", ["handed in", "cancelled", "begun", "nothing"])
def test_it_is_judged_when_it_leaves(appointment, what):
    letter, now = asking()[1], TEN - 2 * DAY
    Letter.objects.filter(kind="reminder").update(state="cancelled")  # else it would say so itself
    if what == "handed in":
        hand_in(Intake.objects.get())
    elif what == "cancelled":
        cancel(appointment, now=NOW)
    elif what == "begun":
        now = TEN
    assert isinstance(check_before_sending(letter, now), Send if what == "nothing" else Cancel)


def test_the_link_is_in_the_email_alone_so_that_no_stranger_writes_in_anns_record(session, tess):
    kept = browser().post("/book/session/hold/", {"start": TEN.isoformat(), "practitioner": "tess"})
    said = {"name": "Ann Lee", "email": ANN.email, "phone": "", "agree": "on"}
    page = browser().post(kept["Location"].partition("?")[0], said, follow=True)
    assert "/intake/" not in page.content.decode()
    assert Letter.objects.filter(kind="intake", to_address=ANN.email).count() == 2


def test_two_who_come_for_the_first_time_have_one_each(session, tess, appointment):
    booked(session, tess, denver("2027-03-16 12:00"), attendee=BEN)
    assert Intake.objects.count() == 2
