"""The oracle of `make year` finds each broken promise in a diary that was made up to break it."""

from __future__ import annotations

import ast
import datetime as dt
from collections.abc import Callable
from dataclasses import replace

import pytest

from practice.tests.code.reading_order import ROOT
from tools.year.diary import Diary, Person, Played, Taken
from tools.year.oracle.judge import judge
from tools.year.oracle.stored import Stored, StoredEmail, StoredSession

# Monday, March 8, 2027, ten in the morning in Denver.
TEN = dt.datetime(2027, 3, 8, 17, tzinfo=dt.UTC)
MINUTE, HOUR, DAY = dt.timedelta(minutes=1), dt.timedelta(hours=1), dt.timedelta(days=1)
BEN, ANN = "ben@example.com", "ann@example.com"
OF, OTHER = "a" * 32, "b" * 32


def email(at: dt.datetime, name: str = "<1>", to: str = BEN, **fields: object) -> Taken:
    said = {"subject": "Booked", "text": f"Hello {name}", "calendar": "", "can_unsubscribe": False}
    return Taken(**{"at": at, "message_id": name, "to": to, **said, **fields})


def file_of(of: str, start: dt.datetime, *, sequence: int = 0, method: str = "REQUEST") -> str:
    stamp = start.strftime("%Y%m%dT%H%M%SZ")
    lines = (f"METHOD:{method}", f"UID:{of}@example.com", f"SEQUENCE:{sequence}", f"DTSTART:{stamp}")
    return "\r\n".join(lines)


def book(diary: Diary, stored: Stored, who: str, of: str, start: dt.datetime, *, room: int = 1) -> None:
    """A session that was booked a week before, confirmed, and is in the calendar."""
    booked_at = TEN - 7 * DAY
    facts = {"practitioner": "tess", "start": start, "minutes": 60, "price": 9500}
    diary.note(booked_at, "booked", who, of, **facts)
    name = f"<confirmation {of[:3]}>"
    diary.taken.append(email(booked_at + MINUTE, name, who, calendar=file_of(of, start)))
    stored.emails[name] = StoredEmail("confirmation", "sent", who, has_reason=False)
    end = start + HOUR
    stored.sessions.append(StoredSession(of, "tess", room, start, end, True, "booked", who))


def world() -> tuple[Diary, Stored]:
    """Ben came on Monday and paid in cash; Ann comes a week later."""
    diary, stored = Diary(), Stored()
    for who in (BEN, ANN):
        diary.people[who] = Person(f"Zq{who}", who, who, "America/Denver")
    book(diary, stored, BEN, OF, TEN)
    book(diary, stored, ANN, OTHER, TEN + 7 * DAY)
    diary.note(TEN + 2 * HOUR, "came", BEN, OF, how="cash", cents=9500)
    stored.paid[OF] = 9500
    stored.signed.add(OF)
    diary.note(TEN + 2 * DAY, "waited")
    return diary, stored


def follow_up(diary: Diary, stored: Stored, at: dt.datetime, text: str = "", **fields: object) -> None:
    name = f"<follow-up {at:%d %H:%M}>"
    diary.taken.append(email(at, name, can_unsubscribe=True, text=text or name, **fields))
    stored.emails[name] = StoredEmail("follow_up", "sent", BEN, has_reason=False)


def heard(diary: Diary, stored: Stored, since: dt.datetime, *, device: int = 0) -> None:
    """Ten minutes, told at once, and kept as ten more minutes."""
    diary.played.append(Played(BEN, device, since, since + 10 * MINUTE, since + 11 * MINUTE))
    stored.heard[BEN] = stored.heard.get(BEN, 0) + 600


def change(stored: Stored, of: str, **fields: object) -> None:
    stored.sessions = [replace(one, **fields) if one.of == of else one for one in stored.sessions]


# --- What keeps every promise -----------------------------------------------------------------------
def nothing(diary: Diary, stored: Stored) -> None:
    """As it is."""


