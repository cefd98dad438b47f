"""How tests of pages and API knock: a browser that says where it stands, a program that sends JSON."""

from __future__ import annotations

import datetime as dt
import json
import re
from html import unescape
from html.parser import HTMLParser
from typing import Any
from urllib.parse import quote

from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from booking.links import hold_token
from booking.models import Appointment, AppointmentChange, IdempotencyKey
from practice.models import Consent, Letter, User

ORIGIN = {"origin": "http://testserver"}
ANN_TYPES = {"name": "Ann Lee", "email": "ann@example.com", "phone": "303 555 0101", "agree": "on"}


def browser() -> Client:
    """A visitor whose browser says that the form came from our page."""
    return Client(headers=ORIGIN)


def form_of(held: Appointment) -> str:
    """Return the path of the form of a kept time."""
    return reverse("hold", args=[held.session_type.slug, hold_token(held)])


def words_of(answer: HttpResponse) -> str:
    """The text of a page as it is read: without tags, in single blanks."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", answer.content.decode())).split())


def starts_on(answer: HttpResponse) -> list[str]:
    """What the buttons of a page of times would send."""
    return re.findall(r'name="start" value="([^"]+)"', answer.content.decode())


def hidden(answer: HttpResponse) -> dict[str, str]:
    """The hidden fields of a page, the last of each name."""
    found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', answer.content.decode())
    return {name: unescape(value) for name, value in found}


class FormReader(HTMLParser):
    """What a browser would send of the forms of a page, without the names of buttons."""

    def __init__(self) -> None:
        super().__init__()
        self.sent: dict[str, str] = {}
        self.field = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        name, value = told.get("name") or "", told.get("value") or ""
        if tag in ("select", "textarea"):
            self.field, self.sent[name] = name, ""
        elif tag == "option" and ("selected" in told or not self.sent[self.field]):
            self.sent[self.field] = value
        elif tag == "input" and name and (told.get("type") not in ("radio", "checkbox") or "checked" in told):
            self.sent[name] = value

    def handle_data(self, data: str) -> None:
        if self.lasttag == "textarea" and self.field:
            self.sent[self.field] += data.removeprefix("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("select", "textarea"):
            self.field = ""


def sent_by(answer: HttpResponse) -> dict[str, str]:
    """What the form of a page would send, with everything that is filled in."""
    reader = FormReader()
    reader.feed(answer.content.decode().partition("<main")[2])
    return reader.sent


def stored() -> dict[str, int]:
    """How many rows there are of what booking writes."""
    models = (Appointment, AppointmentChange, IdempotencyKey, Letter, User, Consent)
    return {model.__name__: model.objects.count() for model in models}


class Api:
    """Calls of the API, with a body to be changed one field at a time."""

    def __init__(self, client: Client | None = None) -> None:
        self.client = client or Client()

    def get(self, path: str, **query: str) -> HttpResponse:
        """GET with query parameters; `from_` is sent as `from`."""
        asked = "&".join(f"{name.rstrip('_')}={quote(value, safe='')}" for name, value in query.items())
        return self.client.get(f"/api/v1/{path}?{asked}")

    def post(self, path: str, body: Any, *, key: str = "", content_type: str = "application/json"):
        """POST a value as JSON, or bytes as they are."""
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        headers = {"Idempotency-Key": key} if key else {}
        return self.client.post(f"/api/v1/{path}", raw, content_type=content_type, headers=headers)

    def book(self, start: dt.datetime | str, /, *, key: str = "", **changes: Any) -> HttpResponse:
        """Book as Ann, a session with Tess, unless said otherwise. A change to `...` leaves the field out."""
        return self.post("appointments", booking(start, **changes), key=key)


def booking(start: dt.datetime | str, /, **changes: Any) -> dict[str, Any]:
    """The body of a booking."""
    body = {
        "session_type": "session",
        "practitioner": "tess",
        "start": start.isoformat() if isinstance(start, dt.datetime) else start,
        "name": "Ann Lee",
        "email": "ann@example.com",
        "consent": True,
        **changes,
    }
    return {name: value for name, value in body.items() if value is not ...}


def refusal(answer: HttpResponse) -> dict[str, Any]:
    """The error of an answer of the API, after a look at its shape: the same for every refusal there is."""
    assert answer["Content-Type"].startswith("application/json"), answer.content[:200]
    body = answer.json()
    assert set(body) <= {"error", "alternatives"}
    assert set(body["error"]) <= {"code", "message", "fields"}
    assert body["error"]["code"]
    assert len(body["error"]["message"]) > 10
    return body["error"]
