"""A real mail server for tests: it notes what it took, and answers, delays or falls silent as it is told."""

from __future__ import annotations

import asyncio
import email
import email.policy
import logging
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

TOOK_IT = "250 taken"
logging.getLogger("mail.log").setLevel(logging.WARNING)  # every line of every conversation


class MailServer:
    """What it answers may be set at any moment; `accepted` holds what it said or meant to say yes to."""

    def __init__(self) -> None:
        self.accepted: list[EmailMessage] = []
        self.wire: list[bytes] = []  # the same, byte by byte
        self.asked_for: list[str] = []
        self.connections = 0
        self.rcpt_answer: Callable[[str], str] = lambda _address: "250 ok"
        self.data_answer: Callable[[EmailMessage], str] = lambda _message: TOOK_IT
        self.mail_answer: Callable[[], str] = lambda: "250 ok"
        self.delays: dict[str, float] = {}  # seconds before answering "MAIL", "DATA" or, once taken, "TAKEN"
        self.reached = Counter[str]()
        self.held_from: tuple[str, int] = ("", 0)  # see `hold`
        self.held: list[asyncio.Event] = []
        self.talking = 0  # conversations that have not ended
        self.changed = threading.Condition()
        self.controller: Any = None
        self.impatient: Callable[[float], None] = lambda _seconds: None  # how long we wait for its answers

    def copies(self) -> Counter[str]:
        """How many copies it took of each Message-ID."""
        return Counter(message["Message-ID"] for message in list(self.accepted))

    def wait_until(self, true: Callable[[], bool], seconds: float) -> bool:
        """Wait for something to be true, looking whenever something reaches the server."""
        with self.changed:
            return self.changed.wait_for(true, seconds)

    def hold(self, stage: str, nth: int = 1) -> Callable[[], bool]:
        """From its nth letter from now on, no answer is given at this stage until `release`.

        Returns the question whether one is held. Whoever sends waits meanwhile, or is killed.
        """
        with self.changed:
            first = self.reached[stage] + nth
            self.held_from = (stage, first)
        return lambda: self.reached[stage] >= first

    def release(self) -> None:
        """Answer all who are held, and hold nobody any more."""
        with self.changed:
            self.held_from = ("", 0)
            held, self.held = self.held, []
        for one in held:
            self.controller.loop.call_soon_threadsafe(one.set)

    async def at(self, stage: str) -> None:
        """Something reached the server; it takes its time."""
        go_on = asyncio.Event()
        with self.changed:
            self.reached[stage] += 1
            if stage == self.held_from[0] and self.reached[stage] >= self.held_from[1]:
                self.held.append(go_on)
            else:
                go_on.set()
            self.changed.notify_all()
        await go_on.wait()
        await asyncio.sleep(self.delays.get(stage, 0))

    def talks(self, more: int) -> None:
        """A conversation began (1) or ended (-1): nothing that was said in it will be taken any more."""
        with self.changed:
            self.talking += more
            self.changed.notify_all()

    async def handle_EHLO(
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        """Somebody came."""
        self.connections += 1
        session.host_name = hostname
        return responses

    async def handle_MAIL(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """A letter begins."""
        await self.at("MAIL")
        envelope.mail_from = address
        return self.mail_answer()

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """For whom."""
        self.asked_for.append(address)
        answer = self.rcpt_answer(address)
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """All of it is here."""
        await self.at("DATA")
        assert isinstance(envelope.content, bytes)
        message = email.message_from_bytes(envelope.content, policy=email.policy.default)
        assert isinstance(message, EmailMessage)
        answer = self.data_answer(message)
        if answer == TOOK_IT:
            self.take(message, envelope)
            await self.at("TAKEN")
        return answer

    def take(self, message: EmailMessage, envelope: Envelope) -> None:
        """Take a letter; whoever sent it has not heard of that yet."""
        assert isinstance(envelope.content, bytes)
        self.accepted.append(message)
        self.wire.append(envelope.content)

    @property
    def port(self) -> int:
        """Where it listens on 127.0.0.1."""
        return int(self.controller.server.sockets[0].getsockname()[1])

    def start(self, port: int = 0) -> None:
        """Open the door; again on the old port after `stop`."""
        self.controller = AnyPort(self, hostname="127.0.0.1", port=port)
        self.controller.start()

    def stop(self) -> None:
        """Close it."""
        self.controller.stop()


class Conversation(SMTP):
    """One that is counted while it lasts."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.event_handler.talks(1)
        super().connection_made(transport)

    def connection_lost(self, error: Exception | None) -> None:
        super().connection_lost(error)
        self.event_handler.talks(-1)


class AnyPort(Controller):
    """A controller whose port the system chooses."""

    def factory(self) -> Conversation:
        return Conversation(self.handler, **self.SMTP_kwargs)

    def _trigger_server(self) -> None:
        if self.port == 0:
            self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


@contextmanager
def mail_server(server: MailServer | None = None) -> Iterator[MailServer]:
    """A mail server while the block runs; the given one, if there is one."""
    server = server or MailServer()
    server.start()
    try:
        yield server
    finally:
        server.stop()
