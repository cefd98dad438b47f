"""Lessons and exercises that can be assigned now, and a client's open assignments."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from portal.exercises.engine.care import ClientReport, heed
from portal.exercises.reported import report_of, sentence_at_work
from portal.models import Assignment, Exercise, Lesson, LessonAudio
from practice.core.formatting import short_minutes
from practice.models import User
from practice.queries import the_practice


@dataclass(frozen=True)
class AssignableItem:
    """A lesson or an exercise. `name` is its value in a form, `words` what people read.

    `heed`: what the client told us that this exercise needs care with, in a sentence, or empty.
    """

    what: Lesson | Exercise
    name: str
    words: str
    dosage: str = ""
    heed: str = ""


def name_of(what: Lesson | Exercise) -> str:
    """Return the value in a form, such as "lesson:let-the-floor-hold-you"."""
    return f"{'lesson' if isinstance(what, Lesson) else 'exercise'}:{what.slug}"


def home_mark(given: Sequence[Assignment]) -> str:
    """Return a mark that tells two sets of assignments apart without showing either."""
    things = sorted([name_of(one.what), one.dosage, one.word] for one in given)
    return salted_hmac("at-home", json.dumps(things), algorithm="sha256").hexdigest()[:32]


def lessons() -> list[AssignableItem]:
    """Return published lessons with a recording, with length and position, in the owner's order."""
    locale = the_practice().locale
    found = LessonAudio.objects.filter(is_current=True, lesson__is_published=True)
    return [
        AssignableItem(
            what=one.lesson,
            name=name_of(one.lesson),
            words=_("%(title)s, %(length)s, %(position)s")
            % {
                "title": one.lesson.title,
                "length": short_minutes(one.minutes, locale=locale),
                "position": one.lesson.position,
            },
        )
        for one in found.select_related("lesson").order_by("lesson__order", "lesson_id")
    ]


def exercises(client: User | None = None) -> list[AssignableItem]:
    """Return published exercises with position and usual dosage, in the owner's order.

    For a client, those that need care are marked by what the client told us.
    """
    told = report_of(client)
    return [_exercise(one, told) for one in Exercise.objects.filter(is_published=True)]


def _exercise(one: Exercise, told: ClientReport) -> AssignableItem:
    words = _("%(title)s, %(position)s") % {"title": one.title, "position": one.position}
    found = heed(one.slug, one.care_regions, told)
    return AssignableItem(
        what=one,
        name=name_of(one),
        words=_("%(exercise)s (needs care)") % {"exercise": words} if found else words,
        dosage=one.dosage,
        heed=sentence_at_work(found, care=one.care) if found else "",
    )


def given_to(client: User) -> list[Assignment]:
    """Return the client's open assignments, in their order."""
    return list(Assignment.objects.filter(client=client, ended_at=None).select_related("lesson", "exercise"))
