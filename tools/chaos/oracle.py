"""Judge a run by what the mail server and the gateway recorded. PURE: it shares no rule with the product."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise

#: What must never arrive twice, whatever happens. A text message is looked for before it is sent again.
NEVER_TWICE = frozenset({"follow_up", "text_reminder"})
#: What may be left to a person when nobody knows whether it went.
MAY_BE_UNKNOWN = frozenset({"follow_up"})
#: How a row may end, with the reason beside it, without that anything arrived.
HELD_BACK = frozenset({"failed", "missed", "cancelled", "unknown"})
#: Between the last look at the clock and the first word to the server.
ON_THE_WAY = timedelta(seconds=10)


@dataclass(frozen=True)
class Row:
    """How the practice says an email ended."""

    kind: str
    state: str
    to: str
    has_reason: bool
    not_after: datetime | None = None


@dataclass
class Arrival:
    """An email that a server took. `answered`: it could say so to its sender."""

    message_id: str
    to: str
    began: datetime
    taken: datetime
    answered: bool = False


@dataclass(frozen=True)
class Kill:
    """So many senders were killed at that moment."""

    at: datetime
    senders: int = 1


@dataclass
class Record:
    """What happened in a run. `refused`: Message-IDs and addresses that a server refused for good."""

    planned: set[str] = field(default_factory=set)
    arrivals: list[Arrival] = field(default_factory=list)
    kills: list[Kill] = field(default_factory=list)
    refused: set[str] = field(default_factory=set)
    told_booked: set[str] = field(default_factory=set)


@dataclass
class Judgment:
    """How often each kind ended how, and every broken promise in a sentence."""

    ends: Counter[tuple[str, str]] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)


def judge(record: Record, rows: Mapping[str, Row]) -> Judgment:
    """Return what became of every email. `rows`: the practice's own, by Message-ID, once all is at rest."""
    judgment = Judgment()
    arrived: dict[str, list[Arrival]] = {}
    for one in sorted(record.arrivals, key=lambda one: one.taken):
        arrived.setdefault(one.message_id, []).append(one)
    judgment.faults += [f"{name}: planned, and its row is gone" for name in record.planned - set(rows)]
    judgment.faults += [f"{name}: arrived, and no one planned it" for name in set(arrived) - set(rows)]
    for name, row in rows.items():
        copies = arrived.get(name, [])
        judgment.ends[row.kind, end_of(row, len(copies))] += 1
        judgment.faults += [f"{row.kind} {name}: {fault}" for fault in faults_of(name, row, copies, record)]
    judgment.faults += too_many_copies(arrived, record.kills)
    judgment.faults += follow_ups_twice(arrived, rows)
    judgment.faults += without_confirmation(record, rows)
    return judgment


def end_of(row: Row, copies: int) -> str:
    """Return the column of the table in which an email is counted."""
    if copies > 1:
        return "twice" if copies == 2 else "more"
    if row.state == "sent":
        return "once" if copies else "lost"
    return row.state


def faults_of(name: str, row: Row, copies: Sequence[Arrival], record: Record) -> Iterable[str]:
    """Yield each promise that was broken for one email."""
    if row.state in ("planned", "claimed"):
        yield f"still {row.state} when all was at rest"
    if row.state == "sent" and not copies:
        yield "said to be sent, and it never arrived"
    if row.state in HELD_BACK and not row.has_reason:
        yield f"{row.state} without a reason"
    if row.state == "unknown" and row.kind not in MAY_BE_UNKNOWN:
        yield "left to a person, though it may go twice"
    if not copies and row.state in ("failed", "cancelled") and not record.refused & {name, row.to}:
        yield f"{row.state}, though no server refused it"
    if row.state == "missed" and row.not_after is None:
        yield "missed, though it is never too late"
    if len(copies) > 1 and row.kind in NEVER_TWICE:
        yield f"arrived {len(copies)} times"
    for one in copies:
        if row.not_after and one.began > row.not_after + ON_THE_WAY:
            yield "arrived when it was too late"
    for first, second in pairwise(copies):
        if first.answered and not any(first.began <= kill.at <= second.began for kill in record.kills):
            yield "arrived again, though its sender was told and not killed"


def too_many_copies(arrived: Mapping[str, Sequence[Arrival]], kills: Collection[Kill]) -> Iterable[str]:
    """Yield a fault if there are more second copies than senders were killed: each had one email in hand."""
    again = sum(1 for copies in arrived.values() for one in copies[:-1] if one.answered)
    senders = sum(kill.senders for kill in kills)
    if again > senders:
        yield f"{again} second copies, and only {senders} senders were killed"


def follow_ups_twice(arrived: Mapping[str, Sequence[Arrival]], rows: Mapping[str, Row]) -> Iterable[str]:
    """Yield each reader who got more than one follow-up, by whatever Message-ID."""
    readers = Counter(
        one.to
        for name, copies in arrived.items()
        if name in rows and rows[name].kind == "follow_up"
        for one in copies
    )
    yield from (f"{number} follow-ups to one reader" for number in readers.values() if number > 1)


def without_confirmation(record: Record, rows: Mapping[str, Row]) -> Iterable[str]:
    """Yield each visitor who was told "booked" and got no confirmation, though no server refused it."""
    confirmations = {name: row for name, row in rows.items() if row.kind == "confirmation"}
    got = {one.to for one in record.arrivals if one.message_id in confirmations}
    refused = {row.to for name, row in confirmations.items() if record.refused & {name, row.to}}
    missing = record.told_booked - got - refused
    yield from (f"{address} was told that a session is booked, and got no email" for address in missing)
