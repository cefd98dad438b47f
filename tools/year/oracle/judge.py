"""PURE. The oracle: a diary and what is stored, and every broken promise."""

from __future__ import annotations

from tools.year.diary import Diary
from tools.year.oracle.emails import judge_emails
from tools.year.oracle.followups import judge_follow_ups
from tools.year.oracle.money import judge_money
from tools.year.oracle.sessions import judge_calendars, judge_records, judge_sessions
from tools.year.oracle.stored import Judgment, Stored
from tools.year.oracle.sums import judge_sums


def judge(diary: Diary, stored: Stored) -> Judgment:
    """Return how often each promise was looked at, and where it was broken."""
    judgment = Judgment()
    judge_sessions(diary, stored, judgment)
    judge_calendars(diary, stored, judgment)
    judge_records(diary, stored, judgment)
    judge_emails(diary, stored, judgment)
    judge_follow_ups(diary, judgment)
    judge_money(diary, stored, judgment)
    judge_sums(diary, stored, judgment)
    return judgment