def two_good_follow_ups(diary: Diary, stored: Stored) -> None:
    for days in (1, 5):
        follow_up(diary, stored, TEN + days * DAY + HOUR)


def on_two_devices_at_once(diary: Diary, stored: Stored) -> None:
    heard(diary, stored, TEN + DAY)
    diary.played.append(Played(BEN, 1, TEN + DAY + MINUTE, TEN + DAY + 9 * MINUTE, TEN + 2 * DAY))


def moved_and_told(diary: Diary, stored: Stored) -> None:
    start = TEN + 8 * DAY
    diary.note(TEN, "moved", ANN, OTHER, start=start)
    change(stored, OTHER, start=start, end=start + HOUR)
    diary.taken.append(email(TEN, "<m>", ANN, calendar=file_of(OTHER, start, sequence=1)))
    stored.emails["<m>"] = StoredEmail("moved", "sent", ANN, has_reason=False)


def again_after_a_kill(diary: Diary, stored: Stored) -> None:
    diary.kills.append(TEN - 7 * DAY + 2 * MINUTE)
    diary.taken.append(replace(diary.taken[0], at=TEN - 7 * DAY + 6 * MINUTE))


def gone_with_the_backup(diary: Diary, stored: Stored) -> None:
    diary.note(TEN + DAY, "booked", ANN, "c" * 32, practitioner="tess", start=TEN, minutes=60, price=1)
    diary.restored.append((TEN + DAY + HOUR, TEN + DAY - HOUR))


def nobody_came(diary: Diary, stored: Stored) -> None:
    stored.signed.clear()
    change(stored, OF, state="no_show", occupies=False)


def over_since_this_morning(diary: Diary, stored: Stored) -> None:
    stored.signed.clear()
    diary.deeds.pop()


def signed_after_the_backup(diary: Diary, stored: Stored) -> None:
    stored.signed.clear()
    stored.paid.clear()
    diary.restored.append((TEN + 3 * HOUR, TEN + HOUR))


@pytest.mark.parametrize(
    "kept",
    [
        nobody_came,
        over_since_this_morning,
        signed_after_the_backup,
        nothing,
        two_good_follow_ups,
        on_two_devices_at_once,
        moved_and_told,
        again_after_a_kill,
        gone_with_the_backup,
    ],
)
def test_what_is_promised_is_no_fault(kept: Callable[[Diary, Stored], None]) -> None:
    diary, stored = world()
    kept(diary, stored)
    judgment = judge(diary, stored)
    assert judgment.sentences == []
    assert judgment.looked.total() > 10


# --- One planted fault each: what is done, and words of the promise that it breaks ---------------------
def overlap(diary: Diary, stored: Stored) -> None:
    change(stored, OTHER, start=TEN + 30 * MINUTE, end=TEN + 90 * MINUTE)


def session_gone(diary: Diary, stored: Stored) -> None:
    stored.sessions.pop()


def session_elsewhere(diary: Diary, stored: Stored) -> None:
    change(stored, OTHER, start=TEN + 9 * DAY, end=TEN + 9 * DAY + HOUR)


def session_of_nobody(diary: Diary, stored: Stored) -> None:
    stored.sessions.append(replace(stored.sessions[1], of="c" * 32, start=TEN + 9 * DAY, end=TEN + 10 * DAY))


def stale_file(diary: Diary, stored: Stored) -> None:
    diary.note(TEN, "canceled", ANN, OTHER, late=False)
    change(stored, OTHER, state="cancelled", occupies=False)


def email_lost(diary: Diary, stored: Stored) -> None:
    stored.emails["<9>"] = StoredEmail("reminder", "sent", ANN, has_reason=False)


def email_without_reason(diary: Diary, stored: Stored) -> None:
    stored.emails["<9>"] = StoredEmail("reminder", "missed", ANN, has_reason=False)


