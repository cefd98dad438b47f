"""The bytes of an email, the same with Django 5.2, which has its own message class, and Django 6."""

from __future__ import annotations

import quopri
import re
from email.generator import BytesGenerator
from email.headerregistry import BaseHeader, HeaderRegistry, UnstructuredHeader
from email.message import Message
from email.policy import SMTP, Compat32, Policy
from io import BytesIO
from typing import Any
from uuid import uuid4

import django
from django.conf import settings
from django.core.mail import EmailMessage, EmailMultiAlternatives

from practice.sender_domain.signing import dkim_signature

#: Django 5.2 knows no policy; from 6 on it decides how headers fold and how the lines of a body end.
AS_SENT: dict[str, Any] = {"policy": SMTP} if django.VERSION >= (6,) else {}


class Unfolded(UnstructuredHeader, BaseHeader):
    """A header on one line: Python would encode a long address, and no mail program would find it then."""

    def fold(self, *, policy: Policy) -> str:
        """Return the line, far below the 998 characters that RFC 5322 allows."""
        return f"{self.name}: {self}{policy.linesep}"


def write_in_ascii(message: Message) -> None:
    """Write the texts of an email in ASCII (RFC 2045, 6.7).

    Django leaves them as 8bit and never tells the mail server, which may then refuse or change them
    (RFC 6152, 3); and a relay that has to rewrite them would break the signature (RFC 6376, 5.3).
    """
    for part in message.walk():
        if str(part.get("Content-Transfer-Encoding", "")).lower() == "8bit":
            content = part.get_payload(decode=True)
            assert isinstance(content, bytes)
            part.replace_header("Content-Transfer-Encoding", "quoted-printable")
            Message.set_payload(part, quopri.encodestring(content).decode("ascii"))


def name_boundaries(message: Message) -> None:
    """Give each multipart a boundary: Python would search all texts for one that does not occur in them.

    "=_" cannot occur in quoted-printable or base64 (RFC 2045, 6.7), and nobody guesses the rest.
    """
    for part in message.walk():
        if part.is_multipart():
            part.set_boundary(f"=_{uuid4().hex}")


class ShortLinesAsTheyAre(Compat32):
    """Writes a short header of plain words as it is; Python takes a tenth of an email's time to see that."""

    PLAIN, SHORT = re.compile("[!-~]+(?: [!-~]+)*"), 70

    def fold_binary(self, name: str, value: Any) -> bytes:
        """Return the line; what is longer, or not ASCII, is folded as ever."""
        if isinstance(value, str) and len(name) + len(value) < self.SHORT and self.PLAIN.fullmatch(value):
            return f"{name}: {value}{self.linesep}".encode("ascii")
        return super().fold_binary(name, value)


HEADERS = HeaderRegistry()
HEADERS.map_to_type("List-Unsubscribe", Unfolded)


class WireMessage(EmailMultiAlternatives):
    """An email whose unsubscribe header stays readable, however long it is; signed, if there is a key."""

    def message(self, **options: Any) -> Any:
        """Return the message; Django 6 passes a policy."""
        if "policy" in options:
            options["policy"] = options["policy"].clone(header_factory=HEADERS)
        built: Message = super().message(**options)
        if "policy" not in options:
            built.policy = ShortLinesAsTheyAre()
        write_in_ascii(built)
        name_boundaries(built)
        if settings.DKIM_KEY:
            built["DKIM-Signature"] = dkim_signature(
                built, flattened(built), selector=settings.DKIM_SELECTOR, key=settings.DKIM_KEY
            )
        return built


def as_bytes(message: EmailMessage) -> bytes:
    """Return the bytes for a mail server: every line ends in CRLF."""
    return flattened(message.message(**AS_SENT))


def flattened(built: Message) -> bytes:
    """Return a built message as Django's SMTP backend sends it."""
    file = BytesIO()
    BytesGenerator(file, mangle_from_=False).flatten(built, linesep="\r\n")
    return file.getvalue()
