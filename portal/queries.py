"""Queries for lessons that can be heard, and a client's appointments."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import IntegerField, Prefetch, Q, QuerySet, Subquery, Value
from django.urls import reverse

from booking.models import Appointment
from booking.queries import managed_ahead as ahead_for
from booking.queries import managed_by, not_ended_of
from portal.audio.carry import Outline
from portal.audio.transcript import ChapterMark, TranscriptChapter, TranscriptSentence, parts
from portal.models import Lesson, LessonAudio, RecordingUpload
from practice.core.body import BY_SLUG, Region, in_order
from practice.models import User

REPLACED = 10  # earlier recordings from which a browser may have kept a place
LONGEST_SESSION = dt.timedelta(hours=12)  # as SessionType.minutes allows: keeps the read inside an index


@dataclass(frozen=True)
class ListedLesson:
    """A lesson as lists show it.

    `minutes` is None while it has no recording; `dosage` and `given_by` are empty unless it is assigned.
    """

    slug: str
    title: str
    standfirst: str
    position: str
    regions: tuple[Region, ...]
    minutes: int | None
    dosage: str = ""
    given_by: str = ""

    def get_absolute_url(self) -> str:
        """Return the public page."""
        return reverse("lesson", args=[self.slug])

    @property
    def portal_url(self) -> str:
        """Return the page inside the portal."""
        return reverse("portal_lesson", args=[self.slug])


@dataclass(frozen=True)
class ReplacedRecording:
    """A recording that another one replaced: its hash, and its length with its chapters."""

    sha256: str
    outline: Outline


def known_regions(slugs: list[str]) -> tuple[Region, ...]:
    """Return the regions of a row in the order of work; a slug that no longer exists is left out."""
    return tuple(in_order([slug for slug in slugs if slug in BY_SLUG]))


def current(path: str) -> Prefetch[str, QuerySet[LessonAudio], str]:
    """Return a prefetch of the current recording only, not of every one there ever was."""
    found = LessonAudio.objects.filter(is_current=True)
    return Prefetch(path, found, to_attr="current_recordings")


def listed(lesson: Lesson) -> ListedLesson:
    """Return a lesson, fetched with `current`, as lists show it."""
    recordings: list[LessonAudio] = lesson.current_recordings  # type: ignore[attr-defined]
    return ListedLesson(
        slug=lesson.slug,
        title=lesson.title,
        standfirst=lesson.standfirst,
        position=lesson.position,
        regions=known_regions(lesson.regions),
        minutes=recordings[0].minutes if recordings else None,
    )


def free_lessons() -> list[ListedLesson]:
    """Return the published free lessons, in the owner's order."""
    found = Lesson.objects.filter(is_free=True, is_published=True).prefetch_related(current("recordings"))
    return [listed(lesson) for lesson in found]


def first_free_lesson() -> ListedLesson | None:
    """Return the first free lesson that has a recording, or None."""
    return next((lesson for lesson in free_lessons() if lesson.minutes is not None), None)


def current_recording(lesson: Lesson) -> LessonAudio | None:
    """Return the recording that the lesson's page plays; None before the first one."""
    return lesson.recordings.filter(is_current=True).first()


def uploads_in_trouble() -> QuerySet[RecordingUpload]:
    """Return uploads that were refused, or wait with a reason, and that nobody has dismissed."""
    state = RecordingUpload.State
    waits = Q(state=state.WAITING) & ~Q(reason="")
    return RecordingUpload.objects.filter(Q(state=state.REFUSED) | waits, dismissed_at=None)


def outline(recording: LessonAudio) -> Outline:
    """Return a recording's length and chapters, by which its places are found in another one."""
    rows = sorted((one.start_ms, one.title) for one in recording.chapters.all())
    return Outline(recording.duration_ms, tuple(rows))


def replaced_by(recording: LessonAudio) -> dict[int, ReplacedRecording]:
    """Return the latest recordings that this one replaced, by their ids, in one query."""
    others = LessonAudio.objects.filter(lesson=recording.lesson_id).exclude(pk=recording.pk)
    latest = others.order_by("-created_at", "-pk").values("pk")[:REPLACED]
    rows = LessonAudio.objects.filter(pk__in=Subquery(latest)).order_by("pk", "chapters__start_ms")
    lengths: dict[int, tuple[str, int]] = {}
    chapters: dict[int, list[tuple[int, str]]] = {}
    for pk, sha256, duration_ms, start_ms, title in rows.values_list(
        "pk", "sha256", "duration_ms", "chapters__start_ms", "chapters__title"
    ):
        lengths[pk] = sha256, duration_ms
        chapters.setdefault(pk, []).extend([] if start_ms is None else [(start_ms, title)])
    return {
        pk: ReplacedRecording(sha256, Outline(duration_ms, tuple(chapters[pk])))
        for pk, (sha256, duration_ms) in lengths.items()
    }


def words_of(recording: LessonAudio) -> list[TranscriptChapter]:
    """Return the recording's chapters, each with the sentences spoken in it."""
    marks = _timed(recording.chapters.all(), end="start_ms", words="title", are_marks=True)
    rows = list(marks.union(_timed(recording.cues.all(), end="end_ms", words="text"), all=True))
    return parts(
        [ChapterMark(start, title) for is_mark, start, _, title in rows if is_mark],
        [TranscriptSentence(start, end, text) for is_mark, start, end, text in rows if not is_mark],
    )


def _timed(rows: QuerySet[Any], *, end: str, words: str, are_marks: bool = False) -> QuerySet[Any, Any]:
    """Return rows of a recording as (is_mark, start, end, words), to be read in one query with others."""
    is_mark = Value(int(are_marks), output_field=IntegerField())
    return rows.order_by().annotate(is_mark=is_mark).values_list("is_mark", "start_ms", end, words)


def coming(client: User, *, now: dt.datetime) -> list[Appointment]:
    """Return the client's appointments that have not ended, soonest first."""
    return list(not_ended_of(client, now=now).filter(starts_at__gt=now - LONGEST_SESSION))


def next_appointment(client: User, *, now: dt.datetime) -> Appointment | None:
    """Return the client's soonest appointment that has not ended, or None."""
    return not_ended_of(client, now=now).filter(starts_at__gt=now - LONGEST_SESSION).first()


def managed_ahead(user: User, *, now: dt.datetime) -> list[Appointment]:
    """Return appointments not ended, of their own and booked by them for others, soonest first."""
    return list(ahead_for(user, now=now).filter(starts_at__gt=now - LONGEST_SESSION))


def managed_before(user: User, *, now: dt.datetime, count: int = 50) -> list[Appointment]:
    """Return past or canceled appointments, their own and booked for others, latest first.

    At most `count`. One that was wrapped up is over, even some minutes before its time.
    """
    return list(managed_by(user).ended(now).order_by("-starts_at")[:count])