def email_of_nobody(diary: Diary, stored: Stored) -> None:
    diary.taken.append(email(TEN, "<9>"))


def still_claimed(diary: Diary, stored: Stored) -> None:
    stored.emails["<9>"] = StoredEmail("reminder", "claimed", ANN, has_reason=False)


def twice_without_a_kill(diary: Diary, stored: Stored) -> None:
    diary.taken.append(replace(diary.taken[0], at=TEN))


def follow_up_twice(diary: Diary, stored: Stored) -> None:
    follow_up(diary, stored, TEN + DAY + HOUR)
    diary.kills.append(TEN + DAY + HOUR + MINUTE)
    diary.taken.append(replace(diary.taken[-1], at=TEN + DAY + 2 * HOUR))


def no_confirmation(diary: Diary, stored: Stored) -> None:
    diary.taken = [one for one in diary.taken if one.to != ANN]
    stored.emails = {name: one for name, one in stored.emails.items() if one.to != ANN}


def no_new_address(diary: Diary, stored: Stored) -> None:
    diary.note(TEN, "new address", booked=[ANN])


def no_word_on_the_waitlist(diary: Diary, stored: Stored) -> None:
    diary.note(TEN, "waits", ANN, kind="session")


def at_night(diary: Diary, stored: Stored) -> None:
    follow_up(diary, stored, TEN + DAY + 11 * HOUR)


def at_night_where_they_are(diary: Diary, stored: Stored) -> None:
    diary.people[BEN] = replace(diary.people[BEN], zone="Asia/Tokyo")
    diary.note(TEN + 3 * HOUR, "chose a zone", BEN)
    follow_up(diary, stored, TEN + DAY + HOUR)


def two_in_a_day(diary: Diary, stored: Stored) -> None:
    follow_up(diary, stored, TEN + DAY + HOUR)
    follow_up(diary, stored, TEN + DAY + 7 * HOUR)


def three_in_a_week(diary: Diary, stored: Stored) -> None:
    for days in (1, 4, 7):
        follow_up(diary, stored, TEN + days * DAY + HOUR)


def after_practice(diary: Diary, stored: Stored) -> None:
    heard(diary, stored, TEN + DAY)
    follow_up(diary, stored, TEN + 3 * DAY)


def same_text(diary: Diary, stored: Stored) -> None:
    for days in (1, 5):
        follow_up(diary, stored, TEN + days * DAY + HOUR, text="Hello\nhttps://x/1")


def four_unanswered(diary: Diary, stored: Stored) -> None:
    for days in (1, 9, 17, 25):
        follow_up(diary, stored, TEN + days * DAY + HOUR)


def while_paused(diary: Diary, stored: Stored) -> None:
    diary.note(TEN + 3 * HOUR, "paused", BEN, until=TEN + 14 * DAY)
    follow_up(diary, stored, TEN + 5 * DAY)


def after_unsubscribing(diary: Diary, stored: Stored) -> None:
    diary.note(TEN + 3 * HOUR, "unsubscribed", BEN)
    follow_up(diary, stored, TEN + 5 * DAY)


def after_pain(diary: Diary, stored: Stored) -> None:
    diary.note(TEN + 3 * HOUR, "pain rose", BEN)
    follow_up(diary, stored, TEN + 5 * DAY)


def too_soon_after_a_session(diary: Diary, stored: Stored) -> None:
    follow_up(diary, stored, TEN + 4 * HOUR)


def too_near_a_session(diary: Diary, stored: Stored) -> None:
    book(diary, stored, BEN, "c" * 32, TEN + 6 * DAY)
    follow_up(diary, stored, TEN + 5 * DAY + 2 * HOUR)


def just_booked(diary: Diary, stored: Stored) -> None:
    facts = {"practitioner": "tess", "start": TEN + 20 * DAY, "minutes": 60, "price": 9500}
    diary.note(TEN + 4 * DAY, "booked", BEN, "c" * 32, **facts)
    follow_up(diary, stored, TEN + 4 * DAY + 3 * HOUR)


