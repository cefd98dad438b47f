"""The bytes of an email, the same with Django 5.2, which has its own message class, and Django 6."""

from __future__ import annotations

from email.generator import BytesGenerator
from email.headerregistry import BaseHeader, HeaderRegistry, UnstructuredHeader
from email.message import Message
from email.policy import SMTP, Policy
from io import BytesIO
from typing import Any

import django
from django.core.mail import EmailMessage, EmailMultiAlternatives

#: Django 5.2 knows no policy; from 6 on it decides how headers fold and how the lines of a body end.
AS_SENT: dict[str, Any] = {"policy": SMTP} if django.VERSION >= (6,) else {}


class Unfolded(UnstructuredHeader, BaseHeader):
    """A header on one line: Python would encode a long address, and no mail program would find it then."""

    def fold(self, *, policy: Policy) -> str:
        """Return the line, far below the 998 characters that RFC 5322 allows."""
        return f"{self.name}: {self}{policy.linesep}"


HEADERS = HeaderRegistry()
HEADERS.map_to_type("List-Unsubscribe", Unfolded)


class WireMessage(EmailMultiAlternatives):
    """An email whose unsubscribe header stays readable, however long its address is."""

    def message(self, **options: Any) -> Any:
        """Return the message; Django 6 passes a policy."""
        if "policy" in options:
            options["policy"] = options["policy"].clone(header_factory=HEADERS)
        return super().message(**options)


def as_bytes(message: EmailMessage) -> bytes:
    """Return the bytes for a mail server: every line ends in CRLF."""
    built: Message = message.message(**AS_SENT)
    file = BytesIO()
    BytesGenerator(file, mangle_from_=False).flatten(built, linesep="\r\n")
    return file.getvalue()
