"""PURE. Sums: minutes are what was played, money adds up, and nothing is left of who was erased.

From LESSONS_AND_LETTERS.md ("What counts"), PRODUCT.md ("accurate minutes"), BOOKING.md (price as booked).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from tools.year.diary import Diary
from tools.year.oracle.sessions import as_told, erased_at
from tools.year.oracle.stored import Judgment, Stored

MINUTES = "minutes at home are what was played, on whatever devices"
PAID = "what was paid for a session is what was recorded, once"
PACKAGES = "a package pays for each session once"
GONE = "nothing is left of who was erased"
ROUNDING = 0.02  # seconds that a stretch may differ: players round


def judge_sums(diary: Diary, stored: Stored, judgment: Judgment) -> None:
    """Look at minutes, payments and packages of each client, and for traces of the erased."""
    gone = erased_at(diary)
    for who in sorted(diary.people):
        played = [
            (one.since, one.until) for one in diary.played if one.who == who and not diary.lost(one.told_at)
        ]
        if who in gone or not (played or who in stored.heard):
            continue
        expected, found = clock_time(played), stored.heard.get(who, 0.0)
        near = abs(expected - found) <= ROUNDING * max(1, len(played))
        judgment.look(MINUTES, "" if near else f"{who}: {found:.1f} s are kept, {expected:.1f} s were played")
    judge_payments(diary, stored, judgment)
    for trace in stored.traces:
        judgment.look(GONE, trace)
    judgment.looked[GONE] += len(gone)


def clock_time(spans: Iterable[tuple[datetime, datetime]]) -> float:
    """Return how many seconds of the clock are in at least one of the spans."""
    total, reached = 0.0, None
    for since, until in sorted(spans):
        begin = since if reached is None or since > reached else reached
        if until > begin:
            total += (until - begin).total_seconds()
        reached = until if reached is None else max(reached, until)
    return total


def judge_payments(diary: Diary, stored: Stored, judgment: Judgment) -> None:
    """Look at each session's payments, and at what each package has paid for."""
    told, gone = as_told(diary), erased_at(diary)
    expected: dict[str, int] = {}
    used: dict[str, int] = {}
    for one in diary.standing("came"):
        if one.of in told and one.facts["how"] in ("cash", "card"):
            expected[one.of] = told[one.of].price
        if one.facts["how"] == "package":
            used[one.who] = used.get(one.who, 0) + 1
    for of in sorted(expected.keys() | stored.paid.keys()):
        right = expected.get(of, 0) == stored.paid.get(of, 0)
        judgment.look(
            PAID, "" if right else f"{of}: {stored.paid.get(of, 0)}, paid was {expected.get(of, 0)}"
        )
    sold = sum(one.facts["cents"] for one in diary.standing("package"))
    right = sold == stored.paid_for_packages
    judgment.look(PAID, "" if right else f"packages: {stored.paid_for_packages}, paid was {sold}")
    for who in sorted({*used, *stored.package_sessions} - set(gone)):
        enough = stored.package_sessions.get(who, 0) >= used.get(who, 0)
        judgment.look(
            PACKAGES, "" if enough else f"{who}: {used.get(who, 0)} sessions, {stored.package_sessions}"
        )
