"""PURE. Sessions: nobody shares a time, and what a client was told is so, in the calendar and in their own.

From PRODUCT.md ("provably no double booking"), BOOKING.md (states, moving is an update in place, one UID) and
RELIABILITY.md, 1 and 3 (SEQUENCE rises, METHOD is CANCEL in the end).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from tools.year.diary import Diary
from tools.year.oracle.stored import Judgment, Stored

NO_OVERLAP = "no two sessions with one practitioner, or in one room, at one time"
AS_TOLD = "a session is where its client was told that it is"
NOT_ASKED = "no session that nobody asked for"
CALENDAR = "the client’s calendar shows what is so"
SIGNED = "a session that is over has a signed record, unless nobody came"
BEGINS = ("booked", "accepted an offer")
MOVES = ("moved", "kept its hour")
ENDS = ("canceled", "canceled by the practice")
WRAPPED = ("came", "stayed away")
LIVE = ("booked", "completed", "no_show")
STAMP = re.compile(r"^(DTSTART[^:]*|SEQUENCE|METHOD|UID|DTSTAMP):(.*)$", re.M)


@dataclass
class Told:
    """A session as its client was told: the last word counts."""

    of: str
    who: str
    practitioner: str
    booked_at: datetime
    start: datetime
    minutes: int
    price: int
    kind_of_end: str = ""
    ended_at: datetime | None = None
    changed_at: datetime | None = None

    @property
    def end(self) -> datetime:
        """Return when it is over."""
        return self.start + timedelta(minutes=self.minutes)


def as_told(diary: Diary) -> dict[str, Told]:
    """Return every session that a client was told of, as they know it in the end."""
    found: dict[str, Told] = {}
    for one in diary.standing(*BEGINS, *MOVES, *ENDS, "brought back"):
        if one.what in BEGINS:
            facts = {name: one.facts[name] for name in ("practitioner", "start", "minutes", "price")}
            found[one.of] = Told(one.of, one.who, booked_at=one.at, **facts)
        elif one.of in found:
            told = found[one.of]
            told.changed_at = one.at
            if one.what in MOVES:
                told.start = one.facts["start"]
            else:
                told.kind_of_end = one.what if one.what in ENDS else ""
                told.ended_at = one.at if one.what in ENDS else None
    return found


def erased_at(diary: Diary) -> dict[str, datetime]:
    """Return when who was to be erased."""
    return {one.who: one.facts["due"] for one in diary.standing("erasure asked")}


def judge_sessions(diary: Diary, stored: Stored, judgment: Judgment) -> None:
    """Look at every time that is taken, as told and as stored."""
    told, gone = as_told(diary), erased_at(diary)
    for rows in (
        [
            (one.practitioner, one.start, one.end, one.of)
            for one in told.values()
            # What was still to come of who was erased is canceled, and its time is free again.
            if not one.kind_of_end and not (one.who in gone and one.start > gone[one.who])
        ],
        [(one.practitioner, one.start, one.end, one.of) for one in stored.sessions if one.state in LIVE],
        [
            (str(one.room), one.start, one.end, one.of)
            for one in stored.sessions
            if one.room and one.state in LIVE
        ],
    ):
        judge_overlaps(rows, judgment)
    found = {one.of: one for one in stored.sessions}
    for one in told.values():
        if one.who in gone:
            continue
        row = found.get(one.of)
        if row is None:
            judgment.look(AS_TOLD, f"{one.who} was told of {one.of}, and there is no such row")
        elif one.kind_of_end:
            judgment.look(AS_TOLD, f"{one.of} is {row.state}, and was canceled" if row.state in LIVE else "")
        elif row.state not in LIVE or row.start != one.start:
            judgment.look(AS_TOLD, f"{one.of} is {row.state} at {row.start}, told was {one.start}")
        else:
            judgment.look(AS_TOLD)
    for row in stored.sessions:
        if row.state in LIVE and row.client:
            judgment.look(NOT_ASKED, "" if row.of in told else f"{row.of} of {row.client} at {row.start}")


def judge_records(diary: Diary, stored: Stored, judgment: Judgment) -> None:
    """Look whether the record of each session is signed that was over a day before the last deed.

    Not at those signed in what a restored backup does not know, nor at those of who was erased.
    """
    rows, gone = {one.of: one for one in stored.sessions}, erased_at(diary)
    until = max((one.at for one in diary.deeds), default=datetime.min.replace(tzinfo=UTC)) - timedelta(days=1)
    lost = {one.of for one in diary.deeds if one.what in WRAPPED and diary.lost(one.at)}
    for one in as_told(diary).values():
        row = rows.get(one.of)
        if row is None or row.state not in LIVE or row.state == "no_show" or row.end > until:
            continue
        if one.who in gone or one.of in lost or one.kind_of_end:
            continue
        judgment.look(SIGNED, "" if one.of in stored.signed else f"{one.of} of {one.who} at {row.start}")


def judge_overlaps(rows: Iterable[tuple[str, datetime, datetime, str]], judgment: Judgment) -> None:
    """Look at each two neighbors."""
    for first, second in pairwise(sorted(rows)):
        overlaps = first[0] == second[0] and second[1] < first[2]
        judgment.look(
            NO_OVERLAP, f"{first[3]} and {second[3]} of {first[0]} at {second[1]}" if overlaps else ""
        )


@dataclass(frozen=True)
class Entry:
    """A session in a client's calendar."""

    sequence: int
    is_canceled: bool
    start: datetime | None


def calendars(diary: Diary) -> dict[str, list[tuple[datetime, Entry]]]:
    """Return what arrived for each session, by the uid in the file; told times are read only where in UTC."""
    found: dict[str, list[tuple[datetime, Entry]]] = {}
    for email in diary.taken:
        if not email.calendar or diary.lost(email.at):
            continue
        said = dict(STAMP.findall(email.calendar.replace("\r\n ", "").replace("\r", "")))
        start = next(
            (value for name, value in said.items() if name.startswith("DTSTART") and value.endswith("Z")), ""
        )
        entry = Entry(
            int(said.get("SEQUENCE", 0)),
            said.get("METHOD") == "CANCEL",
            datetime.strptime(start, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC) if start else None,
        )
        uid = re.sub(r"[^0-9a-f]", "", said.get("UID", "").partition("@")[0])[:32]
        found.setdefault(uid, []).append((email.at, entry))
    return found


def judge_calendars(diary: Diary, stored: Stored, judgment: Judgment) -> None:
    """Look at each session's last calendar file: what a calendar program shows after it."""
    arrived, gone = calendars(diary), erased_at(diary)
    dead = diary.refused | {one.to for one in stored.emails.values() if one.state in ("failed", "unknown")}
    for one in as_told(diary).values():
        if one.who in gone or one.who in dead:
            continue
        files = arrived.get(one.of, [])
        if not files:
            soon = one.ended_at is not None and one.ended_at - one.booked_at < timedelta(hours=6)
            judgment.look(CALENDAR, "" if soon else f"{one.who} got no file of {one.of}")
            continue
        last = max(files, key=lambda file: file[1].sequence)[1]
        if last.is_canceled != bool(one.kind_of_end):
            judgment.look(CALENDAR, f"{one.of}: canceled {last.is_canceled}, told “{one.kind_of_end}”")
        elif last.start and last.start != one.start and not one.kind_of_end:
            judgment.look(CALENDAR, f"{one.of}: the file says {last.start}, told was {one.start}")
        else:
            judgment.look(CALENDAR)
