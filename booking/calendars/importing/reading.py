"""The result of reading another calendar's file: busy time and doubts, or why it was refused."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

Stretch = tuple[datetime, datetime]


class Unreadable(Exception):
    """Raised when a file is refused whole, so that the older reading stays.

    `line`: where, counted from 1; 0: nowhere. Codes: "no_calendar", "empty", "part" (something in it does not
    end), "damaged" (something ends that never began), "too_many", "too_long".
    """

    def __init__(self, code: str, line: int = 0) -> None:
        super().__init__(code)
        self.code, self.line = code, line


class Doubt(NamedTuple):
    """A doubt about something that was read.

    Codes: "zone" (the time zone `name` is not known for certain; its times were read as in `read_as`),
    "event" (an unreadable event, which blocks nothing), "partly" (an event that could be read only in part;
    that part blocks), "often" (an event that repeats more often than every half hour, which blocks nothing).
    """

    code: str
    line: int = 0
    name: str = ""
    read_as: str = ""


@dataclass
class Reading:
    """The busy time (sorted, disjoint, in UTC), the doubts, and an email address that names the calendar."""

    busy: list[Stretch] = field(default_factory=list)
    doubts: set[Doubt] = field(default_factory=set)
    address: str = ""


@dataclass(frozen=True)
class Choices:
    """The owner's choices for a calendar.

    `addresses`: theirs, as invitations there name them; invitations that these declined are free.
    `unanswered_count`: whether invitations they have not answered are busy. `all_day_count`: whether all-day
    events are.
    """

    addresses: tuple[str, ...] = ()
    unanswered_count: bool = True
    all_day_count: bool = True


def raise_lack_of_memory(error: BaseException) -> None:
    """Raise MemoryError if that is the cause of an error: libraries wrap it in errors of their own."""
    cause: BaseException | None = error
    while not (cause is None or isinstance(cause, MemoryError)):
        cause = cause.__cause__ or cause.__context__
    if cause is not None:
        raise MemoryError from error
