"""What the API promised to those who call it: addresses, parameters, fields, statuses and headers, by name.

Change one only with a line in the CHANGELOG: somebody else's program reads it.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import time_machine
from django.test import Client

from booking.api.routes import api as ours
from booking.models import Appointment, SessionType
from booking.tests.people import NOW, TEN, denver
from booking.tests.web_client import Api, booking, refusal

pytestmark = pytest.mark.usefixtures("a_monday_in_march")
api = Api()
ELSEWHERE = {"origin": "https://elsewhere.example"}


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    return ours.get_openapi_schema()


def hold(hour: int, client: Client | None = None) -> Any:
    """Ask for a time to be kept."""
    start = denver(f"2027-03-16 {hour:02}:00").isoformat()
    return Api(client).post("holds", {"session_type": "session", "start": start})


# --- The addresses, and what is asked there -------------------------------------------------------------


@pytest.mark.parametrize(
    ("method", "path", "needed", "more"),
    [
        ("get", "/session-types", set(), set()),
        ("get", "/slots", {"session_type", "from", "to"}, {"practitioner", "tz"}),
        ("get", "/explain", {"session_type", "start"}, {"practitioner", "tz"}),
        ("post", "/holds", set(), set()),
        ("delete", "/holds/{token}", {"token"}, set()),
        ("post", "/appointments", set(), {"Idempotency-Key"}),
    ],
)
def test_the_parameters_of_each_address(document, method, path, needed, more) -> None:
    asked = document["paths"][f"/api/v1{path}"][method].get("parameters", [])
    assert {one["name"] for one in asked if one["required"]} == needed
    assert {one["name"] for one in asked if not one["required"]} == more


@pytest.mark.parametrize(
    ("shape", "needed", "more"),
    [
        ("Wanted", {"session_type", "start"}, {"practitioner", "tz"}),
        (
            "AppointmentIn",
            {"session_type", "start", "name", "email", "consent"},
            {"practitioner", "phone", "address", "tz", "hold"},
        ),
        ("HoldOut", {"hold", "expires"}, set()),
        ("AppointmentOut", {"id", "start", "end", "practitioner", "state", "manage_url"}, set()),
        ("Slots", {"tz", "slots", "reason"}, set()),
        ("Slot", {"start", "end", "local", "practitioner"}, set()),
        ("Explanation", {"bookable", "rule", "message"}, set()),
        ("Refused", {"error"}, {"alternatives"}),
        ("Problem", {"code", "message"}, {"fields"}),
    ],
)
def test_the_fields_of_each_body(document, shape, needed, more) -> None:
    said = document["components"]["schemas"][shape]
    assert set(said["required"]) == needed
    assert set(said["properties"]) == needed | more


# --- Refusals -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "code", "field"),
    [
        ({"start": "2027-03-16T10:05:00-06:00"}, "off_grid", "start"),
        ({"start": "2027-03-16T08:00:00-06:00"}, "outside_hours", "start"),
        ({"start": "2027-02-28T10:00:00-07:00"}, "past", "start"),
        ({"start": "2027-03-14T02:30"}, "nonexistent_time", "start"),
        ({"consent": False}, "consent", "consent"),
        ({"hold": "nobody's"}, "unknown_hold", "hold"),
        ({"tz": "Mars/Olympus"}, "unknown_zone", "tz"),
        ({"email": "ann"}, "invalid", "email"),
    ],
)
def test_a_422_names_the_field_and_says_of_it_what_is_wrong(hourly, change, code, field) -> None:
    answer = api.book(TEN, **change)
    error = refusal(answer)
    assert (answer.status_code, error["code"], set(error["fields"])) == (422, code, {field})
    assert error["fields"][field].endswith((".", "?"))


def test_a_409_has_its_alternatives_and_no_fields(hourly) -> None:
    api.book(TEN)
    answer = api.book(TEN, email="ben@example.com").json()
    assert set(answer) == {"error", "alternatives"}
    assert set(answer["error"]) == {"code", "message"}
    assert all(set(one) == {"start", "end", "local", "practitioner"} for one in answer["alternatives"])


def test_a_full_day_is_409_with_no_alternative_rather_than_without_the_word(hourly, tess) -> None:
    SessionType.objects.update(horizon_days=16, daily_limit=1)
    tess.opening_hours.exclude(weekday=1).delete()  # Tuesdays: the 2nd, the 9th and the 16th
    for day in (2, 9, 16):
        assert api.book(denver(f"2027-03-{day:02} 10:00")).status_code == 201
    answer = api.book(TEN, email="ben@example.com")
    assert (answer.status_code, answer.json()["alternatives"]) == (409, [])


# --- How often ------------------------------------------------------------------------------------------


def test_a_fourth_time_kept_at_once_is_429_and_says_when_to_come_again(hourly) -> None:
    kept = [hold(hour) for hour in (9, 10, 11)]
    answer = hold(12)
    assert (answer.status_code, refusal(answer)["code"]) == (429, "too_many_holds")
    assert hold(12, Client(REMOTE_ADDR="192.0.2.9")).status_code == 201
    api.client.delete(f"/api/v1/holds/{kept[0].json()['hold']}")
    assert hold(13).status_code == 201
    with time_machine.travel(NOW + dt.timedelta(seconds=int(answer["Retry-After"])), tick=False):
        assert hold(14).status_code == 201


def test_the_document_says_of_each_429_when_to_come_again(document) -> None:
    answers = [
        operation["responses"][429]
        for methods in document["paths"].values()
        for operation in methods.values()
        if 429 in operation["responses"]
    ]
    assert len(answers) == 2
    assert all("Retry-After" in answer["headers"] for answer in answers)


def test_an_answer_given_before_costs_no_booking_of_the_hour(hourly) -> None:
    first = api.book(TEN, key="one").json()
    for _ in range(25):
        assert api.book(TEN, key="one").json() == first
    assert api.book(denver("2027-03-16 12:00")).status_code == 201


# --- Who may call ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["session-types", "appointments", "openapi.json"])
def test_no_other_site_is_let_in_by_a_browser(hourly, path) -> None:
    """No CORS: programs call as they like, pages of other sites have the frame."""
    for method in ("get", "options", "post"):
        asked = {**ELSEWHERE, "access-control-request-method": "POST"}
        answer = getattr(Client(), method)(f"/api/v1/{path}", headers=asked)
        assert not [name for name in answer.headers if name.lower().startswith("access-control-")]


def test_a_request_of_approval_is_answered_as_pending(hourly) -> None:
    SessionType.objects.update(needs_approval=True)
    answer = api.post("appointments", booking(TEN))
    assert (answer.status_code, answer.json()["state"]) == (201, "pending")
    assert Appointment.objects.get().state == "pending"
