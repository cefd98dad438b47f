"""PURE. What the practice's database holds at the end, as plain values; and what the oracle says of it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True)
class StoredSession:
    """A row of the calendar. `room`: 0 for none."""

    of: str
    practitioner: str
    room: int
    start: datetime
    end: datetime
    occupies: bool
    state: str
    client: str


@dataclass(frozen=True)
class StoredEmail:
    """How the practice says an email ended."""

    kind: str
    state: str
    to: str
    has_reason: bool


@dataclass
class Stored:
    """All of it. `heard`: seconds by client; `traces`: of who was erased. Money: cents by session."""

    sessions: list[StoredSession] = field(default_factory=list)
    emails: dict[str, StoredEmail] = field(default_factory=dict)
    heard: dict[str, float] = field(default_factory=dict)
    paid: dict[str, int] = field(default_factory=dict)
    tips: dict[str, int] = field(default_factory=dict)
    outstanding: dict[str, int] = field(default_factory=dict)
    receipts: dict[int, tuple[str, int]] = field(default_factory=dict)  # number -> session, cents received
    paid_for_packages: int = 0
    package_sessions: dict[str, int] = field(default_factory=dict)  # used, by client
    signed: set[str] = field(default_factory=set)  # sessions with a signed note
    traces: list[str] = field(default_factory=list)


@dataclass
class Judgment:
    """How often each promise was looked at, and each time it was broken, in a sentence."""

    looked: Counter[str] = field(default_factory=Counter)
    faults: dict[str, list[str]] = field(default_factory=dict)

    def look(self, promise: str, fault: str = "") -> None:
        """Count a look at a promise; `fault`: how it was broken."""
        self.looked[promise] += 1
        if fault:
            self.faults.setdefault(promise, []).append(fault)

    @property
    def sentences(self) -> list[str]:
        """Return every broken promise."""
        return [f"{promise}: {fault}" for promise, found in self.faults.items() for fault in found]
