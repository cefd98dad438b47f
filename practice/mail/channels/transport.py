"""What a channel must be able to do to carry the practice's messages, and how a sending can end.

Planning, claims, leases, retries and the checks before sending are the same for every channel; whatever only
one of them knows (a Message-ID, a mail server, marked addresses) is behind its `Transport`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from types import TracebackType
from typing import Any, Protocol, Self

from practice.core.reasons import Reasons, because, reason_in_words
from practice.models import Letter, User


@dataclass(frozen=True)
class Recipient:
    """Somebody to write to: their name, their address on the channel, and their account if they have one."""

    name: str
    address: str
    user: User | None = None


class Block(Enum):
    """Why nothing is sent to an address, or only what was asked for."""

    BOUNCED = "bounced"
    COMPLAINED = "complained"


class Ended(Exception):
    """Raised when a message did not simply go: a code of `practice/mail/wording.py`, and its parameters."""

    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(code, params)
        self.why: Reasons = because(code, **params)

    def __str__(self) -> str:
        return reason_in_words(self.why)

    @property
    def said(self) -> str:
        """Return the server's own answer, else the sentence."""
        return str(self.why[0]["params"].get("said") or self)


class NotSent(Ended):
    """Raised when a message certainly did not go."""


class NoAnswer(NotSent):
    """Raised when a channel's server cannot be reached or refuses us: everything on that channel waits."""

    channel = ""  # which one: noted by the delivery step


class Later(NotSent):
    """Raised when the server, or the mailbox, cannot take the message just now."""


class Refused(NotSent):
    """Raised when the server refuses for good. `dead_address`: nothing arrives. `wording`: without names."""

    def __init__(self, code: str, *, dead_address: bool = False, wording: str = "", **params: Any) -> None:
        super().__init__(code, **params)
        self.dead_address, self.wording = dead_address, wording


class Unsure(Ended):
    """Raised when the connection was lost half-way: the message may have gone."""


class Line(Protocol):
    """An open connection, kept for the next messages; used as a context manager."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None: ...

    def send(self, letter: Letter) -> None:
        """Send a message. Raises NoAnswer, Later, Refused or Unsure; anything else is an error of ours."""


class Transport(Protocol):
    """One channel. It keeps nothing itself: workers share it."""

    def recipient(self, user: User) -> Recipient:
        """Return the user as this channel reaches them at this moment."""

    def usable_address(self, recipient: Recipient) -> str:
        """Return the recipient's address tidied, or an empty text where nothing can be sent to."""

    def is_blocked(self, address: str) -> Block | None:
        """Return why nothing is sent to this address, or only what was asked for; None: nothing is known."""

    def block(self, address: str, *, detail: str) -> None:
        """Note that nothing arrives at this address. `detail`: the server's answer."""

    def message_id(self, key: str) -> str:
        """Return the ID of the message with this key for the server: the same at every try."""

    def headers(self, extra: Mapping[str, str]) -> dict[str, str]:
        """Return what the message's head adds. Raises ValueError for what it may not add."""

    def reply_to(self) -> str:
        """Return where answers go at this moment; "" for a channel without it."""

    def line(self) -> Line:
        """Return a connection that opens at its first message."""
