"""Give a new practice the ten exercises and the free lesson.

What is there already stays as the owner left it: a lesson or exercise with the same address is skipped.
"""

from __future__ import annotations

import datetime as dt
import logging

from django.db import transaction

from portal.audio.refusals import CannotPublish
from portal.models import Exercise, Lesson
from portal.starting_content.actions.make_rows import make_exercise, make_lesson
from portal.starting_content.content_files import (
    LESSONS,
    exercise_files,
    free_lesson_slug,
    read_page,
)

log = logging.getLogger(__name__)


def add_exercises_and_lesson(now: dt.datetime) -> None:
    """Add the exercises and the free lesson, each unless its address is taken."""
    add_exercises()
    add_free_lesson()


def add_exercises() -> None:
    """Add the exercises that are not there yet."""
    taken = set(Exercise.objects.values_list("slug", flat=True))
    for path in exercise_files():
        if read_page(path)[0]["slug"] not in taken:
            make_exercise(path)


def add_free_lesson() -> None:
    """Add the free lesson if it is not there yet.

    A recording that cannot be stored is logged and leaves no lesson: it must not keep the owner out.
    """
    slug = free_lesson_slug()
    if Lesson.objects.filter(slug=slug).exists():
        return
    try:
        with transaction.atomic():
            make_lesson(LESSONS / slug)
    except (CannotPublish, OSError):
        log.exception("the free lesson could not be added")
