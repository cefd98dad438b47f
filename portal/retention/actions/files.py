"""The files of the media store that rows of `portal/` name: what nothing names is removed after a week."""

from __future__ import annotations

from collections.abc import Iterator

from portal.exercises.actions import media
from portal.lessons.actions import recordings, uploads
from portal.models import ExerciseMedia, LessonAudio, RecordingUpload
from practice.storage import leftovers

State = RecordingUpload.State


def register() -> None:
    """Say which files are in use, folder by folder."""
    leftovers.register(recordings.FOLDER, of_lessons)
    leftovers.register(media.FOLDER, of_exercises)
    leftovers.register(uploads.FOLDER, of_uploads, passing=True)


def of_lessons() -> Iterator[str]:
    """Yield the recordings, replaced ones too."""
    yield from LessonAudio.objects.values_list("file", flat=True)


def of_exercises() -> Iterator[str]:
    """Yield photos, videos and their first pictures."""
    for key in ExerciseMedia.objects.exclude(key="").values_list("key", flat=True):
        yield from (media.file_of(key, ending) for ending in ("webp", "mp4"))


def of_uploads() -> Iterator[str]:
    """Yield what is being received or prepared."""
    yield from RecordingUpload.objects.exclude(state__in=(State.PUBLISHED, State.REFUSED)).values_list(
        "file", flat=True
    )
    yield from ExerciseMedia.objects.exclude(file="").values_list("file", flat=True)
