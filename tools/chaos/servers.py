"""The mail server and the gateway of a run: as in the tests, with a record and connections that drop."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from email.message import EmailMessage
from email.utils import parseaddr
from typing import Any
from weakref import WeakKeyDictionary

from aiosmtpd.smtp import SMTP, Envelope, Session
from django.utils import timezone

from practice.tests.mail.server import TOOK_IT, MailServer, mail_server
from practice.tests.mail.text_gateway import TextGateway, text_gateway
from tools.chaos.oracle import Arrival, Record

LATER, POLICY = "451 4.3.0 try again later", "554 5.7.1 message rejected by policy"
NO_SUCH_USER = "550 5.1.1 no such user"
DEAD_NUMBER = {"code": 21211, "message": "not a number"}


class RecordingMailServer(MailServer):
    """It writes down each email it took. `next_ones`: what it does to the next emails, by name."""

    def __init__(self, record: Record) -> None:
        super().__init__()
        self.record = record
        self.next_ones = Counter[str]()
        self.done = Counter[str]()
        self.is_away = False
        self.began = WeakKeyDictionary[Envelope, datetime]()
        self.arrival_of = WeakKeyDictionary[Envelope, Arrival]()

    def do_to_next(self, what: str, times: int) -> Callable[[], bool]:
        """Do this to the next emails; return the question whether it was done."""
        self.next_ones[what] = times
        return lambda: not self.next_ones[what]

    def calm(self) -> None:
        """Do nothing to anybody any more."""
        self.next_ones.clear()
        self.delays = {}
        self.release()

    def is_next(self, what: str) -> bool:
        """Return whether this is to be done now; counted as done."""
        if self.next_ones[what] <= 0:
            return False
        self.next_ones[what] -= 1
        self.done[what] += 1
        return True

    async def handle_EHLO(
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        """Greet whoever comes, or hang up."""
        if self.is_away:
            hang_up(server)
        return await super().handle_EHLO(server, session, envelope, hostname, responses)

    async def handle_MAIL(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Note when an email begins; hang up, if that is to be done."""
        self.began[envelope] = timezone.now()
        if self.is_next("dropped before DATA"):
            hang_up(server)
            return LATER
        return await super().handle_MAIL(server, session, envelope, address, options)

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Answer for whom it is."""
        if not is_to_tess(address):
            if self.is_next("4xx"):
                return LATER
            if self.is_next("no such user"):
                self.record.refused.add(address)
                return NO_SUCH_USER
        return await super().handle_RCPT(server, session, envelope, address, options)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """Answer when all of it is here."""
        self.data_answer = self.judged
        answer = await super().handle_DATA(server, session, envelope)
        if answer == TOOK_IT and self.is_next("dropped after DATA"):
            hang_up(server)
        elif answer == TOOK_IT and server.transport and not server.transport.is_closing():
            self.arrival_of[envelope].answered = True
        return answer

    def judged(self, message: EmailMessage) -> str:
        """Return the answer to an email."""
        if not is_to_tess(str(message["To"])) and self.is_next("policy"):
            self.record.refused.add(str(message["Message-ID"]))
            return POLICY
        return TOOK_IT

    def take(self, message: EmailMessage, envelope: Envelope) -> None:
        """Take an email, and write it down. Its sender may be killed before it hears of that."""
        super().take(message, envelope)
        arrival = self.arrival_of[envelope] = Arrival(
            message_id=str(message["Message-ID"]),
            to=parseaddr(str(message["To"]))[1],
            began=self.began[envelope],
            taken=timezone.now(),
        )
        self.record.arrivals.append(arrival)


class RecordingGateway(TextGateway):
    """It writes down each text it took, and may refuse the next ones. `done`: how often it did what."""

    def __init__(self, record: Record) -> None:
        super().__init__()
        self.record = record
        self.next_ones, self.done = Counter[str](), Counter[str]()
        self.answer = self.judged

    def judged(self, form: dict[str, str]) -> tuple[int, dict[str, Any]]:
        """Return the answer to a text."""
        for what, answer in (("503", (503, {})), ("dead number", (400, DEAD_NUMBER))):
            if self.next_ones[what] > 0:
                self.next_ones[what] -= 1
                self.done[what] += 1
                if what == "dead number":
                    self.record.refused.add(reference_in(form))
                return answer
        return 201, {}

    def take(self, form: dict[str, str]) -> dict[str, Any]:
        """Take a text, and write it down."""
        now = timezone.now()
        self.record.arrivals.append(Arrival(reference_in(form), form["To"], began=now, taken=now))
        if self.drops:
            self.done["dropped"] += 1
        return super().take(form)


def hang_up(server: SMTP) -> None:
    """End a conversation without a word."""
    if isinstance(server.transport, asyncio.WriteTransport):
        server.transport.abort()


def reference_in(form: dict[str, str]) -> str:
    """Return our own reference of a text, which stands in the address it is to be reported to."""
    return form["StatusCallback"].rstrip("/").rpartition("/")[2]


def is_to_tess(address: str) -> bool:
    """Return whether it goes to Tess, who is not refused: what is written to her would stop too."""
    return "tess@" in address


@contextmanager
def servers(record: Record) -> Iterator[tuple[RecordingMailServer, RecordingGateway]]:
    """Both servers while the block runs."""
    with mail_server(RecordingMailServer(record)) as smtp, text_gateway(RecordingGateway(record)) as gateway:
        assert isinstance(smtp, RecordingMailServer)
        assert isinstance(gateway, RecordingGateway)
        yield smtp, gateway
