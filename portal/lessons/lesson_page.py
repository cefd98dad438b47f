"""Queries of a lesson's page: the lesson with what it plays, and a client's times, plan and progress in it.

They are few and their number does not grow with what a client did. Rules that need no rows are in
`practice_log` (`progress.py`, `chapter_shares.py`).
"""

from __future__ import annotations

import datetime as dt
import hashlib
import uuid
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, FilteredRelation, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from booking.intake.answers import Unreadable
from booking.intake.answers import read as read_answers
from booking.intake.queries import handed_in
from portal.models import Assignment, ClientProfile, GuidelinesRead, Lesson, LessonAudio, PracticeEntry
from portal.practice_log.listening import day_of
from portal.practice_log.progress import PracticedOnce, which_time
from portal.practice_log.queries import ResumePoint, last_of_these, latest_entries
from practice.core.locales.shipped_pages import written
from practice.models import User
from practice.queries import the_practice, zone_of

READ_AGAIN = dt.timedelta(days=30)
STILL_NOW = dt.timedelta(hours=2)  # left longer ago, it is another time
BESIDE = 3  # earlier noticings that stand beside the new one
NOT_YET = 1 << 62  # the number of an entry that has none: after all others


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
    """The present time: its number, its entry if there is one, and the words of earlier times.

    `last`: the last stop or finish. `rose`, `rose_before`: pain rose this time, or another time, and nobody
    has looked at it yet.
    """

    entry: PracticeEntry | None
    number: int
    earlier: list[EarlierWords]
    last: ResumePoint | None
    rose: bool
    rose_before: bool


@dataclass(frozen=True)
class OpenedLesson:
    """A lesson with its current recording; for a reader also their open assignment and guidelines read.

    `answers`: of the reader's newest intake, as they are kept. `has_replaced`: it had recordings before.
    """

    lesson: Lesson
    recording: LessonAudio | None
    assignment: Assignment | None = None
    guidelines: GuidelinesRead | None = None
    answers: str = ""
    has_replaced: bool = False

    def guidelines_read(self, *, now: dt.datetime) -> dt.datetime | None:
        """Return when the reader read the guidelines; None after 30 days or when the text changed."""
        read = self.guidelines
        if read is None or read.digest != digest_of(self.lesson) or now - read.at >= READ_AGAIN:
            return None
        return read.at

    @property
    def since(self) -> str:
        """Return for how long the reader has had pain, by their intake; "" where that is not known."""
        try:
            return str(read_answers(self.answers).part("since").get("since", "")) if self.answers else ""
        except Unreadable:
            return ""


def opened(reader: User | None, slug: str) -> OpenedLesson | None:
    """Return the lesson with this address, or None. None as `reader` is a visitor. One query."""
    rows: QuerySet[Any] = Lesson.objects.filter(slug=slug)
    before = LessonAudio.objects.filter(lesson=OuterRef("pk"), is_current=False)
    rows = rows.annotate(
        playing=FilteredRelation("recordings", condition=Q(recordings__is_current=True)),
        has_replaced=Exists(before),
    )
    if reader is None:
        return _opened(rows.select_related("playing").first())
    is_open = Q(assignments__client=reader, assignments__ended_at__isnull=True)
    is_theirs = Q(guidelines_read__client=reader)
    rows = rows.annotate(
        given=FilteredRelation("assignments", condition=is_open),
        reading=FilteredRelation("guidelines_read", condition=is_theirs),
        answers=Subquery(handed_in(reader).values("answers")[:1]),
    )
    return _opened(rows.select_related("playing", "given__assigned_by__user", "reading").first())


def _opened(row: Any) -> OpenedLesson | None:
    """Return the row with what was found beside it; Django sets no attribute where there is nothing."""
    if row is None:
        return None
    playing, given, reading = (getattr(row, name, None) for name in ("playing", "given", "reading"))
    answers = getattr(row, "answers", None) or ""
    return OpenedLesson(row, playing, given, reading, answers, row.has_replaced)


def digest_of(lesson: Lesson) -> str:
    """Return a hash that names the present text of the guidelines."""
    return hashlib.sha256(written(lesson.guidelines).encode()).hexdigest()


def keep_guidelines_read(client: User, lesson: Lesson, digest: str, *, now: dt.datetime) -> bool:
    """Record that the guidelines were read; return False when `digest` is not of the present text."""
    if digest != digest_of(lesson):
        return False
    GuidelinesRead.objects.update_or_create(
        client=client, lesson=lesson, defaults={"digest": digest, "at": now}
    )
    return True


def plan_of(client: User) -> ClientProfile:
    """Return the client's page with their own plan: when and where, and what if something interferes."""
    return ClientProfile.objects.of(client)


def play_throughs(client: User, lesson: Lesson, *, asked: str = "", now: dt.datetime) -> PlayThroughs:
    """Return this time and the earlier ones. `asked`: the uid of an entry of today to reopen, or "new"."""
    rows: list[Any] = list(
        latest_entries(client, lesson.pk)
        .select_related("first")
        .annotate(plays=_count(client, lesson, _PLAY), rises=_count(client, lesson, "pk", _ROSE))
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
    rose = sum(row.pk in play or row.first_id in play for row in rows if _is_open_rise(row))
    return PlayThroughs(
        entry,
        _number(rows, entry, now),
        earlier[:BESIDE],
        last=last_of_these(rows),
        rose=rose > 0,
        rose_before=bool(rows) and rows[0].rises > rose,
    )


_PLAY = Coalesce("first_id", "id")
ANY = Q()
_ROSE = Q(needs_human=PracticeEntry.NeedsHuman.PAIN_ROSE, cleared_at=None)


def _is_open_rise(entry: PracticeEntry) -> bool:
    return entry.needs_human == PracticeEntry.NeedsHuman.PAIN_ROSE and entry.cleared_at is None


def _count(client: User, lesson: Lesson, what: Coalesce | str, only: Q = ANY) -> Coalesce:
    """Return the number of different values of `what` in the client's entries of a lesson, as a column."""
    mine = PracticeEntry.objects.filter(only, client=client, lesson=lesson).order_by().values("client")
    return Coalesce(Subquery(mine.annotate(n=Count(what, distinct=True)).values("n")), 0)


def _this_time(
    rows: list[PracticeEntry], of_today: list[PracticeEntry], asked: str, now: dt.datetime
) -> PracticeEntry | None:
    """Return the entry the page goes on with: the one asked for, else the last if less than two hours old."""
    if asked:
        return next((row for row in of_today if asked in (str(row.uid), row.uid.hex)), None)
    last = next(iter(rows), None)
    return last if last and now - last.last_at < STILL_NOW else None


def _number(rows: list[Any], entry: PracticeEntry | None, now: dt.datetime) -> int:
    """Return which play-through this is, from 1; those not among the latest rows are earlier."""
    known = {one.pk: one for row in rows for one in (row, row.first) if one}
    plays = [_once(one) for one in known.values()]
    earlier = rows[0].plays - len({one.first or one.key for one in plays}) if rows else 0
    this = _once(entry) if entry else PracticedOnce(NOT_YET, "", now, 0, False)
    return earlier + which_time(plays, this)


def _once(entry: PracticeEntry) -> PracticedOnce:
    return PracticedOnce(entry.pk, "", entry.started_at, 0, False, entry.first_id)


def open_pain(client: User, entry: PracticeEntry | None) -> bool:
    """Return whether pain rose this time and nobody has looked at it yet."""
    if entry is None:
        return False
    root = entry.first_id or entry.pk
    return PracticeEntry.objects.filter(Q(pk=root) | Q(first=root), _ROSE, client=client).exists()
