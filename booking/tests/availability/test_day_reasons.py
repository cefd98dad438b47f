"""The word under a day of the public calendar is what the judgement says that explains a refusal."""

from __future__ import annotations

import datetime as dt

import pytest

from booking.availability import listing
from booking.models import Closure
from booking.testing import make_session_type
from booking.tests.people import NOW, booked, denver
from booking.tests.web_client import browser, words_of
from practice.models import Practice

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("a_monday_in_march")]
TODAY = NOW.date()


def page(kind):
    return browser().get(f"/book/{kind.slug}/")


def word_of(answer, day: dt.date) -> str:
    (found,) = [one for one in answer.context["month"] if one.date == day]
    return found.word


@pytest.fixture
def noticed(tess):
    """Booked at least a day ahead."""
    return make_session_type(tess, slug="noticed", step=60, notice_hours=24)


def test_too_soon_is_said_and_what_it_means_and_whom_to_call(noticed, tess):
    answer = page(noticed)
    assert word_of(answer, TODAY) == "too soon"
    said = words_of(answer)
    assert "Too soon: Please book at least 24 hours ahead" in said
    assert "For an earlier time, call us: 303 555 0142" in said
    assert listing.first_refusal(noticed, tess, denver("2027-03-01 12:00"), now=NOW).rule == "notice"


def test_without_a_phone_nobody_is_asked_to_call(noticed):
    Practice.objects.update(phone="")
    assert "call us" not in words_of(page(noticed))


def test_with_two_people_the_day_is_what_the_nearer_of_them_says(noticed, tess, jonah):
    noticed.practitioners.add(jonah)
    Closure.objects.create(practitioner=jonah, first_day=TODAY, last_day=TODAY)
    assert word_of(page(noticed), TODAY) == "too soon"


def test_full_closed_and_not_yet_are_what_they_say(tess):
    kind = make_session_type(tess, slug="kind", minutes=480, step=60, horizon_days=10)
    booked(kind, tess, denver("2027-03-03 09:00"))
    Closure.objects.create(first_day=dt.date(2027, 3, 4), last_day=dt.date(2027, 3, 4))
    answer = page(kind)
    days = [dt.date(2027, 3, number) for number in (3, 4, 12)]
    assert [word_of(answer, day) for day in days] == ["full", "closed", "not yet"]
