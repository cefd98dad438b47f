"""Queries about practice at home: where a lesson goes on, what was done last, sums of weeks."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce, Greatest

from portal.models import LessonAudio, PracticeEntry
from portal.practice_log.listening import Stop, resume
from portal.practice_log.progress import PracticedOnce
from practice.models import User


@dataclass(frozen=True)
class ResumePoint:
    """The place where a client stopped in a lesson, and the entry it belongs to, on any device."""

    stop: Stop
    entry: PracticeEntry


def resume_point(client: User, recording: LessonAudio) -> ResumePoint | None:
    """Return where to go on in the lesson, or None for the beginning; only the last place heard counts."""
    last = last_of(client, recording.lesson_id)
    stop = resume([last.stop], duration_ms=recording.duration_ms) if last else None
    return ResumePoint(stop, last.entry) if last and stop else None


def last_of(client: User, lesson: int) -> ResumePoint | None:
    """Return the last stop or finish in this lesson, on any device.

    None: nothing was ever heard, nor called done; words alone are at no place.
    """
    mine = _with_ends(PracticeEntry.objects.filter(client=client, lesson=lesson))
    last = mine.only("uid", "stopped_ms").order_by("-ended", "-id").first()
    if last is None or not (last.stopped_ms or last.is_done):
        return None
    return ResumePoint(Stop(last.stopped_ms, last.ended, last.is_done), last)


def _with_ends(entries: QuerySet[PracticeEntry]) -> QuerySet[Any]:
    """Return the entries with `ended`, their latest event, and `is_done`: the play-through is finished."""
    of_its_play = Q(pk=OuterRef("play")) | Q(first=OuterRef("play"))
    finished = PracticeEntry.objects.filter(of_its_play, Q(finished_at__isnull=False) | Q(said_done=True))
    return entries.annotate(
        ended=Greatest("last_at", Coalesce("finished_at", "last_at")),
        play=Coalesce("first_id", "id"),
        is_done=Exists(finished),
    )


def practiced_since(client: User, *, since: dt.datetime) -> list[PracticedOnce]:
    """Return what a client practiced since then, latest first; `what` is "lesson:<id>" or "exercise:<id>"."""
    rows = PracticeEntry.objects.filter(client=client, last_at__gte=since).values_list(
        "pk", "lesson_id", "exercise_id", "started_at", "heard_ms", "finished_at", "first_id"
    )
    return [
        PracticedOnce(
            pk,
            f"lesson:{lesson}" if lesson else f"exercise:{exercise}",
            began,
            heard,
            finished is not None,
            first,
        )
        for pk, lesson, exercise, began, heard, finished, first in rows
    ]


def last_entry(client: User) -> PracticeEntry | None:
    """Return the entry practiced last, without its words but with `is_done`, or None."""
    mine = _with_ends(PracticeEntry.objects.filter(client=client))
    return mine.order_by("-last_at", "-id").only("lesson_id", "stopped_ms", "last_at").first()


def has_open_pain(client: User) -> bool:
    """Return whether pain rose after practicing and nobody here has looked at it yet."""
    mine = PracticeEntry.objects.filter(client=client, cleared_at__isnull=True)
    return mine.exclude(needs_human="").exists()


def done_lately(client: User, exercises: Iterable[str], *, since: dt.datetime) -> dict[str, PracticeEntry]:
    """Return the last entry since then of each of these exercises, by slug; missing where there is none."""
    rows = PracticeEntry.objects.filter(client=client, exercise__slug__in=exercises, started_at__gte=since)
    found = rows.select_related("exercise").order_by("started_at", "id")
    return {entry.exercise.slug: entry for entry in found if entry.exercise}


def times_done(client: User, slug: str) -> int:
    """Return how often the client has ever done an exercise."""
    return PracticeEntry.objects.filter(client=client, exercise__slug=slug).count()
