"""Exercises as pages show them: texts as HTML, the figure as two pictures."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser
from django.http import Http404
from django.utils.safestring import SafeString

from portal.exercises.figures import moving, still
from portal.models import Exercise
from practice.articles.markdown import render
from practice.core.body import BY_SLUG, Region, in_order
from practice.models import User


@dataclass(frozen=True)
class ShownExercise:
    """An exercise for a page. `still` and `moving` are paths below the static folder, or empty."""

    slug: str
    title: str
    words: str
    position: str
    things: str
    regions: tuple[Region, ...]
    dosage: str
    steps: SafeString
    to_feel: SafeString
    when_to_stop: SafeString
    still: str
    moving: str
    url: str


def shown(exercise: Exercise) -> ShownExercise:
    """Return the exercise as a page shows it."""
    return ShownExercise(
        slug=exercise.slug,
        title=exercise.title,
        words=exercise.words,
        position=exercise.position,
        things=exercise.things,
        regions=tuple(in_order([slug for slug in exercise.regions if slug in BY_SLUG])),
        dosage=exercise.dosage,
        steps=render(exercise.steps),
        to_feel=render(exercise.to_feel),
        when_to_stop=render(exercise.when_to_stop),
        still=still(exercise.figure) if exercise.figure else "",
        moving=moving(exercise.figure) if exercise.figure else "",
        url=exercise.get_absolute_url(),
    )


def published() -> list[ShownExercise]:
    """Return every published exercise, in the owner's order."""
    return [shown(exercise) for exercise in Exercise.objects.filter(is_published=True)]


def exercise_for(somebody: User | AnonymousUser, slug: str) -> ShownExercise:
    """Return the exercise of that slug; one not published yet only for people at work.

    Raises Http404.
    """
    exercise = Exercise.objects.filter(slug=slug).first()
    works_here = bool(somebody.is_authenticated and somebody.is_staff)
    if exercise is None or not (exercise.is_published or works_here):
        raise Http404("no such exercise for you")
    return shown(exercise)
