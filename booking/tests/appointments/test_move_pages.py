"""Moving by the link: it opens where the session is, and shows what it will do before it does it."""

import datetime as dt

import pytest

from booking.appointments.actions.move import move
from booking.appointments.views.request_params import appointment_path
from booking.models import Appointment
from booking.packages import actions as packages_actions
from booking.testing import make_session_type
from booking.tests.people import BEN, NOW, TEN, booked, minutes
from booking.tests.web_client import browser, hidden, starts_on, stored, words_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("a_monday_in_march")]
TWO = TEN + minutes(240)
LATE = NOW.replace(day=16, hour=5)


@pytest.fixture
def mine(hourly, tess) -> Appointment:
    """Ann's session, Tuesday the 16th at ten."""
    return booked(hourly, tess)


def page_of_move(mine: Appointment, query: str = ""):
    return browser().get(f"{appointment_path(mine)}move/{query}")


def before_moving(mine: Appointment, start: dt.datetime = TWO):
    return browser().get(f"{appointment_path(mine)}move/", {"start": start.isoformat()})


def test_choosing_a_time_moves_nothing_and_says_from_when_to_when(mine):
    rows = stored()
    said = words_of(before_moving(mine))
    assert "Move from Tuesday, March 16 at 10:00 AM to Tuesday, March 16 at 2:00 PM?" in said
    assert ("Nothing has been moved yet." in said, stored()) == (True, rows)


def test_the_buttons_of_the_list_only_ask(mine):
    html = page_of_move(mine).content.decode()
    form = html[html.index('<form id="times"') :]
    assert form.startswith('<form id="times" method="get"')


def test_one_press_more_without_a_script_moves_it(mine):
    asked = before_moving(mine)
    browser().post(f"{appointment_path(mine)}move/", {"start": hidden(asked)["start"]})
    assert Appointment.objects.get().starts_at == TWO


def test_it_says_how_often_it_can_be_moved_after_this(mine):
    assert "After this, you can move it online one more time." in words_of(before_moving(mine))
    once = move(mine, start=TWO, now=NOW)
    said = words_of(before_moving(once, TEN))
    assert "After this, it can only be moved by phone." in said


def test_moved_as_often_as_allowed_no_calendar_is_shown(mine):
    twice = move(move(mine, start=TWO, now=NOW), start=TEN, now=NOW)
    page = page_of_move(twice)
    assert "It can’t be moved online again." in words_of(page)
    assert starts_on(page) == []


def test_past_the_free_part_it_says_what_a_move_costs(mine, a_monday_in_march):
    a_monday_in_march.move_to(LATE)
    assert "if you cancel after that, the late fee applies" in words_of(before_moving(mine))


@pytest.mark.parametrize(("last", "said"), [(16, True), (17, False)])
def test_that_its_package_will_not_pay_is_said_before_it_moves(mine, hourly, tess, last, said):
    until = dt.date(2027, 3, last)
    packages_actions.sell(
        hourly, client=mine.client, sessions=2, price_cents=0, by=tess.user, now=NOW, valid_until=until
    )
    packages_actions.use_for(mine, now=NOW)
    page = words_of(before_moving(mine, TEN + dt.timedelta(days=1)))
    assert ("The package that covers it ends before then." in page) is said


def test_a_time_that_went_in_the_meantime_is_said_before_anything_is_pressed(mine, hourly, tess):
    booked(hourly, tess, TWO, attendee=BEN)
    answer = before_moving(mine)
    assert answer.status_code == 409
    assert len(starts_on(answer)) == 3


def test_a_time_that_a_rule_forbids_is_refused_in_words(mine):
    answer = before_moving(mine, TEN.replace(hour=3))
    assert (answer.status_code, "Your appointment could not be moved" in words_of(answer)) == (422, True)


@pytest.mark.parametrize("start", ["soon", "2027-03-14T02:30", "2027-03-16T10:00:00+99:00"])
def test_what_is_no_time_is_refused_in_words(mine, start):
    answer = browser().get(f"{appointment_path(mine)}move/", {"start": start})
    assert (answer.status_code, "Your appointment could not be moved" in words_of(answer)) == (422, True)


def test_its_own_time_is_no_move(mine):
    assert before_moving(mine, TEN)["Location"] == appointment_path(mine)


def test_the_calendar_opens_on_the_day_of_the_session(tess):
    """Two weeks on: not on the first free day of the practice."""
    far = booked(make_session_type(tess, slug="far", step=60), tess, TEN + dt.timedelta(days=14))
    page = page_of_move(far)
    assert {one[:10] for one in starts_on(page)} == {"2027-03-30"}


def test_and_on_the_next_day_with_a_time_when_its_own_has_none(tess):
    """Its notice is longer than its own day is away."""
    soon = make_session_type(tess, slug="soon", step=60, notice_hours=24 * 20)
    page = page_of_move(booked(soon, tess, by=tess.user, override_note="A favor."))
    assert {one[:10] for one in starts_on(page)} == {"2027-03-21"}


def test_later_weeks_can_be_looked_at(mine):
    assert {one[:10] for one in starts_on(page_of_move(mine, "?from=2027-03-28"))} == {"2027-03-28"}
