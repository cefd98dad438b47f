"""What the API says about itself: every status of every operation, and a page for people."""

from __future__ import annotations

import pytest
from django.test import Client

from booking.tests.web_client import Api

pytestmark = pytest.mark.usefixtures("a_monday_in_march")
api = Api()


def test_the_description_knows_every_status_an_operation_can_have(hourly):
    schema = Client().get("/api/v1/openapi.json").json()
    statuses = {
        f"{method} {path.removeprefix('/api/v1')}": sorted(operation["responses"])
        for path, methods in schema["paths"].items()
        for method, operation in methods.items()
    }
    assert statuses == {
        "get /session-types": ["200", "400", "503"],
        "get /slots": ["200", "400", "404", "422", "503"],
        "get /explain": ["200", "400", "404", "422", "503"],
        "post /holds": ["201", "400", "404", "409", "415", "422", "429", "503"],
        "delete /holds/{token}": ["204", "400", "404", "503"],
        "post /appointments": ["201", "400", "404", "409", "415", "422", "429", "503"],
    }


def test_its_parameters_give_examples_in_the_shape_openapi_has_for_them(hourly):
    """A list, as a schema may have, makes the whole document invalid for generators of clients."""
    paths = Client().get("/api/v1/openapi.json").json()["paths"]
    given = [
        one
        for methods in paths.values()
        for operation in methods.values()
        for one in operation.get("parameters", [])
        if "example" in one or "examples" in one
    ]
    assert {one["name"]: one["example"] for one in given} == {"from": "2027-03-13", "to": "2027-04-13"}
    assert [one["name"] for one in given if "examples" in one] == []


def test_the_page_of_the_api_names_every_operation_and_its_answers(hourly):
    page = Client().get("/api/v1/docs")
    text = page.content.decode()
    assert page.status_code == 200
    for words in ("/api/v1/slots", "/api/v1/appointments", "Idempotency-Key", "session_type", "429", "409"):
        assert words in text
    assert "<script" not in text
