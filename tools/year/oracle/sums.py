"""PURE. Sums: minutes are what was played, and nothing is left of who was erased.

From LESSONS_AND_LETTERS.md ("What counts"), PRODUCT.md ("accurate minutes").
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from tools.year.diary import Diary
from tools.year.oracle.sessions import erased_at
from tools.year.oracle.stored import Judgment, Stored

MINUTES = "minutes at home are what was played, on whatever devices"
GONE = "nothing is left of who was erased"
ROUNDING = 0.02  # seconds that a stretch may differ: players round


def judge_sums(diary: Diary, stored: Stored, judgment: Judgment) -> None:
    """Look at the minutes of each client, and for traces of the erased."""
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
