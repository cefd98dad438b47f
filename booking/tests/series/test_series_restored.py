"""A cancelled series is brought back one by one: what its letters say, before and after they have left."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest

from booking.appointments.actions.book import Attendee
from booking.appointments.actions.restore import restore
from booking.models import Appointment
from booking.series.actions import book_series, cancel_from
from booking.tests.people import NOW, TEN
from practice.mail.delivery import deliver
from practice.models import Letter, User
from practice.testing import as_it_leaves, is_in_both_parts, make_user

pytestmark = pytest.mark.django_db
WEEK = dt.timedelta(weeks=1)
LATE = TEN - dt.timedelta(hours=10)  # the first of them costs half its price then


@pytest.fixture
def ann(practice) -> User:
    return make_user("Ann Lee")


@pytest.fixture
def three(session, tess, ann) -> list[Appointment]:
    """Three weeks, booked and told of."""
    made = book_series(
        session,
        practitioner=tess,
        starts=[TEN, TEN + WEEK, TEN + 2 * WEEK],
        attendee=Attendee(ann.name, ann.email, "", "America/Denver"),
        client=ann,
        consent=True,
        series=uuid.uuid4(),
        by=ann,
        now=NOW,
    )
    leave(NOW)
    return made


def leave(now: dt.datetime) -> None:
    """All that is due goes."""
    while deliver.step(now=now):
        pass


def waiting(kind: str) -> list[Letter]:
    """Those of a kind that have not left, as they leave."""
    return [as_it_leaves(one) for one in Letter.objects.filter(kind=kind, state="planned").order_by("id")]


def days_in(letter: Letter) -> list[str]:
    """Which of the three it names."""
    days = ("March 16", "March 23", "March 30")
    return [day for day in days if is_in_both_parts(letter, day)]


def cancel_all(three: list[Appointment], *, by: User, now: dt.datetime = NOW) -> list[Appointment]:
    return cancel_from(three[0], by=by, now=now).cancelled


def test_one_brought_back_before_it_is_told_is_left_out_of_what_is_told(three, ann):
    gone = cancel_all(three, by=ann)
    restore(gone[1], by=ann, now=NOW)
    (letter,) = waiting("series_cancelled")
    assert days_in(letter) == ["March 16", "March 30"]
    assert len(letter.attachments) == 2
    assert not any(str(gone[1].uid) in one["content"] for one in letter.attachments)
    assert waiting("restored") == []


def test_all_brought_back_before_it_is_told_nothing_is_told(three, ann, tess):
    for one in cancel_all(three, by=ann):
        restore(one, by=ann, now=NOW)
    assert Appointment.objects.filter(state="booked").count() == 3
    for kind in ("series_cancelled", "restored", "notice_series_cancelled", "notice_restored"):
        assert waiting(kind) == []


def test_the_practitioner_hears_of_those_that_stay_free(three, ann):
    gone = cancel_all(three, by=ann)
    restore(gone[0], by=ann, now=NOW)
    (letter,) = waiting("notice_series_cancelled")
    assert days_in(letter) == ["March 23", "March 30"]
    assert waiting("notice_restored") == []


def test_once_it_has_left_each_that_is_brought_back_is_told_by_itself(three, ann):
    gone = cancel_all(three, by=ann)
    leave(NOW)
    for one in gone[:2]:
        restore(one, by=ann, now=NOW)
    assert [days_in(letter) for letter in waiting("restored")] == [["March 16"], ["March 23"]]
    assert len(waiting("notice_restored")) == 2
    assert waiting("series_cancelled") == []


def test_what_is_asked_for_a_late_one_is_said_without_those_that_are_back(three, ann):
    gone = cancel_all(three, by=ann, now=LATE)
    restore(gone[1], by=ann, now=LATE)
    assert is_in_both_parts(waiting("series_cancelled")[0], "$47.50")
    restore(gone[0], by=ann, now=LATE)
    (letter,) = waiting("series_cancelled")
    assert (days_in(letter), "$47.50" in letter.text) == (["March 30"], False)


def test_what_we_canceled_and_bring_back_in_part_still_says_that_it_was_us(three, tess):
    gone = cancel_all(three, by=tess.user, now=LATE)
    whole = waiting("series_cancelled")[0].text
    restore(gone[2], by=tess.user, now=LATE)
    (letter,) = waiting("series_cancelled")
    assert days_in(letter) == ["March 16", "March 23"]
    assert first_sentence(letter.text) == first_sentence(whole)
    assert waiting("notice_series_cancelled") == []  # what one did oneself is no news


def first_sentence(text: str) -> str:
    """What stands between the greeting and the first list."""
    return text.split("\n\n")[1]


def test_a_series_canceled_in_two_goes_keeps_the_email_of_the_other(three, ann):
    later = cancel_from(three[2], by=ann, now=NOW).cancelled
    cancel_from(three[0], by=ann, now=NOW + dt.timedelta(seconds=1))
    restore(later[0], by=ann, now=NOW + dt.timedelta(seconds=2))
    assert [days_in(letter) for letter in waiting("series_cancelled")] == [["March 16", "March 23"]]


def test_held_back_it_does_not_leave(three, ann):
    restore(cancel_all(three[2:], by=ann)[0], by=ann, now=NOW)
    leave(NOW)
    assert not Letter.objects.filter(kind="series_cancelled", state="sent").exists()
