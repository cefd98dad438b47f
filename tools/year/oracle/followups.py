"""PURE. Emails between sessions: not at night, not too many, not to who practices, hurts, or paused.

From LESSONS_AND_LETTERS.md, "Follow-up letters". They are told by their header (RELIABILITY.md, 3), and what
a restored backup has undone is not known to the practice any more.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from tools.year.diary import Deed, Diary, Taken
from tools.year.oracle.sessions import Told, as_told, erased_at
from tools.year.oracle.stored import Judgment

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
A_MOMENT = timedelta(minutes=2)  # between the last look and the server's clock
PRACTICE_ZONE = "America/Denver"
QUIET = "follow-ups: never between 20:00 and 8:00 of their reader’s clock"
ONE_A_DAY = "follow-ups: never two in 24 hours"
TWO_A_WEEK = "follow-ups: never more than two in 7 days"
AFTER_PRACTICE = "follow-ups: never within 3 days of practice"
NOT_SAME = "follow-ups: never the same text twice in a row"
THREE = "follow-ups: stop after three without an answer"
PAUSED = "follow-ups: none while paused or unsubscribed"
PAIN = "follow-ups: none when pain rose"
SESSION = "follow-ups: not within 18 hours after a session or 24 before one, nor 24 after a booking"
ERASED = "no email after an erasure"
ANSWERS = ("exercise", "asked", "booked", "accepted an offer")


def judge_follow_ups(diary: Diary, judgment: Judgment) -> None:
    """Look at each follow-up, with what the practice knew when it went."""
    sent: dict[str, list[Taken]] = {}
    gone = erased_at(diary)
    for email in sorted(diary.taken, key=lambda one: one.at):
        if email.to in gone:
            late = email.at > gone[email.to] + DAY
            judgment.look(ERASED, f"“{email.subject}” to {email.to} at {email.at}" if late else "")
        if email.can_unsubscribe and email.to in diary.people and not diary.lost(email.at):
            before = sent.setdefault(email.to, [])
            if not any(one.message_id == email.message_id for one in before):
                judge_one(email, before, diary, judgment)
                before.append(email)


def judge_one(email: Taken, before: list[Taken], diary: Diary, judgment: Judgment) -> None:
    """Look at one follow-up. `before`: those that went to this reader until then."""
    at, who = email.at, email.to
    local = at.astimezone(zone_of(diary, who, at))
    name = f"{who} at {at}"
    judgment.look(QUIET, "" if 8 <= local.hour < 20 else f"{name}, which is {local:%H:%M} there")
    judgment.look(ONE_A_DAY, name if within(before, at, DAY) else "")
    judgment.look(TWO_A_WEEK, name if len(within(before, at, 7 * DAY)) >= 2 else "")
    judgment.look(
        AFTER_PRACTICE, next((f"{name}, practiced {one}" for one in lately(diary, who, at, 3 * DAY)), "")
    )
    same = bool(before) and words_of(before[-1]) == words_of(email)
    judgment.look(NOT_SAME, name if same else "")
    since = max(answers(diary, who, at), default=None)
    unanswered = [one for one in before if since is None or one.at > since]
    judgment.look(THREE, f"{name}, after {len(unanswered)}" if len(unanswered) >= 3 else "")
    judgment.look(PAUSED, f"{name}" if is_held(diary, who, at) else "")
    rose = [one for one in deeds(diary, who, "pain rose") if one.at < at - A_MOMENT]
    judgment.look(PAIN, f"{name}, rose {rose[0].at}" if rose else "")
    judgment.look(SESSION, next((f"{name}: {why}" for why in near(diary, who, at)), ""))


def zone_of(diary: Diary, who: str, at: datetime) -> ZoneInfo:
    """Return the zone that a client chose; until then, that of the practice."""
    chosen = any(one.at < at for one in deeds(diary, who, "chose a zone"))
    return ZoneInfo(diary.people[who].zone if chosen else PRACTICE_ZONE)


def within(before: Iterable[Taken], at: datetime, span: timedelta) -> list[Taken]:
    """Return those that went less than this long before."""
    return [one for one in before if at - one.at < span - A_MOMENT]


def words_of(email: Taken) -> str:
    """Return what an email says: without its links, which differ each time."""
    lines = [line for line in email.text.splitlines() if "://" not in line]
    return email.subject + "\n" + "\n".join(lines)


def deeds(diary: Diary, who: str, *what: str) -> Iterator[Deed]:
    """Yield what a client did, as far as the practice still knows it."""
    return (one for one in diary.standing(*what) if one.who == who)


def known_practice(diary: Diary, who: str, at: datetime) -> Iterator[datetime]:
    """Yield when they practiced, of what the practice had been told by then."""
    for played in diary.played:
        if played.who == who and played.told_at < at - A_MOMENT and not diary.lost(played.told_at):
            yield played.until
    yield from (one.at for one in deeds(diary, who, "exercise") if one.at < at - A_MOMENT)


def lately(diary: Diary, who: str, at: datetime, span: timedelta) -> Iterator[datetime]:
    """Yield what they practiced less than this long before, since their last session: it begins anew."""
    told = as_told(diary)
    came = [told[one.of].end for one in deeds(diary, who, "came") if one.at < at and one.of in told]
    since = max(came, default=datetime.min.replace(tzinfo=at.tzinfo))
    return (one for one in known_practice(diary, who, at) if one > since and at - one < span - A_MOMENT)


def answers(diary: Diary, who: str, at: datetime) -> Iterator[datetime]:
    """Yield when they gave a sign: practice, a question, a booking; a session that took place begins anew."""
    yield from known_practice(diary, who, at)
    yield from (one.at for one in deeds(diary, who, *ANSWERS, "came") if one.at < at)


def is_held(diary: Diary, who: str, at: datetime) -> bool:
    """Return whether they had paused or stopped these emails."""
    for one in deeds(diary, who, "paused"):
        if one.at + A_MOMENT < at < one.facts["until"] - DAY:  # a pause ends with a day of their calendar
            return True
    stopped = [one.at for one in deeds(diary, who, "unsubscribed") if one.at + A_MOMENT < at]
    agreed = [one.at for one in deeds(diary, who, "came") if one.at < at]
    return bool(stopped) and not (agreed and max(agreed) > max(stopped))


def near(diary: Diary, who: str, at: datetime) -> Iterator[str]:
    """Yield which session, or which booking, is too near."""
    for one in as_told(diary).values():
        if one.who != who:
            continue
        if one.booked_at < at - A_MOMENT and at - one.booked_at < DAY - A_MOMENT and not one.kind_of_end:
            yield f"booked {one.booked_at}"
        stands = not one.kind_of_end or (one.ended_at is not None and one.ended_at > at)
        if stands and is_near(one, at):
            yield f"session {one.start}"


def is_near(one: Told, at: datetime) -> bool:
    """Return whether it begins within a day or ended less than 18 hours ago; not if moved since."""
    if one.booked_at > at or (one.changed_at is not None and one.changed_at > at):
        return False
    return (
        -18 * HOUR + A_MOMENT < one.start - at < 24 * HOUR - A_MOMENT and at - one.end < 18 * HOUR - A_MOMENT
    )
