"""Publishing a recording of a lesson, or installing a prepared one; the one before it stays as replaced."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from django.db import transaction

from portal.audio.carry import Outline, is_same_length, marks, moved
from portal.audio.publish import publish
from portal.audio.refusals import CannotPublish, full_disk_noticed
from portal.models import Chapter, Cue, Lesson, LessonAudio
from practice.storage.chosen import media

FOLDER = "lessons"  # of the media store
Rows = Iterable[Mapping[str, Any]]


def publish_audio(
    lesson: Lesson,
    *,
    source: Path,
    name: str = "",
    cues: Rows | None = None,
    chapters: Rows | None = None,
    bell: bool = True,
) -> LessonAudio:
    """Prepare `source` with ffmpeg and make it the lesson's recording; about two seconds per minute of sound.

    `name`: what the person who sent it calls the file; else that of `source`. Without `cues` and `chapters`,
    those of the recording before are carried over. Raises CannotPublish, with a
    sentence for that person; then the recording before it stays current.
    """
    with full_disk_noticed(), media().room(f"{FOLDER}/new") as room:
        ready = publish(source, target_dir=room, bell=bell, name=name)
        media().keep(ready.path, _name(ready.sha256))
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


def _name(sha256: str) -> str:
    return f"{FOLDER}/{sha256}.m4a"


def _keep(file: Path) -> tuple[str, int]:
    """Keep a copy of the file under the name of its content; return hash and bytes."""
    with media().room(f"{FOLDER}/new") as room:
        copy = Path(shutil.copyfile(file, room / "copy"))
        sha256, size = _hash_of(copy), copy.stat().st_size  # of the copy: the source may change meanwhile
        media().keep(copy, _name(sha256))
    return sha256, size


@transaction.atomic
def _make_current(
    lesson: Lesson,
    *,
    sha256: str,
    size: int,
    duration_ms: int,
    cues: Rows | None,
    chapters: Rows | None,
) -> LessonAudio:
    """Make the content the lesson's current recording, reusing its row.

    Cues and chapters are replaced; None of both: the content's own stay, else those of the recording before
    are carried over.
    """
    Lesson.objects.select_for_update().get(pk=lesson.pk)
    before = lesson.recordings.filter(is_current=True).first()
    lesson.recordings.filter(is_current=True).exclude(sha256=sha256).update(is_current=False)
    recording, _ = LessonAudio.objects.update_or_create(
        lesson=lesson,
        sha256=sha256,
        defaults={
            "file": _name(sha256),
            "size": size,
            "duration_ms": duration_ms,
            "is_current": True,
        },
    )
    if cues is None and chapters is None:
        carry_over(before, recording)
    else:
        _replace_words(recording, cues=cues or (), chapters=chapters or (), to_check=False)
    return recording


def carry_over(before: LessonAudio | None, recording: LessonAudio) -> None:
    """Give a recording without words of its own those of the one before, at the same places of the lesson.

    Of another length, the times are an estimate, and the practitioner is asked to check them.
    """
    if before is None or before == recording or _has_words(recording) or not _has_words(before):
        return
    old, new = Outline(before.duration_ms), Outline(recording.duration_ms)
    known, end = marks(old, new), recording.duration_ms
    _replace_words(
        recording,
        cues=[
            {"start_ms": moved(one.start_ms, known), "end_ms": moved(one.end_ms, known), "text": one.text}
            for one in before.cues.all()
        ],
        chapters=[
            {"start_ms": min(moved(one.start_ms, known), max(0, end - 1)), "title": one.title}
            for one in before.chapters.all()
        ],
        to_check=before.times_to_check or not is_same_length(old, new),
    )


def _has_words(recording: LessonAudio) -> bool:
    return recording.chapters.exists() or recording.cues.exists()


def _replace_words(recording: LessonAudio, *, cues: Rows, chapters: Rows, to_check: bool) -> None:
    if recording.times_to_check != to_check:
        recording.times_to_check = to_check
        recording.save(update_fields=["times_to_check"])
    recording.cues.all().delete()
    recording.chapters.all().delete()
    Cue.objects.bulk_create(
        Cue(audio=recording, start_ms=row["start_ms"], end_ms=row["end_ms"], text=row["text"]) for row in cues
    )
    Chapter.objects.bulk_create(
        Chapter(audio=recording, start_ms=row["start_ms"], title=row["title"]) for row in chapters
    )
