"""Packages at the desk and in the portal: sold, listed with what is left, set against a session."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.test import Client

from booking.links import appointment_path
from booking.models import Package, PackageUse
from booking.packages import actions as packages_actions
from booking.tests.people import NOW, booked, denver
from booking.tests.web_client import browser, words_of
from practice.models import User
from practice.testing import at_work, make_user

SALE = {"sessions": "5", "price": "425.50", "valid_until": "2027-06-30", "paid": "in cash"}


@pytest.fixture(autouse=True)
def clock() -> Iterator[Any]:
    """Monday, March 1, 2027, eight in the morning in Denver."""
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def ann(session, tess) -> User:
    """She has an appointment, booked without signing in."""
    ann = make_user("Ann Lee")
    booked(session, tess)
    return ann


@pytest.fixture
def desk(tess, clock) -> Client:
    return at_work(tess.user)


def page_of(client: User) -> str:
    return f"/workspace/clients/{client.pk}/packages/"


def test_a_package_is_sold_and_is_shown_with_what_is_left(session, tess, ann, desk):
    answer = desk.post(page_of(ann), {**SALE, "session_type": session.pk}, follow=True)
    made = Package.objects.get()
    kept = (made.sessions, made.price_cents, made.valid_until, made.note, made.sold_by)
    assert kept == (5, 42550, dt.date(2027, 6, 30), "in cash", tess.user)
    assert "5 of 5 left" in words_of(answer)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"sessions": ""}, "Please enter a number."),
        ({"sessions": "0"}, "between 1 and 100 sessions"),
        ({"sessions": "9" * 30}, "between 1 and 100 sessions"),
        ({"price": "-5"}, "Please enter an amount like"),
        ({"price": "1e30"}, "too much for a package"),
        ({"price": "NaN"}, "Please enter an amount like"),
        ({"valid_until": "2027-02-30"}, "Please enter a date like"),
        ({"valid_until": "2026-01-01"}, "has already passed"),
        ({"paid": "x" * 201}, "Up to 200 characters"),
        ({"session_type": "999"}, "Please choose one of these."),
    ],
)
def test_what_makes_no_sense_is_said_and_not_sold(session, ann, desk, wrong, said):
    answer = desk.post(page_of(ann), {**SALE, "session_type": session.pk, **wrong})
    assert (answer.status_code, Package.objects.count()) == (422, 0)
    assert said in words_of(answer)


def test_what_was_booked_without_signing_in_is_paid_by_one_press(session, tess, ann, desk):
    packages_actions.sell(session, client=ann, sessions=5, price_cents=0, by=tess.user, now=NOW)
    assert "A package could cover these" in words_of(desk.get(page_of(ann)))
    appointment = ann.appointments.get()
    desk.post(f"/workspace/appointments/{appointment.uid}/package-pays/")
    assert PackageUse.objects.get().appointment == appointment
    after = words_of(desk.get(page_of(ann)))
    assert "4 of 5 left" in after
    assert "A package could cover" not in after


def test_where_none_is_left_the_press_says_so(session, tess, ann, desk):
    appointment = ann.appointments.get()
    answer = desk.post(f"/workspace/appointments/{appointment.uid}/package-pays/", follow=True)
    assert "No package covers this session." in words_of(answer)


def test_a_practitioner_sells_to_own_clients_only(session, tess, jonah, ann):
    his = at_work(jonah.user)
    assert his.get(page_of(ann)).status_code == 404
    assert his.post(page_of(ann), {**SALE, "session_type": session.pk}).status_code == 404
    uid = ann.appointments.get().uid
    assert his.post(f"/workspace/appointments/{uid}/package-pays/").status_code == 404


def test_the_front_desk_may_sell(session, tess, ann):
    dora = make_user("Dora Field", role=User.Role.FRONT_DESK)
    assert at_work(dora).get(page_of(ann)).status_code == 200


def test_the_client_reads_what_is_left_and_nobody_elses(session, tess, ann):
    ben = make_user("Ben Hart")
    packages_actions.sell(session, client=ann, sessions=5, price_cents=0, by=tess.user, now=NOW)
    booked(session, tess, denver("2027-03-17 10:00"), by=ann, client=ann)
    pages = []
    for somebody in (ann, ben):
        theirs = browser()
        theirs.force_login(somebody)
        pages.append(words_of(theirs.get("/portal/appointments/")))
    assert ["4 of 5 left" in page for page in pages] == [True, False]


@pytest.mark.parametrize(
    ("hours", "costs"),
    [(25, "Canceling now is free."), (5, "If you cancel now, it counts as one session from your package.")],
)
def test_what_a_cancel_costs_a_package_is_said_before_the_click(session, tess, ann, clock, hours, costs):
    packages_actions.sell(session, client=ann, sessions=5, price_cents=0, by=tess.user, now=NOW)
    made = booked(session, tess, denver("2027-03-17 10:00"), by=ann, client=ann)
    clock.move_to(made.starts_at - dt.timedelta(hours=hours))
    said = words_of(browser().get(f"{appointment_path(made)}cancel/"))
    assert [one for one in ("Canceling now", "If you cancel now") if one in said] == [
        costs[: len("Canceling now")] if hours == 25 else costs[: len("If you cancel now")]
    ]
    assert costs in said


def test_the_client_page_at_the_desk_tells_what_is_left(session, tess, ann, desk):
    packages_actions.sell(session, client=ann, sessions=5, price_cents=0, by=tess.user, now=NOW)
    assert "Session: 5 of 5 left" in words_of(desk.get(f"/workspace/clients/{ann.pk}/"))


def test_a_package_nobody_used_can_be_taken_away_in_the_back_office_and_no_other(session, tess, ann, desk):
    unused, used = (
        packages_actions.sell(session, client=ann, sessions=5, price_cents=0, by=tess.user, now=NOW)
        for _ in range(2)
    )
    PackageUse.objects.create(package=used, appointment=ann.appointments.get(), number=1)
    answers = [
        desk.post(f"/backoffice/booking/package/{one.pk}/delete/", {"post": "yes"}).status_code
        for one in (unused, used)
    ]
    assert answers == [302, 403]
    assert list(Package.objects.all()) == [used]
