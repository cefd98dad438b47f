"""Limits count what they are for, and tell the truth to whoever they stop."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from django.test import Client

from booking.holds.actions.hold_once import new_page_key
from booking.models import Appointment, SessionType
from booking.tests.people import NOW, TEN
from booking.tests.web_client import ANN_TYPES, ORIGIN, Api, browser, words_of
from practice.models import UsageCount
from practice.testing import make_user

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def limits_are_on(settings, hourly):
    settings.RATE_LIMITS = True


def at(hour: int) -> str:
    return (TEN + dt.timedelta(hours=hour)).isoformat()


def types(who: str) -> dict[str, str]:
    """What a guest of that name writes into the form."""
    return {**ANN_TYPES, "name": who.capitalize(), "email": f"{who}@example.com"}


def keeps(visitor: Client, hour: int, press: str = ""):
    """Press a time on a page of its own."""
    return visitor.post("/book/session/hold/", {"start": at(hour), "press": press or new_page_key()})


def test_the_fourth_guest_behind_one_address_keeps_a_time_like_the_first():
    assert [keeps(browser(), hour).status_code for hour in range(5)] == [302] * 5


def test_a_fourth_time_of_one_signed_in_client_is_too_many_and_nobody_elses_matter():
    keeps(browser(), 0)
    ann = Client(headers=ORIGIN)
    ann.force_login(make_user("Ann"))

    assert [keeps(ann, hour).status_code for hour in (1, 2, 3, 4)] == [302, 302, 302, 422]


def test_a_program_that_sends_no_page_keeps_three_as_before():
    visitor = browser()
    answers = [visitor.post("/book/session/hold/", {"start": at(hour)}) for hour in range(4)]

    assert [answer.status_code for answer in answers] == [302, 302, 302, 422]


def test_pressing_book_again_and_again_books_once_and_costs_nothing():
    visitor = browser()
    form = keeps(visitor, 0).url
    pressed = [visitor.post(form, ANN_TYPES).status_code for _ in range(25)]
    neighbor = browser()
    theirs = keeps(neighbor, 1).url

    assert pressed == [302] * 25
    assert Appointment.objects.filter(state="booked").count() == 1
    assert neighbor.post(theirs, {**ANN_TYPES, "email": "ben@example.com"}).status_code == 302


def test_a_clinic_behind_one_address_books_more_than_one_person_may_and_is_told_the_truth_at_last(
    practice, monkeypatch
):
    monkeypatch.setattr("booking.appointments.views.rate_limits.BOOKINGS_AN_HOUR", 1)
    monkeypatch.setattr("booking.appointments.views.rate_limits.OF_A_NETWORK", 3)
    practice.phone = "303 555 0142"
    practice.save()
    forms = [keeps(browser(), hour).url for hour in range(4)]
    with time_machine.travel(NOW.replace(minute=5), tick=False):
        answers = [browser().post(form, types(f"one{number}")) for number, form in enumerate(forms)]

    assert [answer.status_code for answer in answers] == [302, 302, 302, 429]
    said = words_of(answers[3])
    assert (
        "Several people are booking from your network: 3 sessions in this hour, which is our limit." in said
    )
    assert "Try again in 56 minutes. Or call us: 303 555 0142." in said
    assert answers[3]["Retry-After"] == str(55 * 60 + 1)


def test_one_person_is_told_that_it_was_they(practice, monkeypatch):
    monkeypatch.setattr("booking.appointments.views.rate_limits.BOOKINGS_AN_HOUR", 1)
    forms = [keeps(browser(), hour).url for hour in range(2)]
    answers = [browser().post(form, types("ann")) for form in forms]

    assert [answer.status_code for answer in answers] == [302, 429]
    assert "You’ve booked or moved 1 sessions in this hour, which is our limit." in words_of(answers[1])


def test_a_try_that_is_refused_is_not_counted_as_a_booking(monkeypatch):
    monkeypatch.setattr("booking.appointments.views.rate_limits.BOOKINGS_AN_HOUR", 1)
    form = keeps(browser(), 0).url
    SessionType.objects.update(is_active=False)
    refused = [browser().post(form, types("ann")).status_code for _ in range(3)]
    SessionType.objects.update(is_active=True)

    assert refused == [422] * 3
    assert browser().post(form, types("ann")).status_code == 302
    assert UsageCount.objects.filter(count__gt=1).count() == 0


def test_a_refused_request_of_the_api_is_not_counted_either(monkeypatch):
    monkeypatch.setattr("booking.appointments.views.rate_limits.BOOKINGS_AN_HOUR", 1)
    api = Api()
    night = api.book(at(12), key="k")
    assert (night.status_code, api.book(TEN, key="k2").status_code) == (422, 201)
    assert api.book(at(1)).status_code == 429


def test_anyone_who_keeps_as_many_times_as_they_may_reads_when_the_first_ends():
    ann = Client(headers=ORIGIN)
    ann.force_login(make_user("Ann"))
    for hour in (0, 1, 2):
        keeps(ann, hour)
    said = words_of(keeps(ann, 3))
    assert (
        "You’re already holding 3 times. Please book one of them or give one up. Try again in 10 minutes."
        in said
    )


def test_a_program_is_not_told_that_it_was_itself():
    visitor = browser()
    answers = [visitor.post("/book/session/hold/", {"start": at(hour)}) for hour in range(4)]
    assert "Your network is already holding 3 times" in words_of(answers[3])


def test_the_api_does_not_count_a_repeated_booking():
    api = Api()
    hold = api.client.post("/api/v1/holds", {"session_type": "session", "start": at(0)}, "application/json")
    wanted = {"hold": hold.json()["hold"]}
    answers = [api.book(TEN, **wanted).status_code for _ in range(25)]

    assert answers == [201] * 25
