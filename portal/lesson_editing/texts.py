"""The texts of a lesson as its practitioner edits them: the published ones, or a draft beside them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from django.utils.text import slugify

from portal.models import Lesson

FIELDS = (
    *("title", "standfirst", "position", "things", "regions"),
    *("guidelines", "expectations", "what_happened", "voice", "is_free"),
)
RESERVED = {"new", "collections"}  # what else begins like the address of a lesson
LONGEST_SLUG = 50


def published_texts(lesson: Lesson) -> dict[str, Any]:
    """Return the texts in the lesson's row: what clients read once it is published."""
    return {name: getattr(lesson, name) for name in FIELDS}


def edited_texts(lesson: Lesson) -> dict[str, Any]:
    """Return the texts as they are edited: the draft where there is one, else those of the row."""
    return published_texts(lesson) | (lesson.draft["texts"] if lesson.draft else {})


def as_edited(lesson: Lesson) -> Lesson:
    """Return a copy of the lesson with the texts of its draft, to be shown and never saved."""
    copy = Lesson(pk=lesson.pk, slug=lesson.slug, order=lesson.order, is_published=lesson.is_published)
    for name, value in edited_texts(lesson).items():
        setattr(copy, name, value)
    return copy


def print_of(texts: Mapping[str, Any]) -> str:
    """Return a short text that changes whenever one of the texts does."""
    whole = json.dumps({name: texts[name] for name in FIELDS}, sort_keys=True)
    return hashlib.sha256(whole.encode()).hexdigest()[:16]


def version_of(lesson: Lesson) -> str:
    """Return a short text that changes whenever the lesson's texts, draft or publication do."""
    texts = print_of(published_texts(lesson)) + print_of(edited_texts(lesson))
    state = f"{texts} {lesson.is_published} {bool(lesson.draft)}"
    return hashlib.sha256(state.encode()).hexdigest()[:16]


def draft_is_behind(lesson: Lesson) -> bool:
    """Return whether the published texts were changed since the draft beside them was begun."""
    return bool(lesson.draft) and lesson.draft["from"] != print_of(published_texts(lesson))


def free_slug(title: str) -> str:
    """Return a web address made from a title that no lesson has yet."""
    base = slugify(title)[: LONGEST_SLUG - 5].strip("-") or "lesson"
    taken = set(Lesson.objects.filter(slug__startswith=base).values_list("slug", flat=True)) | RESERVED
    if base not in taken:
        return base
    return next(name for number in range(2, len(taken) + 3) if (name := f"{base}-{number}") not in taken)
