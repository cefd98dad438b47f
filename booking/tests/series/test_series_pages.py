"""The pages of a series, as a browser without scripts goes through them: for clients and at the desk."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator
from html import unescape
from typing import Any

import pytest
import time_machine
from django.http import HttpResponse
from django.test import Client

from booking import links
from booking.models import Appointment, SessionType
from booking.packages import actions as packages_actions
from booking.testing import make_session_type
from booking.tests.people import BEN, DENVER, NOW, TEN, booked, denver, minutes
from booking.tests.series.test_series import taken, weeks
from booking.tests.web_client import browser, hidden, starts_on, stored, words_of
from practice.models import Letter, UsageCount, User
from practice.testing import at_work, make_user

PAGE = "/portal/appointments/series/session/"
WISH = {"with": "tess", "start": TEN.isoformat(), "every": "1", "number": "3"}


@pytest.fixture(autouse=True)
def clock() -> Iterator[Any]:
    """Monday, March 1, 2027, eight in the morning in Denver."""
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def hourly(tess) -> SessionType:
    return make_session_type(tess)


@pytest.fixture
def ann(practice) -> User:
    return make_user("Ann Lee", phone="+13035550101")


@pytest.fixture
def her(ann, clock) -> Client:
    made = browser()
    made.force_login(ann)
    return made


def ticked(answer: HttpResponse) -> list[str]:
    """The values of what is ticked on the page."""
    return [unescape(value) for value in re.findall(r'name="pick" value="([^"]+)" checked', text_of(answer))]


def radios(answer: HttpResponse) -> list[tuple[str, str]]:
    """Name and value of each choice where one does not fit."""
    return re.findall(r'type="radio" id="[^"]+" name="(pick-\d+)" value="([^"]*)"', text_of(answer))


def text_of(answer: HttpResponse) -> str:
    return answer.content.decode()


def sent(answer: HttpResponse, **more: Any) -> dict[str, Any]:
    """The form as a browser would send it."""
    return {**hidden(answer), "pick": ticked(answer), "whom": "me", "agree": "on", **more}


def test_from_the_first_time_to_three_booked_sessions_without_a_script(hourly, her, ann):
    first = her.get(f"{PAGE}?with=tess&day=2027-03-16&from=2027-03-15")
    assert TEN.isoformat() in starts_on(first)
    page = her.get(PAGE, {**hidden(first), "start": TEN.isoformat(), "number": "3", "every": "1"})
    assert "All of these times are available. Nothing is booked yet." in words_of(page)
    done = her.post(PAGE, sent(page), follow=True)
    assert "Booked: 3 sessions. We’ve sent one email with all of them." in words_of(done)
    found = Appointment.objects.filter(client=ann, state="booked").order_by("starts_at")
    assert [one.starts_at for one in found] == weeks(3)


def test_looking_writes_nothing(hourly, her):
    before = stored()
    her.get(PAGE)
    her.get(PAGE, WISH)
    assert stored() == before


def test_what_does_not_fit_is_named_and_something_near_it_can_be_chosen(hourly, tess, her, ann):
    booked(hourly, tess, weeks(2)[1], attendee=BEN)
    page = her.get(PAGE, WISH)
    assert "2 of 3 are available." in words_of(page)
    assert "That time is taken." in words_of(page)
    name, nearest = radios(page)[0]
    her.post(PAGE, sent(page, **{name: nearest}))
    hours = [f"{one.starts_at.astimezone(DENVER):%d %H}" for one in Appointment.objects.filter(client=ann)]
    assert hours == ["16 10", "23 09", "30 10"]


def test_what_is_left_out_is_not_booked(hourly, tess, her, ann):
    booked(hourly, tess, weeks(2)[1], attendee=BEN)
    page = her.get(PAGE, WISH)
    her.post(PAGE, sent(page, pick=ticked(page)[:1]))
    assert Appointment.objects.filter(client=ann).count() == 1


def test_one_taken_in_the_meantime_books_nothing_and_shows_the_present_times_with_the_choice_kept(
    hourly, tess, her, ann
):
    page = her.get(PAGE, WISH)
    form = sent(page, pick=[ticked(page)[0], ticked(page)[2]], whom="other", name="Leo Lee")
    booked(hourly, tess, weeks(3)[2], attendee=BEN)
    gone = her.post(PAGE, form)
    assert (gone.status_code, Appointment.objects.filter(client=ann).count()) == (409, 0)
    assert "nothing is booked yet" in words_of(gone)
    assert ticked(gone) == [form["pick"][0]]
    assert gone.context["form"]["name"].value() == "Leo Lee"


def test_the_same_form_twice_is_booked_once(hourly, her, ann):
    form = sent(her.get(PAGE, WISH))
    for _ in range(2):
        assert her.post(PAGE, form).status_code == 302
    assert Appointment.objects.filter(client=ann).count() == 3


@pytest.mark.parametrize("whom", [{"whom": "me"}, {"whom": "other", "name": "Leo Lee"}])
def test_the_same_form_again_and_again_costs_one_of_the_limit(whom, hourly, her, settings):
    settings.RATE_LIMITS = True
    form = sent(her.get(PAGE, WISH), **whom)
    for _ in range(3):
        assert her.post(PAGE, form).status_code == 302
    assert (Appointment.objects.count(), UsageCount.objects.get().count) == (3, 1)


def test_the_same_form_for_someone_else_then_is_another_booking_and_costs_another(hourly, her, settings):
    settings.RATE_LIMITS = True
    form = sent(her.get(PAGE, WISH))
    her.post(PAGE, {**form, "pick": form["pick"][:1]})
    for name in ("Leo Lee", "leo  LEE", "Mia Lee"):
        pick = form["pick"][2 if name.startswith("Mia") else 1]
        her.post(PAGE, {**form, "pick": [pick], "whom": "other", "name": name})
    assert (Appointment.objects.count(), UsageCount.objects.get().count) == (3, 3)


def test_nothing_chosen_is_said_and_booked_is_nothing(hourly, her):
    answer = her.post(PAGE, sent(her.get(PAGE, WISH), pick=[]))
    assert (answer.status_code, Appointment.objects.count()) == (422, 0)
    assert "Please choose between one and 12 sessions." in words_of(answer)


def test_without_agreeing_nothing_is_booked_and_what_was_chosen_stays(hourly, her):
    page = her.get(PAGE, WISH)
    form = sent(page, pick=ticked(page)[:2])
    del form["agree"]
    answer = her.post(PAGE, form)
    assert (answer.status_code, Appointment.objects.count()) == (422, 0)
    assert ticked(answer) == form["pick"]


def test_a_package_says_what_it_pays_before_the_click(hourly, her, ann, tess):
    packages_actions.sell(hourly, client=ann, sessions=2, price_cents=18000, by=tess.user, now=NOW)
    assert "it has 2 sessions left" in words_of(her.get(PAGE, WISH))


def test_a_crafted_time_no_rule_allows_books_nothing(hourly, her):
    page = her.get(PAGE, WISH)
    for start in ("2027-03-16T03:00:00-06:00", "2020-01-01T10:00:00Z", "9999-12-31T23:59:59Z"):
        assert her.post(PAGE, sent(page, pick=[start])).status_code == 409
    assert Appointment.objects.count() == 0


def test_with_someone_who_cannot_be_booked_anymore_no_series_is_booked(hourly, her, tess, jonah):
    hourly.practitioners.add(jonah)
    page = her.get(PAGE, {**WISH, "with": "jonah"})
    hourly.practitioners.remove(jonah)
    answer = her.post(PAGE, sent(page))
    assert (answer.status_code, Appointment.objects.count()) == (409, 0)
    assert "This practitioner can’t be booked for this session." in words_of(answer)


@pytest.mark.parametrize(
    "wrong",
    [
        {"start": "2027-03-14T02:30"},
        {"start": "nonsense"},
        {"start": "9999-12-31T23:59:59+00:00"},
        {"start": "0001-01-01T00:00:00+00:00"},
        {"number": "9" * 30},
        {"number": "-1", "every": "²"},
        {"with": "nobody"},
    ],
)
def test_nonsense_in_the_address_is_a_page_and_no_error(hourly, her, wrong):
    assert her.get(PAGE, {**WISH, **wrong}).status_code == 200


def test_an_hour_that_does_not_exist_is_said(tess, her):
    make_session_type(tess, step=30)
    answer = her.get(PAGE, {**WISH, "start": "2027-03-14T02:30"})
    assert "That time does not exist" in words_of(answer)


@pytest.mark.parametrize("kind", [{"needs_approval": True}, {"is_active": False}])
def test_there_is_no_series_of_what_is_asked_for_or_not_given(tess, her, kind):
    make_session_type(tess, **kind)
    assert her.get(PAGE).status_code == 404


# Cancelled from one on


def test_by_the_link_all_later_ones_go_and_nobody_elses(hourly, tess, her, ann):
    made = taken(hourly, tess, ann, *weeks(3))
    booked(hourly, tess, weeks(3)[2] + minutes(120), attendee=BEN)
    page = f"/appointments/{links.appointment_token(made[1])}/cancel-later/"
    assert "no charge" in words_of(browser().get(page))
    browser().post(page)
    states = Appointment.objects.order_by("starts_at").values_list("state", flat=True)
    assert list(states) == ["booked", "cancelled", "cancelled", "booked"]


@pytest.mark.parametrize(("percent", "fees", "free"), [(50, 1, 1), (0, 0, 2)])
def test_a_late_one_says_its_fee_or_that_there_is_none(
    hourly, tess, ann, practice, clock, percent, fees, free
):
    practice.late_percent = percent
    practice.save(update_fields=["late_percent"])
    made = taken(hourly, tess, ann, *weeks(2))
    clock.move_to(TEN - minutes(60 * 10))
    said = words_of(browser().get(f"/appointments/{links.appointment_token(made[0])}/cancel-later/"))
    found = [said.count(words) for words in ("late fee: $47.50", "late fee", "no charge")]
    assert found == [fees, fees, free]


def test_reading_the_question_cancels_nothing(hourly, tess, ann):
    made = taken(hourly, tess, ann, *weeks(2))
    page = f"/appointments/{links.appointment_token(made[0])}/cancel-later/"
    browser().get(page)
    browser().head(page)
    assert Appointment.objects.filter(state="booked").count() == 2


def test_the_page_of_one_leads_there_only_where_there_is_a_series(hourly, tess, ann):
    alone = booked(hourly, tess, denver("2027-03-17 10:00"), by=ann, client=ann)
    one = taken(hourly, tess, ann, *weeks(2))[0]
    pages = [browser().get(links.appointment_path(each)).content.decode() for each in (alone, one)]
    assert ["cancel-later" in page for page in pages] == [False, True]


# At the desk


@pytest.fixture
def desk(tess, clock) -> Client:
    return at_work(tess.user)


def test_at_the_desk_a_series_follows_an_appointment(hourly, tess, ann, desk):
    first = booked(hourly, tess, by=ann, client=ann)
    page = desk.get(f"/workspace/appointments/{first.uid}/series/")
    answer = desk.post(page.request["PATH_INFO"], {**hidden(page), "pick": ticked(page)}, follow=True)
    assert "Booked: 4 sessions." in words_of(answer)
    found = Appointment.objects.filter(client=ann).order_by("starts_at")
    assert [one.starts_at for one in found] == weeks(5)
    assert not Letter.objects.filter(kind="notice_series").exists()  # what one did oneself is no news


def test_at_the_desk_another_first_time_is_typed_as_clocks_show_it(hourly, tess, ann, desk):
    first = booked(hourly, tess, by=ann, client=ann)
    asked = {"start": "2027-04-06T11:00", "number": "2", "every": "2"}
    page = desk.get(f"/workspace/appointments/{first.uid}/series/", asked)
    assert [value[:16] for value in ticked(page)] == ["2027-04-06T11:00", "2027-04-20T11:00"]


def test_at_the_desk_an_hour_that_does_not_exist_is_said(hourly, tess, ann, desk):
    first = booked(hourly, tess, by=ann, client=ann)
    page = desk.get(f"/workspace/appointments/{first.uid}/series/", {"start": "2027-03-14T02:30"})
    assert page.status_code == 422
    assert "That time does not exist" in words_of(page)


def test_a_colleagues_appointment_is_no_beginning_of_a_series(hourly, tess, jonah, ann):
    first = booked(hourly, tess, by=ann, client=ann)
    his = at_work(jonah.user)
    assert his.get(f"/workspace/appointments/{first.uid}/series/").status_code == 404
    assert his.post(f"/workspace/appointments/{first.uid}/cancel-later/").status_code == 404


def test_at_the_desk_all_later_ones_are_canceled_however_late(hourly, tess, ann, desk, clock):
    made = taken(hourly, tess, ann, *weeks(3), series=uuid.uuid4())
    clock.move_to(TEN - minutes(30))
    answer = at_work(tess.user).post(f"/workspace/appointments/{made[0].uid}/cancel-later/", follow=True)
    assert "3 sessions canceled." in words_of(answer)
