"""Lessons and collections as the workspace lists them: their state, who has them, their marks."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, F, FilteredRelation, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from portal.audio.transcript import ChapterMark, TranscriptSentence
from portal.lesson_editing.engine.readiness import LessonState, next_step
from portal.lesson_editing.texts import edited_texts
from portal.models import (
    Assignment,
    Chapter,
    Collection,
    CollectionLesson,
    Cue,
    Lesson,
    LessonAudio,
    RecordingUpload,
)
from portal.models.lesson import minutes_of
from portal.queries import current_recording

Upload = RecordingUpload.State


@dataclass(frozen=True)
class EditedLesson:
    """A lesson as the practitioner's list shows it. `clients`: how many have it."""

    lesson: Lesson
    title: str
    position: str
    is_free: bool
    minutes: int | None
    clients: int
    state: LessonState

    @property
    def next_step(self) -> str:
        """Return the code of what to do next."""
        return next_step(self.state)


def edited_lessons() -> list[EditedLesson]:
    """Return all lessons in the practice's order. One query, however many there are."""
    return [_edited(row) for row in _annotated(Lesson.objects.all())]


def state_of(lesson: Lesson) -> LessonState:
    """Return what is there of one lesson."""
    return _edited(_annotated(Lesson.objects.filter(pk=lesson.pk)).get()).state


def clients_who_have(lesson: Lesson) -> int:
    """Return to how many clients the lesson is assigned now."""
    return Assignment.objects.filter(lesson=lesson, ended_at=None).count()


def _annotated(found: QuerySet[Lesson]) -> QuerySet[Any]:
    playing = FilteredRelation("recordings", condition=Q(recordings__is_current=True))
    last = RecordingUpload.objects.filter(lesson=OuterRef("pk")).order_by("-created_at", "-id")
    having = Assignment.objects.filter(lesson=OuterRef("pk"), ended_at=None).order_by()
    return found.annotate(
        playing=playing,
        recorded_ms=F("playing__duration_ms"),
        clients=_counted(having.values("lesson").annotate(many=Count("pk"))),
        waits=Exists(last.filter(state__in=(Upload.WAITING, Upload.WORKING))),
        last_upload=Subquery(last.values("state")[:1]),
        chapters=_counted(_marks_of(Chapter)),
        sentences=_counted(_marks_of(Cue)),
    )


def _marks_of(model: type[Chapter] | type[Cue]) -> Any:
    """Return a count of the marks of the lesson's current recording, by recording."""
    found = model.objects.filter(audio__lesson=OuterRef("pk"), audio__is_current=True).order_by()
    return found.values("audio").annotate(many=Count("pk"))


def _counted(found: Any) -> Coalesce:
    return Coalesce(Subquery(found.values("many"), output_field=IntegerField()), 0)


def _edited(row: Any) -> EditedLesson:
    texts = edited_texts(row)
    return EditedLesson(
        lesson=row,
        title=texts["title"],
        position=texts["position"],
        is_free=texts["is_free"],
        minutes=None if row.recorded_ms is None else minutes_of(row.recorded_ms),
        clients=row.clients,
        state=LessonState(
            title=bool(texts["title"].strip()),
            position=bool(texts["position"].strip()),
            guidelines=bool(texts["guidelines"].strip()),
            recording=row.recorded_ms is not None,
            is_published=row.is_published,
            is_withdrawn=row.withdrawn_at is not None,
            has_draft=bool(row.draft),
            being_prepared=row.waits,
            was_refused=row.last_upload == Upload.REFUSED,
            chapters=row.chapters,
            sentences=row.sentences,
        ),
    )


# --- Chapters and sentences ------------------------------------------------------------------------------
@dataclass(frozen=True)
class Marks:
    """The recording of a lesson with its chapters and sentences, in order of time."""

    recording: LessonAudio
    chapters: tuple[ChapterMark, ...]
    sentences: tuple[TranscriptSentence, ...]

    @property
    def chapters_version(self) -> str:
        """Return a short text that changes with the recording and its chapters."""
        return _print(self.recording.sha256, *((one.start_ms, one.title) for one in self.chapters))

    @property
    def sentences_version(self) -> str:
        """Return a short text that changes with the recording and its sentences."""
        said = ((one.start_ms, one.end_ms, one.text) for one in self.sentences)
        return _print(self.recording.sha256, *said)


def marks_of(lesson: Lesson) -> Marks | None:
    """Return the marks of the recording that is heard now; None before the first one."""
    recording = current_recording(lesson)
    if recording is None:
        return None
    return Marks(
        recording=recording,
        chapters=tuple(ChapterMark(one.start_ms, one.title) for one in recording.chapters.all()),
        sentences=tuple(
            TranscriptSentence(one.start_ms, one.end_ms, one.text) for one in recording.cues.all()
        ),
    )


def _print(*parts: object) -> str:
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:16]


# --- Collections -----------------------------------------------------------------------------------------
def edited_collections() -> QuerySet[Any]:
    """Return all collections in the practice's order, each with `many`: how many lessons it has."""
    return Collection.objects.annotate(many=Count("places")).order_by("order", "id")


def places_of(collection: Collection) -> list[CollectionLesson]:
    """Return the lessons of a collection, in order."""
    return list(collection.places.select_related("lesson").order_by("order", "id"))


def lessons_not_in(collection: Collection) -> QuerySet[Lesson]:
    """Return the lessons that could be added to a collection."""
    return Lesson.objects.exclude(places__collection=collection)
