"""The mail server of the year: it writes down what it took, and refuses, hangs up or falls silent."""

from __future__ import annotations

import os
import smtplib
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from typing import Any
from unittest.mock import patch

from aiosmtpd.smtp import Envelope

from practice.tests.mail.server import mail_server
from tools.chaos.oracle import Arrival, Record
from tools.chaos.servers import RecordingMailServer
from tools.year.diary import Diary, Taken

SILENT_BEFORE, SILENT_AFTER = "no answer before the text", "no answer after the text"
#: What may happen to an email, in the words of the table.
FAULTS = {
    "dropped before DATA": "mail server hung up before the text of an email",
    "dropped after DATA": "mail server hung up with an email taken",
    "4xx": "mail server refused for now (451)",
    "policy": "mail server refused an email for good (554)",
    SILENT_BEFORE: "mail server silent before the text of an email",
    SILENT_AFTER: "mail server silent with an email taken",
}


class YearsMailServer(RecordingMailServer):
    """It keeps what the oracle reads of each email."""

    def __init__(self) -> None:
        super().__init__(Record())
        self.read: list[tuple[Arrival, EmailMessage]] = []

    def take(self, message: EmailMessage, envelope: Envelope) -> None:
        """Take an email, and keep it."""
        super().take(message, envelope)
        self.accepted.clear()  # the bytes of a whole year would fill the memory
        self.wire.clear()
        self.read.append((self.arrival_of[envelope], message))

    def write_down(self, diary: Diary) -> None:
        """Move what was taken since the last call to the diary."""
        for arrival, message in self.read:
            diary.taken.append(
                Taken(
                    at=arrival.taken,
                    message_id=arrival.message_id,
                    to=arrival.to,
                    subject=str(message["Subject"]),
                    text=part_of(message, "text/plain"),
                    calendar=part_of(message, "text/calendar"),
                    can_unsubscribe="List-Unsubscribe" in message,
                    answered=arrival.answered,
                )
            )
        self.read.clear()
        diary.refused |= self.record.refused


def part_of(message: EmailMessage, kind: str) -> str:
    """Return the first part of this type as text; "" without one."""
    for part in message.walk():
        if part.get_content_type() == kind:
            content = part.get_payload(decode=True)
            return content.decode() if isinstance(content, bytes) else ""
    return ""


@contextmanager
def years_mail_server() -> Iterator[YearsMailServer]:
    """Yield a server. Its silence is told to the sender at once, as if half a minute were over."""
    server = YearsMailServer()
    send_text, own = smtplib.SMTP.data, os.getpid()

    def data(line: smtplib.SMTP, msg: Any) -> tuple[int, bytes]:
        if os.getpid() != own:  # a sender that is to be killed: what it is told here, nobody could write down
            return send_text(line, msg)
        if server.is_next(SILENT_BEFORE):
            raise TimeoutError("timed out")
        answer = send_text(line, msg)
        if server.is_next(SILENT_AFTER):
            server.read[-1][0].answered = False
            raise TimeoutError("timed out")
        return answer

    with mail_server(server), patch.object(smtplib.SMTP, "data", data):
        yield server
