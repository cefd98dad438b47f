"""Exercises as pages show them: texts as HTML, pictures, and what the timer counts."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import Prefetch
from django.http import Http404
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from portal.exercises.engine.dosage import timing_by
from portal.exercises.engine.timing import Kind, Phase, Timing, phases, starts, total_seconds
from portal.exercises.figures import moving, still
from portal.models import Assignment, Exercise, ExerciseMedia
from practice.articles.markdown import render
from practice.core.body import BY_SLUG, Region, in_order
from practice.models import User


@dataclass(frozen=True)
class ShownMedia:
    """A photo or a video with its addresses. `poster`: what a video shows before it plays."""

    url: str
    poster: str
    words: str
    width: int
    height: int


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
    easier: SafeString
    harder: SafeString
    care_regions: tuple[str, ...]
    care: str
    still: str
    moving: str
    photos: tuple[ShownMedia, ...]
    video: ShownMedia | None
    timing: Timing | None
    is_published: bool
    url: str

    @property
    def thumb(self) -> ShownMedia | None:
        """Return the photo that stands for an exercise without a figure, or a video's first picture."""
        return self.photos[0] if self.photos else self.video


@dataclass(frozen=True)
class ShownPhase:
    """A phase of the timer: when it begins, what it is, and its words."""

    at: int
    seconds: int
    kind: str
    words: str


@dataclass(frozen=True)
class ShownTimer:
    """The timer of an exercise: its sound, and what is shown at each moment."""

    key: str
    url: str
    minutes: int
    phases: list[ShownPhase]


def with_media(path: str = "media") -> Prefetch[str, Any, str]:
    """Return the prefetch of photos and videos that can be shown, for `shown`; `path` leads to them."""
    ready = ExerciseMedia.objects.filter(state=ExerciseMedia.State.READY)
    return Prefetch(path, ready, to_attr="ready_media")


def shown(exercise: Exercise) -> ShownExercise:
    """Return the exercise as a page shows it."""
    photos, video = _media(exercise)
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
        easier=render(exercise.easier),
        harder=render(exercise.harder),
        care_regions=tuple(exercise.care_regions),
        care=exercise.care,
        still=still(exercise.figure) if exercise.figure else "",
        moving=moving(exercise.figure) if exercise.figure else "",
        photos=photos,
        video=video,
        timing=exercise.timing,
        is_published=exercise.is_published,
        url=exercise.get_absolute_url(),
    )


def _media(exercise: Exercise) -> tuple[tuple[ShownMedia, ...], ShownMedia | None]:
    """Return the photos, and the video or None; without `with_media` there are none."""
    ready: list[ExerciseMedia] = getattr(exercise, "ready_media", [])
    photos = tuple(_shown_media(one) for one in ready if one.kind == ExerciseMedia.Kind.PHOTO)
    videos = [_shown_media(one) for one in ready if one.kind == ExerciseMedia.Kind.VIDEO]
    return photos, videos[-1] if videos else None


def _shown_media(one: ExerciseMedia) -> ShownMedia:
    is_video = one.kind == ExerciseMedia.Kind.VIDEO
    picture = reverse("portal_exercise_media", args=[one.key, "webp"])
    return ShownMedia(
        url=reverse("portal_exercise_media", args=[one.key, "mp4"]) if is_video else picture,
        poster=picture,
        words=one.words,
        width=one.width,
        height=one.height,
    )


def as_given(exercise: ShownExercise, dosage: str) -> ShownExercise:
    """Return the exercise as it was assigned: with these words, and a timer that follows them."""
    timing = exercise.timing
    if timing and dosage != exercise.dosage:
        timing = timing_by(dosage, timing)
    return replace(exercise, dosage=dosage, timing=timing)


def shown_timer(exercise: ShownExercise) -> ShownTimer | None:
    """Return the timer as a page shows it, or None for an exercise without numbers."""
    if exercise.timing is None:
        return None
    found = phases(exercise.timing)
    timing = exercise.timing
    return ShownTimer(
        key=f"{exercise.slug} {timing.key}",
        url=reverse("portal_exercise_bells", args=[exercise.slug, timing.key]),
        minutes=max(1, round(total_seconds(found) / 60)),
        phases=[
            ShownPhase(at, one.seconds, one.kind, _phase_words(one, timing.repetitions))
            for at, one in zip(starts(found), found, strict=True)
        ],
    )


def _phase_words(phase: Phase, repetitions: int) -> str:
    """Return what a phase is called, such as "3 of 8, first side"."""
    if phase.kind is Kind.HOLD:
        said = _("%(number)s of %(all)s") % {"number": phase.number, "all": repetitions}
        side = {1: _("first side"), 2: _("other side")}.get(phase.side, "")
        return f"{said}, {side}" if side else said
    return {
        Kind.READY: _("Get ready"),
        Kind.REST: _("Rest"),
        Kind.SWITCH: _("Change sides"),
        Kind.END: _("That’s it. Rest a moment."),
    }[phase.kind]


def timing_for(somebody: User | AnonymousUser, slug: str) -> Timing | None:
    """Return what the timer counts for this reader, by their open assignment. Raises Http404."""
    exercise = exercise_for(somebody, slug)
    if exercise.timing and isinstance(somebody, User):
        given = Assignment.objects.filter(client=somebody, exercise__slug=slug, ended_at=None)
        dosage = given.values_list("dosage", flat=True).first()
        return as_given(exercise, dosage or exercise.dosage).timing
    return exercise.timing


def published() -> list[ShownExercise]:
    """Return every published exercise, in the owner's order."""
    rows = Exercise.objects.filter(is_published=True).prefetch_related(with_media())
    return [shown(exercise) for exercise in rows]


def may_open(somebody: User | AnonymousUser, exercise: Exercise | None) -> bool:
    """Return whether this reader may open an exercise; one not published yet only people at work."""
    works_here = bool(somebody.is_authenticated and somebody.is_staff)
    return exercise is not None and somebody.is_authenticated and (exercise.is_published or works_here)


def exercise_for(somebody: User | AnonymousUser, slug: str) -> ShownExercise:
    """Return the exercise of that slug, for those who may open it. Raises Http404."""
    exercise = Exercise.objects.filter(slug=slug).prefetch_related(with_media()).first()
    if exercise is None or not may_open(somebody, exercise):
        raise Http404("no such exercise for you")
    return shown(exercise)
