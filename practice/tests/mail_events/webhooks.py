"""What the two providers send, signed as they sign it."""

from __future__ import annotations

import base64
import hashlib
import hmac
import itertools
import json
from typing import Any

from django.http import HttpResponse
from django.test import Client
from django.test.utils import override_settings

from practice.mail_events.sources import WebhookSecret

KEY = "mailgun-signing-key"
MAILGUN = WebhookSecret("mailgun", KEY)
POSTMARK = WebhookSecret("postmark", "portal:a-long-password")
AT = 1772991000.25  # March 8, 2026: long before the tests' clock
_tokens = itertools.count(1)


def taking(secret: WebhookSecret) -> override_settings:
    """While the block runs, take the reports of this provider."""
    return override_settings(EMAIL_EVENTS=secret, ANYMAIL=secret.anymail)


def signature(key: str = KEY) -> dict[str, str]:
    """What Mailgun signs with: another one for each report."""
    token, timestamp = f"token-{next(_tokens)}", "1772991001"
    digest = hmac.new(key.encode(), f"{timestamp}{token}".encode(), hashlib.sha256).hexdigest()
    return {"token": token, "timestamp": timestamp, "signature": digest}


def mailgun_body(
    event: str, message_id: str, *, at: float = AT, key: str = KEY, **more: Any
) -> dict[str, Any]:
    """A report of Mailgun's about an email."""
    return {
        "signature": signature(key),
        "event-data": {
            "event": event,
            "timestamp": at,
            "id": "not-unique",
            "recipient": "ann@example.com",
            "message": {"headers": {"message-id": message_id.strip("<>"), "to": "ann@example.com"}},
            **more,
        },
    }


def bounce(message_id: str, **more: Any) -> dict[str, Any]:
    """A bounce as Mailgun reports it."""
    answer = {"code": 550, "message": "5.1.1 The email account does not exist", "description": ""}
    answer["message"] = f"550 {answer['message']}"
    return mailgun_body("failed", message_id, **{"severity": "permanent", "delivery-status": answer, **more})


def post_json(path: str, body: Any, **headers: str) -> HttpResponse:
    """Send JSON as a provider does: without a cookie or a token of ours."""
    content = body if isinstance(body, str | bytes) else json.dumps(body)
    return Client(enforce_csrf_checks=True).post(
        path, content, content_type="application/json", headers=headers
    )


def mailgun(body: Any) -> HttpResponse:
    """Send a report to Mailgun's address here."""
    return post_json("/email-events/mailgun/", body)


def mailgun_reply(headers: dict[str, str], *, key: str = KEY, **fields: str) -> HttpResponse:
    """Send an incoming email as a route of Mailgun forwards it."""
    form = {
        **signature(key),
        "sender": headers.get("From", ""),
        "recipient": "replies@mg.juniper.example",
        "message-headers": json.dumps(list(headers.items())),
        "body-plain": "MARKER my hip hurts",
        "body-html": "<p>MARKER my hip hurts</p>",
        **fields,
    }
    return Client(enforce_csrf_checks=True).post("/email-events/mailgun/replies/", form)


def basic(user_and_password: str) -> str:
    """Return the header of a password."""
    return "Basic " + base64.b64encode(user_and_password.encode()).decode()


def postmark(
    body: Any, *, password: str = POSTMARK.secret, path: str = "/email-events/postmark/"
) -> HttpResponse:
    """Send a report to Postmark's address here."""
    return post_json(path, body, **({"Authorization": basic(password)} if password else {}))
