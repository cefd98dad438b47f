"""PURE. What happened in a run, as those who did it know it: what the oracle is shown.

A person writes down what they did and what they were answered; a device, what it played; the mail server,
what it took. Nothing here is read from the product's tables.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True)
class Person:
    """A client. `mark`: a word in their name and address that nothing else in the practice contains."""

    mark: str
    name: str
    address: str
    zone: str


@dataclass(frozen=True)
class Deed:
    """Something done, once its doer was told so. `who`: the client's address; `of`: the session's uid."""

    at: datetime
    what: str
    who: str = ""
    of: str = ""
    facts: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Taken:
    """An email that the mail server took. `answered`: it could say so to its sender."""

    at: datetime
    message_id: str
    to: str
    subject: str
    text: str
    calendar: str
    can_unsubscribe: bool
    answered: bool = True


@dataclass(frozen=True)
class Played:
    """A stretch of a lesson that sounded on a device. `told_at`: when the practice said that it has it."""

    who: str
    device: int
    since: datetime
    until: datetime
    told_at: datetime


@dataclass(frozen=True)
class Span:
    """A time in which something was away: `what` is "broker" or "mail server"."""

    what: str
    since: datetime
    until: datetime


@dataclass
class Diary:
    """All of it, in the order in which it happened."""

    people: dict[str, Person] = field(default_factory=dict)
    deeds: list[Deed] = field(default_factory=list)
    taken: list[Taken] = field(default_factory=list)
    played: list[Played] = field(default_factory=list)
    away: list[Span] = field(default_factory=list)
    kills: list[datetime] = field(default_factory=list)
    refused: set[str] = field(default_factory=set)  # addresses and Message-IDs, for good
    restored: list[tuple[datetime, datetime]] = field(default_factory=list)  # at, and the state of when

    def note(self, at: datetime, what: str, who: str = "", of: str = "", **facts: Any) -> None:
        """Write down a deed."""
        self.deeds.append(Deed(at, what, who, of, facts))

    def lost(self, at: datetime) -> bool:
        """Return whether what was written then is gone with a restored backup."""
        return any(back < at <= when for when, back in self.restored)

    def standing(self, *what: str) -> Iterator[Deed]:
        """Yield the deeds of these kinds that no restored backup undid."""
        return (one for one in self.deeds if one.what in what and not self.lost(one.at))