def after_an_erasure(diary: Diary, stored: Stored) -> None:
    diary.note(TEN - 9 * DAY, "erasure asked", BEN, due=TEN - 2 * DAY)
    follow_up(diary, stored, TEN + DAY + HOUR)


def a_trace(diary: Diary, stored: Stored) -> None:
    stored.traces.append("zq stands in practice_user")


def minutes_doubled(diary: Diary, stored: Stored) -> None:
    on_two_devices_at_once(diary, stored)
    stored.heard[BEN] += 480


def minutes_lost(diary: Diary, stored: Stored) -> None:
    heard(diary, stored, TEN + DAY)
    stored.heard[BEN] -= 60


def never_signed(diary: Diary, stored: Stored) -> None:
    stored.signed.clear()


def paid_twice(diary: Diary, stored: Stored) -> None:
    stored.paid[OF] *= 2


def payment_lost(diary: Diary, stored: Stored) -> None:
    del stored.paid[OF]


def package_unpaid(diary: Diary, stored: Stored) -> None:
    diary.note(TEN, "package", BEN, cents=42500, sessions=5, kind="1")


def package_not_used(diary: Diary, stored: Stored) -> None:
    diary.note(TEN + 8 * DAY, "came", ANN, OTHER, how="package", cents=0)


@pytest.mark.parametrize(
    ("planted", "promise"),
    [
        (overlap, "no two sessions"),
        (session_gone, "where its client was told"),
        (session_elsewhere, "where its client was told"),
        (session_of_nobody, "nobody asked for"),
        (stale_file, "calendar shows"),
        (email_lost, "no email is lost"),
        (email_without_reason, "no email is lost"),
        (email_of_nobody, "no email is lost"),
        (still_claimed, "nothing due still waits"),
        (twice_without_a_kill, "no email arrives twice"),
        (follow_up_twice, "no follow-up arrives twice"),
        (no_confirmation, "gets a confirmation"),
        (no_new_address, "told the new address"),
        (no_word_on_the_waitlist, "joins the waitlist"),
        (at_night, "20:00"),
        (at_night_where_they_are, "20:00"),
        (two_in_a_day, "24 hours"),
        (three_in_a_week, "7 days"),
        (after_practice, "3 days of practice"),
        (same_text, "same text"),
        (four_unanswered, "after three"),
        (while_paused, "paused"),
        (after_unsubscribing, "paused"),
        (after_pain, "pain rose"),
        (too_soon_after_a_session, "18 hours"),
        (too_near_a_session, "18 hours"),
        (just_booked, "18 hours"),
        (after_an_erasure, "after an erasure"),
        (a_trace, "nothing is left"),
        (minutes_doubled, "minutes at home"),
        (minutes_lost, "minutes at home"),
        (never_signed, "a signed record"),
        (paid_twice, "paid for a session"),
        (payment_lost, "paid for a session"),
        (package_unpaid, "paid for a session"),
        (package_not_used, "package pays"),
    ],
)
def test_each_broken_promise_is_seen(planted: Callable[[Diary, Stored], None], promise: str) -> None:
    diary, stored = world()
    planted(diary, stored)
    broken = judge(diary, stored).faults
    assert any(promise in one for one in broken), broken


def test_the_oracle_shares_no_rule_with_the_product() -> None:
    for path in (*(ROOT / "tools/year/oracle").glob("*.py"), ROOT / "tools/year/diary.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        names = [one.module or "" for one in ast.walk(tree) if isinstance(one, ast.ImportFrom)]
        names += [name.name for one in ast.walk(tree) if isinstance(one, ast.Import) for name in one.names]
        strange = [
            name for name in names if name.partition(".")[0] in ("practice", "booking", "portal", "django")
        ]
        assert strange == [], path
