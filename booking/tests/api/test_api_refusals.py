"""One shape for every refusal of the API, and nothing stored by one."""

from __future__ import annotations

import pytest
from django.test import Client

from booking.tests.people import TEN
from booking.tests.web_client import Api, booking, refusal, stored

pytestmark = pytest.mark.usefixtures("a_monday_in_march")
api = Api()
DAY = {"session_type": "session", "from_": "2027-03-16", "to": "2027-03-16"}


@pytest.mark.parametrize(
    "body",
    [
        b'{"name": "A\\u0000nn"}',
        b'{"name": "\\ud800"}',
        b"[" * 100_000,
        b'{"a":' * 100_000,
        b'{"consent": NaN}',
        b"{",
        b"\xff\xfe",
        b'{"start": ' + b"9" * 10_000 + b"}",
    ],
)
def test_what_is_no_json_or_cannot_be_kept_is_400(hourly, body):
    answer = api.post("appointments", body)
    assert (answer.status_code, refusal(answer)["code"]) == (400, "bad_request")


@pytest.mark.parametrize("body", [b"null", b"[]", b"7", b'"text"', b"{}"])
def test_json_of_another_kind_is_422(hourly, body):
    answer = api.post("appointments", body)
    assert (answer.status_code, bool(refusal(answer))) == (422, True)


@pytest.mark.parametrize(
    "content_type", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", ""]
)
@pytest.mark.parametrize("path", ["appointments", "holds"])
def test_only_json_is_taken_for_a_foreign_page_could_send_the_rest(hourly, content_type, path):
    before = stored()
    answer = api.post(path, booking(TEN), content_type=content_type)
    assert (answer.status_code, refusal(answer)["code"]) == (415, "unsupported_media_type")
    assert stored() == before


def test_json_with_a_charset_is_json(hourly):
    assert (
        api.post("appointments", booking(TEN), content_type="application/json; charset=utf-8").status_code
        == 201
    )


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("get", "nothing", 404),
        ("get", "", 404),
        ("get", "slots/", 404),
        ("get", "appointments", 405),
        ("put", "appointments", 405),
        ("patch", "holds", 405),
        ("delete", "holds", 405),
        ("post", "session-types", 405),
        ("get", "holds/token", 405),
        ("post", "docs", 405),
        ("get", "slots?session_type=%00", 400),
        ("get", "explain?session_type=session", 422),
        ("options", "slots", 405),
        ("trace", "slots", 405),
    ],
)
def test_every_refusal_has_the_one_shape(hourly, method, path, status):
    answer = Client().generic(method.upper(), f"/api/v1/{path}")
    assert (answer.status_code, bool(refusal(answer))) == (status, True)


def test_a_405_says_what_is_allowed(hourly):
    assert Client().get("/api/v1/appointments")["Allow"] == "POST"


def test_no_answer_of_the_api_sets_a_cookie(hourly):
    client = Client()
    for answer in (Api(client).get("slots", **DAY), Api(client).book(TEN), Api(client).book(TEN)):
        assert not answer.cookies


def test_reading_changes_nothing(hourly):
    before = stored()
    for path in (
        "session-types",
        "slots?session_type=session&from=2027-03-16&to=2027-03-16",
        "openapi.json",
        "docs",
    ):
        Client().get(f"/api/v1/{path}")
        Client().head(f"/api/v1/{path}")
    assert stored() == before
