"""Days off for everyone and for a part of a day, the list of those ahead, and changing them."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from django.test import Client

from booking.models import Appointment, Closure, SessionType
from booking.tests.people import BEN, TEN, booked, kept, minutes
from booking.time_off.actions import close_days
from practice.models import Practitioner, User
from practice.testing import at_work, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("a_monday_in_march")]
PAGE = "/workspace/practice/days-off/"
DAY = dt.date(2027, 3, 16)
ASKED = {"practitioner": "*", "first": "2027-03-16"}


@pytest.fixture
def desk(tess: Practitioner) -> Client:
    return at_work(make_user("Faye", role=User.Role.FRONT_DESK))


@pytest.fixture
def two(both: SessionType, tess: Practitioner, jonah: Practitioner) -> list[Appointment]:
    return [booked(both, tess), booked(both, jonah, TEN + minutes(180), attendee=BEN)]


def said(answer: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def closed(person: Practitioner | None, **more: Any) -> str:
    return f"{PAGE}{close_days.close_days(person, first=DAY, last=DAY, **more).pk}/"


@pytest.mark.engines
def test_a_day_is_closed_for_everyone_and_all_who_are_booked_are_named_before(two, desk, both, tess):
    held = kept(both, tess, TEN + minutes(120))
    page = said(desk.get(PAGE, ASKED))
    assert "Tuesday, March 16, Everyone" in page.replace("\xa0", " ")
    assert "Ann Lee" in page
    assert "Ben Hart" in page
    assert not Closure.objects.exists()

    answer = desk.post(PAGE, ASKED, follow=True)
    assert Closure.objects.get().practitioner is None
    assert Appointment.objects.get(pk=held.pk).state != "held"
    assert "2 people are still booked." in said(answer)
    assert "Hand over to" not in said(answer)  # no colleague is there either


@pytest.mark.engines
def test_sessions_of_a_day_closed_for_everyone_are_canceled_one_by_one(two, desk):
    page = closed(None)
    chosen = {f"to-{one.uid}": "cancel" for one in two}
    desk.post(page, chosen | {"do": "go"})
    assert [one.state for one in Appointment.objects.all()] == ["cancelled"] * 2


def test_a_practitioner_sees_days_closed_for_everyone_and_cannot_close_or_change_them(tess, jonah):
    page = closed(None)
    his = at_work(jonah.user)
    assert his.post(PAGE, ASKED).status_code == 422
    assert "Tuesday, March 16 Everyone · Closed" in said(his.get(PAGE)).replace("\xa0", " ")
    for path in (page, f"{page}change/", f"{page}open/"):
        assert his.post(path, {"first": "2027-03-16"}).status_code == 404
    assert Closure.objects.count() == 1


def test_a_practitioner_does_not_read_when_a_colleague_is_away(tess, jonah):
    closed(tess)
    assert "None yet." in said(at_work(jonah.user).get(PAGE))


@pytest.mark.engines
def test_a_day_may_be_open_for_some_hours_only(two, desk, tess):
    asked = {**ASKED, "practitioner": "tess", "opens": "1 pm", "closes": "15"}
    assert "One person is booked." in said(desk.get(PAGE, asked))
    answer = desk.post(PAGE, asked, follow=True)

    closure = Closure.objects.get()
    assert (closure.opens, closure.closes) == (dt.time(13), dt.time(15))
    assert "Open only 1:00 – 3:00 PM: Tuesday, March 16" in said(answer)
    assert "One person is booked outside them." in said(answer)


@pytest.mark.parametrize(
    ("hours", "words"),
    [
        ({"opens": "3 pm", "closes": "1 pm"}, "These hours end before they begin."),
        ({"opens": "3 pm"}, "Please enter when it closes"),
        ({"opens": "soon", "closes": "5"}, "We can’t read that time."),
    ],
)
def test_hours_that_cannot_be_meant_are_refused_and_kept_as_typed(desk, tess, hours, words):
    answer = desk.post(PAGE, {**ASKED, **hours})
    assert (answer.status_code, Closure.objects.exists()) == (422, False)
    assert words in said(answer)
    assert f'value="{hours["opens"]}"' in answer.content.decode()


def test_times_to_offer_are_beside_each_who_is_booked(two, desk, tess):
    page = said(desk.get(closed(tess))).replace("\xa0", " ")
    assert "Times to offer: Tuesday, March 16 at 9:00 AM, with Jonah Reyes".replace(" Reyes", "") in page


@pytest.mark.engines
def test_changing_days_off_says_what_opens_and_who_is_booked_before_it_is_saved(two, desk, tess):
    page = close_days.close_days(tess, first=DAY, last=DAY + dt.timedelta(days=2))
    path = f"{PAGE}{page.pk}/change/"
    asked = {"practitioner": "tess", "first": "2027-03-16", "last": "2027-03-17"}
    answer = said(desk.get(path, asked))
    assert "8 times with Tess for Session, 60 min" in answer
    assert "Ann Lee" in answer
    page.refresh_from_db()
    assert page.last_day == dt.date(2027, 3, 18)

    assert desk.post(path, asked).status_code == 302
    page.refresh_from_db()
    assert (page.first_day, page.last_day) == (DAY, dt.date(2027, 3, 17))


def test_a_change_keeps_the_reason_that_its_writer_may_not_read(desk, tess):
    closed(tess, reason="Surgery")
    [closure] = Closure.objects.all()
    desk.post(f"{PAGE}{closure.pk}/change/", {"practitioner": "tess", "first": "2027-03-17"})
    closure = Closure.objects.get()
    assert (closure.first_day, closure.reason) == (dt.date(2027, 3, 17), "Surgery")


@pytest.mark.engines
def test_days_that_someone_opened_in_the_meantime_are_not_closed_by_a_change(tess):
    closure = close_days.close_days(tess, first=DAY, last=DAY)
    close_days.open_again(Closure.objects.get())
    assert close_days.change_days(closure, first=DAY, last=DAY) is None
    assert not Closure.objects.exists()


@pytest.mark.engines
def test_opening_again_says_what_becomes_available_and_then_it_is(two, desk, tess):
    page = closed(tess)
    assert "7 times with Tess for Session, 60 min" in said(desk.get(page))  # eight hours, one is Ann's
    desk.post(f"{page}open/")
    assert not Closure.objects.exists()


def test_the_former_addresses_lead_to_the_present_ones(desk, tess):
    assert desk.get("/workspace/away/").url == PAGE
    assert desk.get("/workspace/away/7/").url == f"{PAGE}7/"
