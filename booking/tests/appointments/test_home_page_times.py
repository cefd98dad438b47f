""" "Book this time" on the first page takes that time, with that person; gone, its day is shown."""

from __future__ import annotations

import re
from html import unescape

import pytest

from booking.appointments.views.request_params import hold_path
from booking.models import Appointment
from booking.testing import make_session_type
from booking.tests.people import NOW, booked, kept, minutes
from booking.tests.web_client import browser, starts_on, words_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("a_monday_in_march")]


def offers(answer) -> list[dict[str, str]]:
    """What each of the buttons of the first page would send."""
    forms = re.findall(r'<form method="post".*?</form>', answer.content.decode(), re.DOTALL)
    found = []
    for form in forms:
        fields = re.findall(r'name="(\w+)" value="([^"]*)"', form)
        found.append({"action": re.search(r'action="([^"]+)"', form)[1], **dict(fields)})
    return [one for one in found if "start" in one]


def take(offer, visitor=None):
    fields = {name: unescape(value) for name, value in offer.items() if name != "action"}
    return (visitor or browser()).post(offer["action"], fields)


@pytest.fixture
def both(tess, jonah):
    """With either; Tess has her Tuesday morning taken, so that the first offers are Jonah's and hers."""
    return make_session_type(tess, jonah, slug="first", step=60, notice_hours=24)


def test_the_first_page_sets_no_cookie_and_holds_nothing(both):
    answer = browser().get("/")
    assert (len(offers(answer)), answer.cookies, Appointment.objects.count()) == (3, {}, 0)


def test_one_press_without_a_script_holds_exactly_that_start_with_that_person(both, tess, jonah):
    first = NOW + minutes(25 * 60)
    booked(both, tess, first)
    offer = offers(browser().get("/"))[0]
    assert offer["practitioner"] == "jonah"
    answer = take(offer)
    held = Appointment.objects.get(state="held")
    assert (held.starts_at, held.practitioner) == (first, jonah)
    assert answer["Location"].startswith(f"/book/{both.slug}/held/")


def test_a_time_that_went_in_the_meantime_leads_to_the_list_of_its_day_with_a_sentence(both, tess):
    offer = offers(browser().get("/"))[0]
    booked(both, tess, NOW + minutes(25 * 60))
    answer = take(offer)
    assert answer.status_code == 409
    assert "Someone was a moment faster, and this time is taken now." in words_of(answer)
    assert {one[:10] for one in starts_on(answer)} == {"2027-03-02"}


def test_a_page_that_was_left_open_too_long_says_which_rule_and_shows_the_day(both, a_monday_in_march):
    offer = offers(browser().get("/"))[0]
    a_monday_in_march.move_to(NOW + minutes(3 * 60))
    answer = take(offer)
    assert answer.status_code == 422
    assert "Please book at least 24 hours ahead" in words_of(answer)
    assert {one[:10] for one in starts_on(answer)} == {"2027-03-02"}


def test_who_lets_a_held_time_go_is_back_on_its_day_in_the_same_clocks(both, tess):
    held = kept(both, tess, NOW + minutes(25 * 60))
    answer = browser().post(f"{hold_path(held)}let-go/", {"tz": "Europe/Berlin"})
    assert answer["Location"] == "/book/first/?tz=Europe%2FBerlin&day=2027-03-02#times"


def test_the_home_page_says_why_nothing_is_free(tess):
    make_session_type(tess, slug="first", notice_hours=24 * 30)
    said = words_of(browser().get("/"))
    assert "There are no open times in the next three weeks. Please book at least 30 days ahead" in said


def test_a_time_of_today_is_held_without_a_word_on_the_hours_that_are_over(tess):
    """At eight, of a session at three: until three yesterday it would have been free."""
    today = make_session_type(tess, slug="today")
    said = words_of(browser().get(hold_path(kept(today, tess, NOW + minutes(7 * 60)))))
    assert "Until Monday, March 1 at 1:00 PM" in said
    assert "Sunday, February 28" not in said
