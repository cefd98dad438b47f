"""Write a lesson's texts, publish them, and withdraw the lesson."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db import transaction

from portal.lesson_editing.engine.readiness import missing
from portal.lesson_editing.queries import state_of
from portal.lesson_editing.texts import (
    FIELDS,
    edited_texts,
    free_slug,
    print_of,
    published_texts,
    version_of,
)
from portal.models import Lesson, LessonChange
from practice.models import User

What = LessonChange.What


class ChangedSince(Exception):
    """Raised when someone else changed the lesson since it was shown. `lesson`: the row as it is now."""

    def __init__(self, lesson: Lesson) -> None:
        self.lesson = lesson
        super().__init__("the lesson was changed since it was shown")


class NotComplete(Exception):
    """Raised when a lesson lacks what clients need. `missing`: codes, in the order of the page."""

    def __init__(self, missing: tuple[str, ...]) -> None:
        self.missing = missing
        super().__init__(f"the lesson lacks {', '.join(missing)}")


class NotPublished(Exception):
    """Raised when a lesson is withdrawn that is not published."""


@transaction.atomic
def create_lesson(*, title: str, position: str, is_free: bool, by: User, now: dt.datetime) -> Lesson:
    """Create a lesson that only staff see, and return it."""
    last = Lesson.objects.order_by("-order").values_list("order", flat=True).first() or 0
    lesson = Lesson.objects.create(
        slug=free_slug(title),
        title=title,
        position=position,
        is_free=is_free,
        order=min(last + 1, 32_767),
    )
    note_change(lesson, What.CREATED, by=by, now=now)
    return lesson


@transaction.atomic
def save_texts(
    lesson: Lesson,
    texts: Mapping[str, Any],
    *,
    seen: str,
    by: User,
    now: dt.datetime,
    is_autosave: bool = False,
) -> Lesson:
    """Save the texts and return the lesson: of a published one beside what clients read, else in its row.

    `seen`: the version that was shown. Raises ChangedSince, and saves nothing, when it is no longer so.
    What saves itself while it is typed leaves no line of history.
    """
    lesson = _locked(lesson, seen)
    if not is_autosave and print_of(texts) != print_of(edited_texts(lesson)):
        note_change(lesson, What.SAVED, by=by, now=now)
    if not lesson.is_published:
        _write(lesson, texts)
        return lesson
    is_same = print_of(texts) == print_of(published_texts(lesson))
    begun_from = lesson.draft["from"] if lesson.draft else print_of(published_texts(lesson))
    kept = {name: texts[name] for name in FIELDS}
    lesson.draft = None if is_same else {"texts": kept, "from": begun_from}
    lesson.save(update_fields=["draft"])
    return lesson


@transaction.atomic
def publish(lesson: Lesson, *, seen: str, by: User, now: dt.datetime) -> Lesson:
    """Show the lesson to clients with its texts as they are edited. Raises ChangedSince or NotComplete."""
    lesson = _locked(lesson, seen)
    lacks = missing(state_of(lesson))
    if lacks:
        raise NotComplete(lacks)
    what = What.CHANGES_PUBLISHED if lesson.is_published else What.PUBLISHED
    if lesson.is_published and not lesson.draft:
        return lesson
    texts = edited_texts(lesson)
    lesson.is_published, lesson.withdrawn_at, lesson.draft = True, None, None
    lesson.save(update_fields=["is_published", "withdrawn_at", "draft"])
    _write(lesson, texts)
    note_change(lesson, what, by=by, now=now)
    return lesson


@transaction.atomic
def discard_draft(lesson: Lesson, *, seen: str, by: User, now: dt.datetime) -> Lesson:
    """Drop the draft beside the published texts. Raises ChangedSince."""
    lesson = _locked(lesson, seen)
    if lesson.draft:
        lesson.draft = None
        lesson.save(update_fields=["draft"])
        note_change(lesson, What.DISCARDED, by=by, now=now)
    return lesson


@transaction.atomic
def withdraw(lesson: Lesson, *, by: User, now: dt.datetime) -> Lesson:
    """Take a published lesson back: only staff see it, and clients who have it read why it is gone.

    A draft beside it becomes its text. Raises NotPublished.
    """
    lesson = Lesson.objects.select_for_update().get(pk=lesson.pk)
    if not lesson.is_published:
        raise NotPublished
    texts = edited_texts(lesson)
    lesson.is_published, lesson.withdrawn_at, lesson.draft = False, now, None
    lesson.save(update_fields=["is_published", "withdrawn_at", "draft"])
    _write(lesson, texts | {"is_free": lesson.is_free})
    note_change(lesson, What.WITHDRAWN, by=by, now=now)
    return lesson


def note_change(lesson: Lesson, what: str, *, by: User, now: dt.datetime) -> None:
    """Add a line to the lesson's history."""
    LessonChange.objects.create(lesson=lesson, what=what, by=by, at=now)


def _locked(lesson: Lesson, seen: str) -> Lesson:
    lesson = Lesson.objects.select_for_update().get(pk=lesson.pk)
    if version_of(lesson) != seen:
        raise ChangedSince(lesson)
    return lesson


def _write(lesson: Lesson, texts: Mapping[str, Any]) -> None:
    """Save the texts in the lesson's row."""
    for name in FIELDS:
        setattr(lesson, name, texts[name])
    lesson.save(update_fields=[*FIELDS, "updated_at"])
