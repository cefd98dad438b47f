"""The page for whoever is ill or away: whose days one closes, what is shown first, nothing unpressed."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.test import Client

from booking.models import Appointment, Closure, SessionType
from booking.tests.people import BEN, DENVER, NOW, TEN, booked, kept, minutes
from booking.time_off.actions import close_days
from practice.core import formatting
from practice.models import Letter, Practitioner, User
from practice.testing import at_work, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("a_monday_in_march")]
WHEN = formatting.moment(TEN, DENVER)
PAGE = "/workspace/practice/days-off/"
DAY = "2027-03-16"


@pytest.fixture
def anns(both: SessionType, tess: Practitioner) -> Appointment:
    return booked(both, tess)


@pytest.fixture
def bens(both: SessionType, tess: Practitioner) -> Appointment:
    return booked(both, tess, TEN + minutes(120), attendee=BEN)


@pytest.fixture
def desk(tess: Practitioner) -> Client:
    return at_work(make_user("Faye", role=User.Role.FRONT_DESK))


@pytest.fixture
def closed(tess: Practitioner) -> str:
    """The page of Tess's closed day."""
    day = dt.date.fromisoformat(DAY)
    return f"{PAGE}{close_days.close_days(tess, first=day, last=day, now=NOW).pk}/"


def said(answer) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def choices(*pairs, **more) -> dict[str, str]:
    return {**{f"to-{one.uid}": to for one, to in pairs}, **more}


@pytest.mark.engines
def test_who_is_booked_is_named_before_anything_is_closed(anns, both, tess, jonah):
    held = kept(both, tess, TEN + minutes(180))
    page = said(at_work(tess.user).get(PAGE, {"practitioner": "tess", "first": DAY}))

    assert "One person is booked." in page
    assert "Ann Lee" in page
    assert not Closure.objects.exists()
    assert Appointment.objects.get(pk=held.pk).state == "held"


def test_one_press_closes_the_days_and_leads_to_who_is_booked(anns, tess, jonah, desk):
    asked = {"practitioner": "tess", "first": DAY, "last": "2027-03-18"}
    answers = [desk.post(PAGE, asked) for _twice in range(2)]
    [closure] = Closure.objects.all()

    assert [answer.url for answer in answers] == [f"{PAGE}{closure.pk}/"] * 2
    assert (closure.practitioner, closure.opens) == (tess, None)
    page = desk.get(answers[0].url)
    assert "Hand over to Jonah Reyes" in said(page)
    assert "Ann Lee" in said(page)


def test_a_practitioner_closes_their_own_days_and_nobody_elses(anns, tess, jonah, closed):
    browser = at_work(jonah.user)
    assert browser.post(PAGE, {"practitioner": "tess", "first": DAY}).status_code == 422
    for method, path in (("get", closed), ("post", closed), ("post", f"{closed}open/")):
        assert getattr(browser, method)(path).status_code == 404
    assert Closure.objects.count() == 1
    assert browser.post(PAGE, {"practitioner": "jonah", "first": DAY}).status_code == 302


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        ("2027-02-28", "", "That day has already passed."),
        (DAY, "2027-03-15", "The last day is before the first."),
        (DAY, "2027-08-15", "at most 92 days at once"),
        ("soon", "", "Please enter a date like 2027-03-16."),
        ("", "", "Please enter a date like 2027-03-16."),
        (DAY, "9999-12-31", "at most 92 days at once"),
    ],
)
def test_other_days_are_refused_in_words(tess, first, last, words):
    answer = at_work(tess.user).post(PAGE, {"practitioner": "tess", "first": first, "last": last})

    assert (answer.status_code, Closure.objects.exists()) == (422, False)
    assert words in said(answer)


def test_the_emails_are_shown_before_anything_goes_and_without_the_clients_keys(
    anns, bens, tess, jonah, closed
):
    letters = Letter.objects.count()
    chosen = choices((anns, "jonah"), (bens, "cancel"), word="I have a fever.", do="look")
    answer = at_work(tess.user).post(closed, chosen)
    page = said(answer)

    for words in (f"Now with Jonah: {WHEN}", "I have a fever.", "Canceled: "):
        assert words in page
    assert not re.search(r"/appointments/[^/\s]{20,}/", answer.content.decode())
    assert (Letter.objects.count(), Appointment.objects.filter(state="booked").count()) == (letters, 2)


