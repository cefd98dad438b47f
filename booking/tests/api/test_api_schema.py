"""Schemathesis reads our own OpenAPI document and knocks: nothing but what the document says may answer.

Fuzzed in this process, without a network, with the commit's seed, so that a run is like the last. Nine of ten
values are those of a practice that stands, so that requests come past the first door.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from django.http import JsonResponse
from schemathesis import Case
from schemathesis.core.failures import FailureGroup

from booking import links
from booking.api import errors as api_errors
from booking.api.routes import api
from booking.models import Appointment
from booking.tests.people import TEN, denver, kept
from practice.tests.sampling import SEED, size

EXAMPLES = size(sampled=10, full=50)  # for each operation; each commit draws others
HELD = uuid.UUID(int=4)
KNOWN: dict[str, list[str]] = {
    "session_type": ["session"],
    "practitioner": ["tess", "jonah", "any"],
    "from": ["2027-03-13", "2027-03-16"],
    "to": ["2027-03-16", "2027-04-13"],
    "tz": ["America/Denver", "Europe/Berlin", "Australia/Lord_Howe"],
    "start": [
        *(denver(f"2027-03-16 {hour:02}:00").isoformat() for hour in range(9, 18)),
        "2027-03-14T02:30",
        "2027-11-07T01:30",
    ],
    "name": ["Ann Lee"],
    "email": ["ann@example.com", "ben@example.com"],
    "phone": ["303 555 0101"],
    "hold": [links.HOLD.sign(HELD.hex)],
    "token": [links.HOLD.sign(HELD.hex)],
}
PLACES = {"path": ["token"], "query": ["from", "to"], "body": ["name", "email", "phone", "hold"]}
BOTH = ("session_type", "practitioner", "start", "tz")


def asked(*names: str) -> dict[str, str]:
    """The first of the values for each of these names: nine on a Tuesday, with Tess."""
    return {name: KNOWN[name][0] for name in names}


def bound() -> dict[str, Any]:
    """Which values belong into which parameter or field."""
    places = [*PLACES.items(), ("query", BOTH), ("body", BOTH)]
    return {
        f"{place}.{name}": {"dictionary": name, "probability": 0.9}
        for place, names in places
        for name in names
    }


config = schemathesis.Config.from_dict(
    {
        "seed": SEED,
        "suppress-health-check": ["all"],  # the fixture stands for all examples
        "analysis": {"constants": {"enabled": False}},  # a word more in the code must not change what is sent
        "generation": {"max-examples": EXAMPLES, "database": "none"},
        "dictionaries": {name: {"values": values} for name, values in KNOWN.items()},
        "parameters": bound(),
        # What is well-formed may still be refused: by a rule (closed on Sundays), or for a NUL in it.
        "checks": {"positive_data_acceptance": {"expected-statuses": ["2xx", 400, 404, 409, 422]}},
    }
)
document = schemathesis.openapi.from_dict(api.get_openapi_schema(), config=config)
document.app = get_wsgi_application()


@pytest.fixture
def one_connection() -> Iterator[None]:
    """The test's transaction outlives a request, as with Django's own test client."""
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    yield
    for signal in signals:
        signal.connect(close_old_connections)


@pytest.fixture
def practice_that_stands(both, tess, a_monday_in_march, one_connection, settings) -> None:
    """Tess and Jonah, one session type, and a time that is kept under a token we know."""
    settings.RATE_LIMITS = False
    settings.ALLOWED_HOSTS = ["*"]
    held = kept(both, tess, TEN)
    Appointment.objects.filter(pk=held.pk).update(uid=HELD)


@document.parametrize()
def test_every_answer_is_one_that_the_document_knows(case: Case, practice_that_stands) -> None:
    case.call_and_validate()


def test_an_answer_that_the_document_does_not_know_is_noticed(
    practice_that_stands: None, monkeypatch
) -> None:
    """The control: with one status that nobody has written down, the same check fails."""
    monkeypatch.setattr(api_errors, "JsonResponse", lambda *_, **__: JsonResponse({}, status=418))
    case = document["/api/v1/slots"]["GET"].Case(query={"session_type": "session"})
    with pytest.raises(FailureGroup) as found:
        case.call_and_validate()
    assert "Undocumented status code" in str(found.value)


@pytest.mark.parametrize(
    ("method", "path", "sent", "status"),
    [
        ("GET", "/session-types", {}, 200),
        ("GET", "/slots", {"query": asked("session_type", "from", "to", "tz")}, 200),
        ("GET", "/explain", {"query": asked("session_type", "start")}, 200),
        ("POST", "/holds", {"body": asked("session_type", "practitioner", "start")}, 201),
        ("DELETE", "/holds/{token}", {"path_parameters": asked("token")}, 204),
        (
            "POST",
            "/appointments",
            {"body": asked("session_type", "start", "name", "email") | {"consent": True}},
            201,
        ),
    ],
)
def test_what_succeeds_answers_in_the_documented_shape(
    practice_that_stands, method, path, sent, status
) -> None:
    case = document[f"/api/v1{path}"][method].Case(media_type="application/json", **sent)
    assert case.call_and_validate().status_code == status
