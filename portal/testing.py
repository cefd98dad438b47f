"""Builders of lessons, recordings and assignments, for tests."""

from __future__ import annotations

import hashlib
from typing import Any

from portal.models import Assignment, Collection, CollectionLesson, Exercise, Lesson, LessonAudio
from practice.models import Practitioner, User
from practice.storage.chosen import media


def make_lesson(slug: str = "floor", **fields: Any) -> Lesson:
    """Create a published lesson that is not free."""
    return Lesson.objects.create(
        slug=slug,
        **{"title": slug.capitalize(), "position": "lying on the back", "is_published": True, **fields},
    )


def make_collection(slug: str, *lessons: Lesson, **fields: Any) -> Collection:
    """Create a published collection of these lessons, in this order."""
    made = Collection.objects.create(slug=slug, **{"name": slug.capitalize(), "is_published": True, **fields})
    CollectionLesson.objects.bulk_create(
        CollectionLesson(collection=made, lesson=lesson, order=order) for order, lesson in enumerate(lessons)
    )
    return made


def make_exercise(slug: str = "tilt", **fields: Any) -> Exercise:
    """Create a published exercise with a figure."""
    made: dict[str, Any] = {
        "title": slug.capitalize(),
        "words": "Somebody tilts.",
        "position": "lying on the back",
        "steps": "1. Tilt.",
        "figure": "pelvic-tilt",
        "is_published": True,
    }
    return Exercise.objects.create(slug=slug, **made | fields)


def make_recording(lesson: Lesson, content: bytes = b"sound" * 200, **fields: Any) -> LessonAudio:
    """Create a current recording of 21 minutes with this content, its file in the media store."""
    sha256 = hashlib.sha256(content).hexdigest()
    media().write(f"lessons/{sha256}.m4a", content)
    lesson.recordings.update(is_current=False)
    return LessonAudio.objects.create(
        lesson=lesson,
        sha256=sha256,
        file=f"lessons/{sha256}.m4a",
        size=len(content),
        **{"duration_ms": 1_268_000, **fields},
    )


def assign(what: Lesson | Exercise, client: User, *, by: Practitioner, **fields: Any) -> Assignment:
    """Assign the lesson or exercise to this client now."""
    name = "lesson" if isinstance(what, Lesson) else "exercise"
    return Assignment.objects.create(client=client, assigned_by=by, **{name: what}, **fields)
