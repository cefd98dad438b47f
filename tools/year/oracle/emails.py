"""PURE. Emails: none is lost, none comes twice without a killed sender, and each event has its own.

From RELIABILITY.md, 2 (rows, leases, what may go again) and BOOKING.md, 28 (one email for each change).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from itertools import pairwise

from tools.year.diary import Diary, Taken
from tools.year.oracle.sessions import BEGINS, as_told, erased_at
from tools.year.oracle.stored import Judgment, Stored

NOT_LOST = "no email is lost: it arrived, or its row says why not"
NOT_TWICE = "no email arrives twice, but if its sender died over it"
NEVER_TWICE = "no follow-up arrives twice"
CONFIRMED = "who is told “booked” gets a confirmation"
AT_REST = "nothing due still waits after a quiet day"
NEW_ADDRESS = "each one booked is told the new address once"
WAITLIST = "who joins the waitlist gets an email about it"
HELD_BACK = ("failed", "missed", "cancelled", "unknown")
FOLLOW_UP = "follow_up"


def judge_emails(diary: Diary, stored: Stored, judgment: Judgment) -> None:
    """Look at what became of each email, and whether each event has its own."""
    arrived: dict[str, list[Taken]] = {}
    for email in diary.taken:
        arrived.setdefault(email.message_id, []).append(email)
    for name, one in stored.emails.items():
        for promise, fault in faults_of_row(name, one.state, one.has_reason, name in arrived):
            judgment.look(promise, f"{one.kind} {fault}" if fault else "")
    for copies in arrived.values():
        row = stored.emails.get(copies[0].message_id)
        if row is None and not any(diary.lost(one.at) or is_about_erased(one, diary) for one in copies):
            judgment.look(NOT_LOST, f"“{copies[0].subject}” to {copies[0].to} has no row")
        never = bool(row and row.kind == FOLLOW_UP)
        fault = twice(copies, diary, never=never)
        judgment.look(NEVER_TWICE if never else NOT_TWICE, fault)
    judge_confirmations(diary, stored, judgment)
    judge_events(diary, stored, judgment)


def is_about_erased(email: Taken, diary: Diary) -> bool:
    """Return whether an email went to somebody erased, or names them: its row may be gone with them."""
    return any(who == email.to or diary.people[who].mark in email.subject for who in erased_at(diary))


def faults_of_row(name: str, state: str, has_reason: bool, arrived: bool) -> Iterable[tuple[str, str]]:
    """Yield a look at each promise for one row."""
    yield AT_REST, f"{name} is still claimed" if state == "claimed" else ""
    if state == "sent":
        yield NOT_LOST, "" if arrived else f"{name} is said to be sent, and never arrived"
    if state in HELD_BACK:
        yield NOT_LOST, "" if has_reason else f"{name} is {state} without a reason"


def twice(copies: list[Taken], diary: Diary, *, never: bool) -> str:
    """Return how an email came twice that must not; "" where its sender died, or heard no answer, between."""
    for first, second in pairwise(sorted(copies, key=lambda one: one.at)):
        if any(first.at <= when and back < first.at for when, back in diary.restored):
            continue  # the practice does not know of the first one any more
        died = not first.answered or any(first.at <= kill <= second.at for kill in diary.kills)
        if never or not died:
            return f"“{first.subject}” to {first.to} at {first.at} and {second.at}"
    return ""


def dead_addresses(diary: Diary, stored: Stored) -> set[str]:
    """Return who cannot be promised an email: a server refused one for good."""
    return diary.refused | {one.to for one in stored.emails.values() if one.state == "failed"}


def judge_confirmations(diary: Diary, stored: Stored, judgment: Judgment) -> None:
    """Look for the confirmation of each booking, by its reader and its time."""
    dead, gone, told = dead_addresses(diary, stored), erased_at(diary), as_told(diary)
    for one in diary.standing(*BEGINS):
        if one.who in dead or one.who in gone or one.of not in told:
            continue
        session = told[one.of]
        changed = session.changed_at and session.changed_at - one.at < timedelta(hours=6)
        got = any(
            email.to == one.who
            and one.of[:8] in email.calendar
            and email.at >= one.at - timedelta(minutes=30)
            for email in diary.taken
        )
        judgment.look(CONFIRMED, "" if got or changed else f"{one.who} for {one.of} booked at {one.at}")


def judge_events(diary: Diary, stored: Stored, judgment: Judgment) -> None:
    """Look for what the practice sends because of other events."""
    dead, gone = dead_addresses(diary, stored), erased_at(diary)
    kind_of = {name: row.kind for name, row in stored.emails.items()}
    for one in diary.standing("new address"):
        for who in set(one.facts["booked"]) - dead - set(gone):
            names = {email.message_id for email in diary.taken if email.to == who and email.at >= one.at}
            told = sum(1 for name in names if kind_of.get(name) == "new_address")
            still = any(session.who == who and not session.kind_of_end for session in as_told(diary).values())
            judgment.look(
                NEW_ADDRESS, "" if told == 1 or (told == 0 and not still) else f"{who}: {told} emails"
            )
    for one in diary.standing("waits"):
        if one.who not in dead and one.who not in gone:
            got = any(email.to == one.who and email.at >= one.at for email in diary.taken)
            judgment.look(WAITLIST, "" if got else f"{one.who} at {one.at}")
