"""The same again: what is suggested to somebody who came, and that it is free."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.test import Client

from booking.appointments.rebooking import rebooking_suggestions
from booking.models import Appointment
from booking.testing import make_appointment
from booking.tests.people import BEN, NOW, TEN, booked, denver
from booking.tests.web_client import browser, hidden, words_of
from practice.models import User
from practice.testing import make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def ann(practice) -> User:
    return make_user("Ann Lee")


@pytest.fixture
def came(session, tess, ann) -> Appointment:
    """Her last session: Tuesday, February 23 at ten."""
    return make_appointment(
        session_type=session,
        practitioner=tess,
        start=denver("2027-02-23 10:00"),
        client=ann,
        state="completed",
    )


def suggested(client: User, now: dt.datetime = NOW) -> list[str]:
    again: Any = rebooking_suggestions(client, now=now)
    return [f"{one.start.astimezone(TEN.tzinfo):%m-%d %H:%M}" for one in again.times]


def test_two_to_four_weeks_later_at_the_same_hour_over_the_clock_change(came, ann):
    assert suggested(ann) == ["03-09 10:00", "03-16 10:00", "03-23 10:00"]


def test_where_someone_has_it_the_nearest_free_time_is_suggested(came, session, tess, ann):
    booked(session, tess, denver("2027-03-16 09:45"), attendee=BEN)
    assert suggested(ann) == ["03-09 10:00", "03-16 10:45", "03-23 10:00"]


def test_a_day_without_a_free_time_leads_to_another_day_of_that_week(came, tess, ann):
    tess.opening_hours.filter(weekday=1).delete()
    assert suggested(ann)[0] == "03-08 10:00"


def test_after_one_that_is_booked_the_next_ones_follow_it(came, session, tess, ann):
    booked(session, tess, denver("2027-03-11 14:00"), by=ann, client=ann)
    assert suggested(ann)[0] == "03-25 14:00"


def test_a_canceled_one_is_no_last_one(came, session, tess, ann):
    make_appointment(session_type=session, practitioner=tess, start=TEN, client=ann, state="cancelled")
    assert suggested(ann)[0] == "03-09 10:00"


def test_nothing_for_who_never_came_or_came_to_what_is_not_given_anymore(came, session, ann):
    assert rebooking_suggestions(make_user("Ben Hart"), now=NOW) is None
    session.is_active = False
    session.save()
    assert rebooking_suggestions(ann, now=NOW) is None


def test_weeks_that_are_full_suggest_nothing_and_break_nothing(came, tess, ann):
    tess.opening_hours.all().delete()
    assert suggested(ann) == []


@pytest.fixture
def her(ann) -> Iterator[Client]:
    """Her browser, on Monday, March 1, 2027."""
    with time_machine.travel(NOW, tick=False):
        made = browser()
        made.force_login(ann)
        yield made


def test_two_clicks_from_the_portal_and_it_is_booked(came, session, tess, ann, her):
    booked(session, tess, denver("2027-03-05 10:00"), by=ann, client=ann)  # the rules were agreed to then
    page = her.get("/portal/appointments/")
    again = page.context["again"]
    sent = {**hidden(page), "start": again["times"][0]["value"]}
    form = her.post(f"/book/{again['slug']}/hold/", sent, follow=True)  # the first click
    assert "If something comes up" in words_of(form)
    done = her.post(form.request["PATH_INFO"], {**hidden(form), "whom": "me"}, follow=True)  # the second
    assert "You’re booked." in words_of(done)


def test_the_press_is_judged_again_and_leads_to_the_nearest_times(came, session, tess, ann, her):
    page = her.get("/portal/appointments/")
    first = page.context["again"]["times"][0]
    booked(session, tess, denver("2027-03-09 10:00"), attendee=BEN)
    gone = her.post("/book/session/hold/", {**hidden(page), "start": first["value"]})
    assert gone.status_code == 409
    assert "Nearest available times" in words_of(gone)


def test_the_portals_pages_offer_it_where_nothing_is_booked(came, her):
    for page in ("/portal/", "/portal/appointments/"):
        assert her.get(page).context["again"]["slug"] == "session"
