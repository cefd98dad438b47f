"""The gateway that speaks Twilio's Messages API (2010-04-01), as several providers do.

Source: Twilio's documentation, "Message resource" and "Error and warning dictionary". The API takes no key
that makes a repeated request harmless, so a message that may have gone is looked for before it is sent again.
"""

from __future__ import annotations

import json
from base64 import b64encode
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from email.utils import parsedate_to_datetime
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import Any
from urllib.parse import quote, urlencode

from practice.core.plain_text import plain_line
from practice.core.texts.gateway_address import GatewayAddress
from practice.mail.channels.text_messages import answers
from practice.mail.channels.text_messages.gateway import Report
from practice.mail.channels.transport import Later, NoAnswer, Refused, Unsure

MOST_BYTES, PAGE = 1_000_000, 50
CREATED, OK, NOT_FOUND = 201, 200, 404
CLOCKS_DIFFER = timedelta(minutes=5)


class Twilio:
    """A gateway of this kind. One connection for each request: a kept one may be closed under a message."""

    def __init__(self, address: GatewayAddress, *, seconds: float) -> None:
        self.address, self.seconds = address, seconds
        self.messages = f"/2010-04-01/Accounts/{quote(address.account, safe='')}/Messages"

    def send(self, *, to: str, text: str, report_to: str) -> Report:
        """Hand over a message; see `TextGateway`."""
        form = {"To": to, "Body": text}
        form |= (
            {"MessagingServiceSid": self.address.service}
            if self.address.service
            else {"From": self.address.sender}
        )
        form |= {"StatusCallback": report_to} if report_to else {}
        status, found = self._ask("POST", f"{self.messages}.json", form)
        if status not in (OK, CREATED) or not found.get("sid"):
            raise ended(status, found)
        return report_in(found)

    def look_for(self, *, to: str, text: str, since: datetime) -> list[Report]:
        """Return messages that it has; see `TextGateway`. The newest come first, those that wait too."""
        query = urlencode({"To": to, "PageSize": PAGE})
        status, found = self._ask("GET", f"{self.messages}.json?{query}")
        if status != OK:
            raise ended(status, found)
        listed = [one for one in found.get("messages") or () if isinstance(one, dict)]
        return [
            report_in(one)
            for one in listed
            if one.get("sid") and one.get("body") == text and made_at(one) >= since - CLOCKS_DIFFER
        ]

    def read(self, sid: str) -> Report:
        """Return what it says of a message; see `TextGateway`."""
        status, found = self._ask("GET", f"{self.messages}/{quote(sid, safe='')}.json")
        if status == NOT_FOUND:  # of a message, not of the account
            raise Refused("text_rejected", said=str(found.get("message") or NOT_FOUND))
        if status != OK:
            raise ended(status, found)
        return report_in({"sid": sid, **found})

    def _ask(self, method: str, path: str, form: dict[str, str] | None = None) -> tuple[int, dict[str, Any]]:
        """Return the status and the JSON object of an answer. Raises NoAnswer; once asked, Unsure."""
        kind = HTTPSConnection if self.address.is_secure else HTTPConnection
        line = kind(self.address.host, self.address.port, timeout=self.seconds)
        try:
            try:
                line.connect()
            except OSError as error:
                raise NoAnswer("text_no_answer", said=said(error)) from error
            try:
                line.request(method, path, urlencode(form) if form else None, self._headers())
                answer = line.getresponse()
                return answer.status, parsed(answer.read(MOST_BYTES))
            except (OSError, HTTPException) as error:
                raise Unsure("text_line_broke", said=said(error)) from error
        finally:
            line.close()

    def _headers(self) -> dict[str, str]:
        key = b64encode(f"{self.address.account}:{self.address.token}".encode()).decode()
        return {
            "Authorization": f"Basic {key}",
            "Accept": "application/json",
            "Content-Type": "application/x-www-form-urlencoded",
        }


def parsed(body: bytes) -> dict[str, Any]:
    """Return the JSON object of an answer; an empty one for anything else, such as a proxy's page."""
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def ended(status: int, found: dict[str, Any]) -> Exception:
    """Return how a request ended that the gateway did not simply take."""
    code = str(found.get("code") or "")
    number = int(code) if code.isdigit() else 0
    words = plain_line(f"{code or status} {found.get('message') or ''}")[:200].rstrip(". ")
    if status in answers.SHUT and number not in answers.DEAD | {answers.STOPPED}:
        return NoAnswer("text_no_answer", said=words)
    if status in answers.LATER or number in answers.FULL:
        return Later("text_later", said=words)
    if 400 <= status < 500:
        return Refused(
            "text_stopped" if number == answers.STOPPED else "text_rejected",
            dead_address=number == answers.STOPPED or number in answers.DEAD,
            wording=f"text {code or status}",
            said=words,
        )
    # It broke while it had the message in hand, or said something else than "taken".
    return Unsure("text_line_broke", said=words)


def report_in(found: dict[str, Any]) -> Report:
    """Return what a JSON object says of a message; a price is negative there, since the account pays it."""
    return Report(
        sid=str(found["sid"])[:40],
        status=answers.STATUSES.get(str(found.get("status") or ""), "taken"),
        segments=number_in(found.get("num_segments")),
        price=price_in(found.get("price")),
        currency=str(found.get("price_unit") or "")[:3].upper(),
        error=str(found.get("error_code") or "")[:10],
    )


def made_at(found: dict[str, Any]) -> datetime:
    """Return when the gateway took a message (RFC 2822 there); the first of all days if it does not say."""
    try:
        made = parsedate_to_datetime(str(found.get("date_created")))
    except ValueError:
        return datetime.min.replace(tzinfo=UTC)
    return made if made.tzinfo else made.replace(tzinfo=UTC)


def number_in(value: object) -> int:
    """Return a whole number that is written as text, 0 for anything else."""
    text = str(value or "")
    return min(int(text[:9]), 1000) if text.isascii() and text.isdigit() else 0


def price_in(value: object) -> Decimal | None:
    """Return what a message cost, as a positive number; None where it is not known yet."""
    try:
        found = abs(Decimal(str(value)))
    except ArithmeticError:
        return None
    return found if found.is_finite() and found < 10_000 else None


def said(error: Exception) -> str:
    """Return the words of an error of the connection, or its name."""
    return plain_line(str(error))[:200].rstrip(".") or type(error).__name__
