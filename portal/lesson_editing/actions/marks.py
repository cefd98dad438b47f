"""Save the chapters and the sentences of a recording, typed or from a file."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence

from django.db import transaction

from portal.audio.transcript import ChapterMark, TranscriptSentence
from portal.lesson_editing.actions.texts import note_change
from portal.lesson_editing.queries import Marks, marks_of
from portal.models import Chapter, Cue, Lesson, LessonChange
from practice.models import User


class MarksChanged(Exception):
    """Raised when the recording or its marks were changed since they were shown. `marks`: as they are now."""

    def __init__(self, marks: Marks | None) -> None:
        self.marks = marks
        super().__init__("the marks were changed since they were shown")


@transaction.atomic
def save_chapters(
    lesson: Lesson, chapters: Sequence[ChapterMark], *, seen: str, by: User, now: dt.datetime
) -> None:
    """Make these the chapters of the recording that is heard now. Raises MarksChanged."""
    marks = _locked(lesson, seen, lambda one: one.chapters_version)
    if tuple(chapters) == marks.chapters:
        return
    marks.recording.chapters.all().delete()
    Chapter.objects.bulk_create(
        Chapter(audio=marks.recording, start_ms=one.start_ms, title=one.title) for one in chapters
    )
    note_change(lesson, LessonChange.What.CHAPTERS, by=by, now=now)


@transaction.atomic
def save_sentences(
    lesson: Lesson, sentences: Sequence[TranscriptSentence], *, seen: str, by: User, now: dt.datetime
) -> None:
    """Make these the transcript of the recording that is heard now. Raises MarksChanged."""
    marks = _locked(lesson, seen, lambda one: one.sentences_version)
    if tuple(sentences) == marks.sentences:
        return
    marks.recording.cues.all().delete()
    Cue.objects.bulk_create(
        (
            Cue(audio=marks.recording, start_ms=one.start_ms, end_ms=one.end_ms, text=one.text)
            for one in sentences
        ),
        batch_size=500,
    )
    note_change(lesson, LessonChange.What.TRANSCRIPT, by=by, now=now)


def _locked(lesson: Lesson, seen: str, version: Callable[[Marks], str]) -> Marks:
    """Lock the lesson, as a new recording does, and return its marks if they are those that were seen."""
    Lesson.objects.select_for_update().get(pk=lesson.pk)
    marks = marks_of(lesson)
    if marks is None or version(marks) != seen:
        raise MarksChanged(marks)
    return marks
