"""What the API says about itself: every status of every operation, and a page for people."""

from __future__ import annotations

import pytest
from django.test import Client

from booking.tests.web import Api

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
        "get /session-types": ["200", "400"],
        "get /slots": ["200", "400", "404", "422"],
        "get /explain": ["200", "400", "404", "422"],
        "post /holds": ["201", "400", "404", "409", "415", "422", "429"],
        "delete /holds/{token}": ["204", "400", "404"],
        "post /appointments": ["201", "400", "404", "409", "415", "422", "429"],
    }


def test_the_page_of_the_api_names_every_operation_and_its_answers(hourly):
    page = Client().get("/api/v1/docs")
    text = page.content.decode()
    assert page.status_code == 200
    for words in ("/api/v1/slots", "/api/v1/appointments", "Idempotency-Key", "session_type", "429", "409"):
        assert words in text
    assert "<script" not in text
