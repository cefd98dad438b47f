"""Queries of a client's lesson page: this time and earlier ones, guidelines read, the assignment."""

from __future__ import annotations

import datetime as dt
import hashlib
import uuid
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from portal.models import Assignment, ClientProfile, GuidelinesRead, Lesson, PracticeEntry
from portal.practice_log.listening import day_of
from portal.practice_log.progress import PracticedOnce, which_time
from practice.models import User
from practice.queries import the_practice, zone_of

READ_AGAIN = dt.timedelta(days=30)
STILL_NOW = dt.timedelta(hours=2)  # left longer ago, it is another time
BESIDE = 3  # earlier noticings that stand beside the new one
NOT_YET = 1 << 62  # the number of an entry that has none: after all others
LOOKED_THROUGH = 40  # entries read for them: what is encrypted cannot be asked for


@dataclass(frozen=True)
class EarlierWords:
    """The words of an earlier time. `may_change`: it is today's, on the client's own clock."""

    at: dt.datetime
    noticing: str
    lying_after: str
    uid: uuid.UUID
    may_change: bool


@dataclass(frozen=True)
class PlayThroughs:
    """The present time: its number, its entry if there is one, and the words of earlier times."""

    entry: PracticeEntry | None
    number: int
    earlier: list[EarlierWords]


def digest_of(lesson: Lesson) -> str:
    """Return a hash that names the present text of the guidelines."""
    return hashlib.sha256(lesson.guidelines.encode()).hexdigest()


def guidelines_read(client: User, lesson: Lesson, *, now: dt.datetime) -> dt.datetime | None:
    """Return when this client read the guidelines, or None after 30 days or when the text changed."""
    read = GuidelinesRead.objects.filter(client=client, lesson=lesson, digest=digest_of(lesson)).first()
    return read.at if read and now - read.at < READ_AGAIN else None


def keep_guidelines_read(client: User, lesson: Lesson, digest: str, *, now: dt.datetime) -> bool:
    """Record that the guidelines were read; return False when `digest` is not of the present text."""
    if digest != digest_of(lesson):
        return False
    GuidelinesRead.objects.update_or_create(
        client=client, lesson=lesson, defaults={"digest": digest, "at": now}
    )
    return True


def given(client: User, lesson: Lesson) -> Assignment | None:
    """Return the client's open assignment of this lesson, or None."""
    found = Assignment.objects.filter(client=client, lesson=lesson, ended_at=None)
    return found.select_related("assigned_by__user").first()


def plan_of(client: User) -> ClientProfile:
    """Return the client's page with their own plan: when and where, and what if something interferes."""
    return ClientProfile.objects.of(client)


def play_throughs(client: User, lesson: Lesson, *, asked: str = "", now: dt.datetime) -> PlayThroughs:
    """Return this time and the earlier ones. `asked`: the uid of an entry of today to reopen, or "new"."""
    rows = list(
        PracticeEntry.objects.filter(client=client, lesson=lesson)
        .select_related("first")
        .order_by("-last_at", "-id")[:LOOKED_THROUGH]
    )
    zone = zone_of(client.zone, practice=the_practice())
    today = day_of(now, zone)
    of_today = [row for row in rows if today in {day_of(row.started_at, zone), day_of(row.last_at, zone)}]
    entry = _this_time(rows, of_today, asked, now)
    play = {entry.pk, entry.first_id} - {None} if entry else set()
    earlier = [
        EarlierWords(row.started_at, row.noticing, row.lying_after, row.uid, row in of_today)
        for row in rows
        if row.pk not in play and row.first_id not in play and (row.noticing or row.lying_after)
    ]
    earlier.sort(key=lambda one: one.at, reverse=True)
    return PlayThroughs(entry, _number(client, lesson, entry, now), earlier[:BESIDE])


def _this_time(
    rows: list[PracticeEntry], of_today: list[PracticeEntry], asked: str, now: dt.datetime
) -> PracticeEntry | None:
    """Return the entry the page goes on with: the one asked for, else the last if less than two hours old."""
    if asked:
        return next((row for row in of_today if asked in (str(row.uid), row.uid.hex)), None)
    last = next(iter(rows), None)
    return last if last and now - last.last_at < STILL_NOW else None


def _number(client: User, lesson: Lesson, entry: PracticeEntry | None, now: dt.datetime) -> int:
    """Return which play-through of the lesson this is, from 1."""
    rows = PracticeEntry.objects.filter(client=client, lesson=lesson)
    known = [
        PracticedOnce(pk, "", began, 0, False, first)
        for pk, began, first in rows.values_list("pk", "started_at", "first_id")
    ]
    if entry is None:
        return which_time(known, PracticedOnce(NOT_YET, "", now, 0, False))
    return which_time(known, PracticedOnce(entry.pk, "", entry.started_at, 0, False, entry.first_id))


def open_pain(client: User, entry: PracticeEntry | None) -> bool:
    """Return whether pain rose this time and nobody has looked at it yet."""
    return entry is not None and _risen(client).filter(_play(entry)).exists()


def open_pain_before(client: User, lesson: Lesson, entry: PracticeEntry | None) -> bool:
    """Return whether pain rose at another time in this lesson and nobody has looked at it yet."""
    others = _risen(client).filter(lesson=lesson)
    return (others.exclude(_play(entry)) if entry else others).exists()


def _risen(client: User) -> QuerySet[PracticeEntry]:
    rose = PracticeEntry.NeedsHuman.PAIN_ROSE
    return PracticeEntry.objects.filter(client=client, needs_human=rose, cleared_at=None)


def _play(entry: PracticeEntry) -> Q:
    """Return a filter for the entries of the same play-through, on any device."""
    root = entry.first_id or entry.pk
    return Q(pk=root) | Q(first=root)
