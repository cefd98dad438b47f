"""Booking through the API: the contract's shape, the rules' sentences, nobody's record changed."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine

from booking.models import Appointment, SessionType
from booking.testing import make_session_type
from booking.tests.people import NOW, TEN, denver, kinds
from booking.tests.web_client import Api, refusal, stored
from practice.models import Letter, User
from practice.testing import as_it_leaves, make_user

pytestmark = pytest.mark.usefixtures("a_monday_in_march")
api = Api()


def test_a_booking_answers_in_the_shape_of_the_contract(hourly, settings):
    answer = api.book(TEN)
    row = Appointment.objects.get()
    body = answer.json()
    assert answer.status_code == 201
    assert body.pop("manage_url").startswith(f"{settings.SITE_URL}/appointments/")
    assert body == {
        "id": str(row.uid),
        "start": "2027-03-16T16:00:00Z",
        "end": "2027-03-16T17:00:00Z",
        "practitioner": "tess",
        "state": "booked",
    }
    assert kinds(row).count("confirmation") == 1


def test_a_taken_time_is_409_with_the_nearest_that_are_free(hourly):
    api.book(TEN)
    answer = api.book(TEN, email="ben@example.com")
    assert (answer.status_code, refusal(answer)["code"]) == (409, "slot_taken")
    assert [slot["local"][11:16] for slot in answer.json()["alternatives"]] == ["09:00", "11:00", "12:00"]
    assert set(answer.json()["alternatives"][0]) == {"start", "end", "local", "practitioner"}
    assert api.book(answer.json()["alternatives"][0]["start"], email="ben@example.com").status_code == 201


def test_alternatives_are_told_in_the_zone_the_request_named(hourly):
    api.book(TEN)
    answer = api.book(TEN, tz="Europe/Berlin")
    assert {slot["local"][-6:] for slot in answer.json()["alternatives"]} == {"+01:00"}


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": ...}, "name"),
        ({"name": "  \u2028 "}, "name"),
        ({"name": "A" * 10_000}, "name"),
        ({"name": 10**30}, "name"),
        ({"email": ...}, "email"),
        ({"email": "ann at example"}, "email"),
        ({"email": f"{'a' * 10_000}@example.com"}, "email"),
        ({"phone": "1" * 10_000}, "phone"),
        ({"phone": "call me"}, "phone"),
        ({"consent": False}, "consent"),
        ({"consent": ...}, "consent"),
        ({"consent": "sure"}, "consent"),
        ({"start": ...}, "start"),
        ({"start": 1e30}, "start"),
        ({"start": "2" * 10_000}, "start"),
        ({"start": "2027-03-14T02:30"}, "start"),
        ({"start": "2027-11-07T01:30"}, "start"),
        ({"tz": "Mars/Olympus"}, "tz"),
        ({"tz": "A" * 10_000}, "tz"),
        ({"hold": "no-such-hold"}, "hold"),
        ({"hold": "h" * 10_000}, "hold"),
        ({"hodl": "a misspelled one"}, "hodl"),
        ({"session_type": ["session"]}, "session_type"),
        ({"practitioner": None}, "practitioner"),
    ],
)
def test_a_wrong_field_is_422_says_which_and_stores_nothing(hourly, change, field):
    before = stored()
    answer = api.book(TEN, **change)
    assert answer.status_code == 422, answer.content
    assert list(refusal(answer)["fields"]) == [field]
    assert stored() == before


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"start": "2027-02-28T10:00:00-07:00"}, "past"),
        ({"start": "2027-03-16T10:05:00-06:00"}, "off_grid"),
        ({"start": "2027-03-16T08:00:00-06:00"}, "outside_hours"),
        ({"start": "2027-03-16T10:00:00-06:00", "session_type": "late"}, "outside_hours"),
    ],
)
def test_a_time_no_rule_allows_is_422_with_the_rule_and_stores_nothing(hourly, jonah, change, code):
    late = make_session_type(jonah, slug="late", name="Late")
    jonah_hours = jonah.opening_hours
    jonah_hours.update(opens=dt.time(18), closes=dt.time(20))
    before = stored()
    answer = api.book(TEN, **{"practitioner": "any", **change})
    assert (answer.status_code, refusal(answer)["code"]) == (422, code)
    assert (stored(), late.appointments.count()) == (before, 0)


def test_the_twenty_first_booking_of_an_hour_is_429(hourly):
    for hour in range(20):
        start = TEN + dt.timedelta(days=1 + hour // 5, hours=hour % 5)
        assert api.book("2027-03-16T10:05:00-06:00").status_code == 422  # what is refused is not counted
        assert api.book(start).status_code == 201
    answer = api.book(TEN)
    assert (answer.status_code, refusal(answer)["code"]) == (429, "too_many")
    assert int(answer["Retry-After"]) > 0
    with time_machine.travel(NOW + dt.timedelta(hours=1), tick=False):
        assert api.book(TEN).status_code == 201


def test_case_33_a_known_address_with_another_name_changes_no_record_and_tells_nothing(hourly):
    ann = make_user("Ann Lee", phone="303 555 0101")
    known = api.book(TEN, name="Somebody Else", phone="303 555 0199")
    unknown = api.book(denver("2027-03-16 12:00"), name="Somebody Else", email="new@example.com")
    ann.refresh_from_db()
    assert (ann.name, ann.phone) == ("Ann Lee", "303 555 0101")
    made = Appointment.objects.get(correspondent=ann)
    assert (made.attendee_name, made.client.name) == ("Somebody Else", "Somebody Else")
    assert (known.status_code, set(known.json())) == (unknown.status_code, set(unknown.json()))
    assert dict(known.headers).keys() == dict(unknown.headers).keys()


def test_a_booking_at_half_past_one_ends_after_the_skipped_hour(hourly, tess):
    """Case 4."""
    hours = tess.opening_hours
    hours.update(opens=dt.time(0), closes=dt.time(6))
    SessionType.objects.update(step=30)
    body = api.book("2027-03-14T01:30").json()
    assert (body["start"], body["end"]) == ("2027-03-14T08:30:00Z", "2027-03-14T09:30:00Z")
    assert "MST" in as_it_leaves(Letter.objects.get(kind="confirmation")).text
    assert "MDT" in as_it_leaves(Letter.objects.get(kind="confirmation")).text


def test_case_6_an_hour_that_comes_twice_is_bookable_twice_with_its_offset(hourly, tess):
    hours = tess.opening_hours
    hours.update(opens=dt.time(0), closes=dt.time(6))
    SessionType.objects.update(step=30)
    assert refusal(api.book("2027-11-07T01:30"))["code"] == "ambiguous_time"
    assert api.book("2027-11-07T01:30-06:00").json()["start"] == "2027-11-07T07:30:00Z"
    assert api.book("2027-11-07T01:30-07:00").json()["start"] == "2027-11-07T08:30:00Z"


def test_a_visit_of_a_person_leaves_no_user_behind_when_refused(hourly):
    api.book(TEN)
    api.book(TEN, email="late@example.com")
    assert not User.objects.filter(email="late@example.com").exists()


def test_booking_contacts_neither_broker_nor_mail_server(hourly, monkeypatch):
    """A request writes rows: with the network gone a booking is answered as ever, and its letter waits."""

    def refuse(*_args, **_kwargs):
        raise AssertionError("a request reached for the network")

    monkeypatch.setattr("socket.socket.connect", refuse)
    monkeypatch.setattr("celery.app.base.Celery.send_task", refuse)
    monkeypatch.setattr("celery.app.task.Task.apply_async", refuse)
    assert api.book(TEN).status_code == 201
    assert set(Letter.objects.values_list("state", flat=True)) == {"planned"}
