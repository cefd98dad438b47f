"""After booking there is one next step; in the last hours the only one is the telephone."""

from __future__ import annotations

import datetime as dt
import re

import pytest
import time_machine

from booking.intake.actions import renew
from booking.links import appointment_path
from booking.testing import make_session_type
from booking.tests.intake_writer import signed_in
from booking.tests.people import NOW, TEN, booked
from booking.tests.web_client import browser, words_of
from practice.models import Practice
from practice.testing import make_user

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


def buttons(answer) -> list[str]:
    """Where the page's main buttons lead, in order."""
    return re.findall(r'<a class="button" href="([^"]+)"', answer.content.decode())


def test_a_client_with_open_questions_is_led_to_them_first(hourly, tess):
    ann = make_user("Ann Lee", email="ann@example.com")
    made = booked(hourly, tess, by=ann, client=ann)
    renew(ann, now=NOW)
    assert buttons(signed_in(ann).get(f"{appointment_path(made)}?new")) == ["/portal/intake/"]


def test_a_visitor_is_led_to_the_calendar_and_told_nothing_of_anyones_questions(hourly, tess):
    ann = make_user("Ann Lee", email="ann@example.com")
    made = booked(hourly, tess, by=ann, client=ann)
    renew(ann, now=NOW)
    page = browser().get(f"{appointment_path(made)}?new")
    assert buttons(page) == [f"{appointment_path(made)}calendar.ics"]
    assert "/portal/intake/" not in page.content.decode()


def test_after_booking_the_doctor_is_one_line(hourly, tess):
    page = browser().get(f"{appointment_path(booked(hourly, tess))}?new").content.decode()
    assert "aside-note--doctor" not in page
    assert "/articles/when-to-see-a-doctor-first/" in page.partition("<footer")[0]


@pytest.mark.parametrize(("hours", "offered"), [(3, True), (1, False)])
def test_in_the_last_hours_there_is_the_number_instead_of_two_ways_that_end_there(
    hourly, tess, clock, hours, offered
):
    path = appointment_path(booked(hourly, tess))
    clock.move_to(TEN - hours * HOUR)
    page = browser().get(path).content.decode()
    main = page.partition("<main")[2].partition("</main")[0]
    assert (f"{path}move/" in main, f"{path}cancel/" in main, "tel:+1" in main) == (
        offered,
        offered,
        not offered,
    )


def test_the_page_of_types_ends_no_sentence_in_nothing_when_there_is_no_number(tess):
    Practice.objects.update(phone="", email="hello@juniper.example")
    nothing = "Online booking isn’t available right now."
    assert f"{nothing} Or email us: hello@juniper.example ." in words_of(browser().get("/book/"))
    Practice.objects.update(email="")
    assert f"{nothing} Or" not in words_of(browser().get("/book/"))


def test_the_waitlist_offers_no_day_on_which_nobody_works(tess):
    make_session_type(tess)
    tess.opening_hours.filter(weekday=6).delete()
    said = words_of(browser().get("/book/session/wait/"))
    assert ("Saturday" in said, "Sunday" in said) == (True, False)


def test_the_waitlist_offers_the_day_into_which_a_night_runs(tess):
    make_session_type(tess)
    tess.opening_hours.filter(weekday=6).delete()
    tess.opening_hours.filter(weekday=5).update(opens=dt.time(20), closes=dt.time(2), past_midnight=True)
    assert "Sunday" in words_of(browser().get("/book/session/wait/"))
