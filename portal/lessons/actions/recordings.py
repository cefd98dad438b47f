"""Publishing a recording of a lesson, or installing a prepared one; the one before it stays as replaced."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction

from portal.audio.publish import folder_for_group, publish
from portal.audio.refusals import CannotPublish
from portal.models import Chapter, Cue, Lesson, LessonAudio

FOLDER = "lessons"  # below MEDIA_ROOT
Rows = Iterable[Mapping[str, Any]]


def publish_audio(
    lesson: Lesson,
    *,
    source: Path,
    name: str = "",
    cues: Rows = (),
    chapters: Rows = (),
    bell: bool = True,
) -> LessonAudio:
    """Prepare `source` with ffmpeg and make it the lesson's recording; about a second per minute of sound.

    `name`: what the person who sent it calls the file; else that of `source`. Raises CannotPublish, with a
    sentence for that person; then the recording before it stays current.
    """
    target = folder_for_group(Path(settings.MEDIA_ROOT) / FOLDER)
    ready = publish(source, target_dir=target, bell=bell, name=name)
    return _make_current(
        lesson,
        sha256=ready.sha256,
        size=ready.size,
        duration_ms=ready.duration_ms,
        cues=cues,
        chapters=chapters,
    )


def install_recording(
    lesson: Lesson,
    *,
    file: Path,
    cues: Rows,
    chapters: Rows,
    duration_ms: int | None = None,
) -> LessonAudio:
    """Make a file that is already mastered (AAC in m4a) the lesson's recording. Needs no ffmpeg.

    cues: `start_ms, end_ms, text`; chapters: `start_ms, title`. Times are ms from the start.
    Without `duration_ms`, the length is read from audio.json beside the file.
    """
    if duration_ms is None:
        facts = json.loads(file.with_name("audio.json").read_text(encoding="utf-8"))
        duration_ms = facts["duration_ms"]
    sha256, size = _keep(file)
    return _make_current(
        lesson, sha256=sha256, size=size, duration_ms=duration_ms, cues=cues, chapters=chapters
    )


def install_folder(lesson: Lesson, *, folder: Path) -> LessonAudio:
    """Install a prepared lesson folder: audio.m4a, audio.json, cues.json, chapters.json.

    Raises CannotPublish when a file is missing or is not the one that audio.json was written for.
    """
    try:
        facts, cues, chapters = (
            json.loads((folder / name).read_text(encoding="utf-8"))
            for name in ("audio.json", "cues.json", "chapters.json")
        )
        found = _hash_of(folder / "audio.m4a")
    except (OSError, ValueError) as error:
        raise CannotPublish(f"{folder} is not a prepared lesson: {error}") from error
    if found != facts["sha256"]:
        raise CannotPublish(f"{folder / 'audio.m4a'} is not the recording that audio.json describes.")
    return install_recording(
        lesson,
        file=folder / "audio.m4a",
        cues=cues,
        chapters=chapters,
        duration_ms=facts["duration_ms"],
    )


def _hash_of(file: Path) -> str:
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def _keep(file: Path) -> tuple[str, int]:
    """Copy the file below MEDIA_ROOT under the name of its content, atomically; return hash and bytes."""
    target = folder_for_group(Path(settings.MEDIA_ROOT) / FOLDER)
    number, name = tempfile.mkstemp(dir=target, prefix=".copying-")
    os.close(number)
    copy = Path(name)
    try:
        shutil.copyfile(file, copy)
        sha256 = _hash_of(copy)  # of the copy: the source may change meanwhile
        copy.chmod(0o640)  # a web server in front reads it as one of the group
        os.replace(copy, target / f"{sha256}.m4a")
    finally:
        copy.unlink(missing_ok=True)
    return sha256, (target / f"{sha256}.m4a").stat().st_size


@transaction.atomic
def _make_current(
    lesson: Lesson,
    *,
    sha256: str,
    size: int,
    duration_ms: int,
    cues: Rows,
    chapters: Rows,
) -> LessonAudio:
    """Make the content the lesson's current recording, reusing its row; cues and chapters are replaced."""
    Lesson.objects.select_for_update().get(pk=lesson.pk)
    lesson.recordings.filter(is_current=True).exclude(sha256=sha256).update(is_current=False)
    recording, _ = LessonAudio.objects.update_or_create(
        lesson=lesson,
        sha256=sha256,
        defaults={
            "file": f"{FOLDER}/{sha256}.m4a",
            "size": size,
            "duration_ms": duration_ms,
            "is_current": True,
        },
    )
    recording.cues.all().delete()
    recording.chapters.all().delete()
    Cue.objects.bulk_create(
        Cue(audio=recording, start_ms=row["start_ms"], end_ms=row["end_ms"], text=row["text"]) for row in cues
    )
    Chapter.objects.bulk_create(
        Chapter(audio=recording, start_ms=row["start_ms"], title=row["title"]) for row in chapters
    )
    return recording
