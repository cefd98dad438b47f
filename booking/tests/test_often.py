"""Limits count what they are for, and tell the truth to whoever they stop."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from django.test import Client

from booking.actions.press import new_press
from booking.models import Appointment
from booking.tests.cast import NOW, TEN
from booking.tests.web import ANN_TYPES, ORIGIN, Api, browser, words_of
from practice.testing import make_user

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def limits_are_on(settings, hourly):
    settings.RATE_LIMITS = True


def at(hour: int) -> str:
    return (TEN + dt.timedelta(hours=hour)).isoformat()


def keeps(visitor: Client, hour: int, press: str = ""):
    """Press a time on a page of its own."""
    return visitor.post("/book/session/hold/", {"start": at(hour), "press": press or new_press()})


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


def test_the_hour_that_is_full_is_told_with_its_minutes_and_the_number_to_call(practice):
    practice.phone = "303 555 0142"
    practice.save()
    visitor = browser()
    forms = [keeps(visitor, hour).url for hour in (0, 1)]
    with time_machine.travel(NOW.replace(minute=45), tick=False):
        for _ in range(20):
            visitor.post(forms[0], {**ANN_TYPES, "email": "ann@example.com", "agree": "on", "name": "Ann"})
            Appointment.objects.filter(state="booked").update(state="held")
        said = words_of(visitor.post(forms[1], ANN_TYPES))

    assert "Several people have booked from your network in this hour." in said
    assert "Try again in 16 minutes. Or call us: 303 555 0142." in said


def test_the_api_counts_no_booking_that_stands_already():
    api = Api()
    hold = api.client.post("/api/v1/holds", {"session_type": "session", "start": at(0)}, "application/json")
    wanted = {"hold": hold.json()["hold"]}
    answers = [api.book(TEN, **wanted).status_code for _ in range(25)]

    assert answers == [201] * 25