@pytest.mark.engines
def test_then_it_is_done_once_however_often_it_is_pressed(anns, bens, tess, jonah, closed):
    browser = at_work(tess.user)
    chosen = choices((anns, "jonah"), (bens, "cancel"), word="I have a fever.", do="go")
    page = said(browser.post(closed, chosen, follow=True))
    assert "One session handed over." in page
    assert "One canceled, free of charge." in page
    letters = Letter.objects.count()
    again = said(browser.post(closed, chosen, follow=True))

    assert "handed over." not in again.replace("handed over or canceled", "")
    assert Letter.objects.count() == letters
    assert "No one can book these days, and no one is booked." in again


def test_a_colleague_who_is_not_free_anymore_is_said_to_be_before_anything_is_done(
    anns, bens, both, tess, jonah, closed
):
    booked(both, jonah, attendee=type(BEN)("Zoe", "zoe@example.com", "", ""))
    answer = at_work(tess.user).post(closed, choices((anns, "jonah"), (bens, "cancel"), do="go"))

    assert answer.status_code == 409
    assert "The person you chose is no longer available." in said(answer)
    assert Appointment.objects.filter(state="booked").count() == 3


@pytest.mark.engines
def test_what_is_left_for_now_stays_listed_under_needs_a_person(anns, tess, jonah, closed):
    browser = at_work(tess.user)
    browser.post(closed, choices((anns, "leave"), do="go"))

    assert Appointment.objects.get(pk=anns.pk).sequence == 0
    assert "Ann Lee is booked on a closed day" in said(browser.get("/workspace/"))


@pytest.mark.engines
def test_who_has_no_address_is_to_be_called(both, tess, jonah, closed, desk):
    rules = {"by": tess.user, "override_note": "she calls"}
    cal = booked(both, tess, attendee=type(BEN)("Cal", "", "303 555 0100", ""), **rules)
    assert "Has no email address: please call. 303 555 0100" in said(desk.get(closed))
    page = said(desk.post(closed, choices((cal, "jonah"), do="go"), follow=True))

    assert "We have no email address for Cal: please call." in page


@pytest.mark.engines
def test_opening_again_says_that_nothing_comes_back(anns, tess, jonah, closed):
    browser = at_work(tess.user)
    browser.post(closed, choices((anns, "cancel"), do="go"))
    page = said(browser.post(f"{closed}open/", follow=True))

    assert "Sessions that were handed over or canceled stay that way." in page
    assert (Closure.objects.exists(), Appointment.objects.get(pk=anns.pk).state) == (False, "cancelled")


@pytest.mark.engines
def test_the_colleague_sees_it_in_their_day_and_the_person_who_gave_it_does_not(anns, tess, jonah, closed):
    at_work(tess.user).post(closed, choices((anns, "jonah"), do="go"))

    assert "Ann Lee" in said(at_work(jonah.user).get("/workspace/", {"day": DAY}))
    page = said(at_work(jonah.user).get(f"/workspace/appointments/{anns.uid}/"))
    assert "Handed over to a colleague, by Tess Marlow. From Tess Marlow to Jonah Reyes." in page


def test_days_with_other_hours_and_those_of_the_whole_practice_have_their_page_too(tess, jonah, desk):
    day = dt.date.fromisoformat(DAY)
    hours = {"opens": dt.time(9), "closes": dt.time(12)}
    other = Closure.objects.create(practitioner=tess, first_day=day, last_day=day, **hours)
    everybodys = Closure.objects.create(first_day=day, last_day=day)

    for browser, status in ((desk, 200), (at_work(jonah.user), 404)):
        found = [browser.get(f"{PAGE}{one.pk}/").status_code for one in (other, everybodys)]
        assert found == [status] * 2
