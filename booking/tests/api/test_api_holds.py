"""Times kept through the API: exclusive, given back at will, booked by whoever has the token."""

from __future__ import annotations

import pytest

from booking.models import Appointment
from booking.tests.people import TEN
from booking.tests.web_client import Api, refusal

pytestmark = [pytest.mark.engines, pytest.mark.usefixtures("a_monday_in_march")]
api = Api()


def test_a_hold_lasts_ten_minutes_and_is_given_back_as_often_as_one_likes(hourly):
    wanted = {"session_type": "session", "practitioner": "tess", "start": TEN.isoformat()}
    answer = api.post("holds", wanted)
    assert answer.status_code == 201
    assert set(answer.json()) == {"hold", "expires"}
    assert answer.json()["expires"] == "2027-03-01T15:10:00Z"
    gone = api.post("holds", wanted)
    assert (gone.status_code, refusal(gone)["code"]) == (409, "slot_taken")
    for _ in range(2):
        answer_again = api.client.delete(f"/api/v1/holds/{answer.json()['hold']}")
        assert (answer_again.status_code, answer_again.content) == (204, b"")
    assert api.post("holds", wanted).status_code == 201


def test_a_hold_that_nobody_gave_is_not_found(hourly):
    answer = api.client.delete("/api/v1/holds/deadbeef.nothing")
    assert (answer.status_code, refusal(answer)["code"]) == (404, "unknown_hold")


def test_a_held_time_is_booked_by_the_person_who_has_the_hold_and_by_nobody_else(hourly):
    wanted = {"session_type": "session", "practitioner": "tess", "start": TEN.isoformat()}
    token = api.post("holds", wanted).json()["hold"]
    assert api.book(TEN, email="ben@example.com").status_code == 409
    assert api.book(TEN, hold=token).status_code == 201


def test_giving_back_what_has_become_an_appointment_does_not_cancel_it(hourly):
    wanted = {"session_type": "session", "practitioner": "tess", "start": TEN.isoformat()}
    token = api.post("holds", wanted).json()["hold"]
    api.book(TEN, hold=token)
    assert api.client.delete(f"/api/v1/holds/{token}").status_code == 204
    assert Appointment.objects.get().state == "booked"
