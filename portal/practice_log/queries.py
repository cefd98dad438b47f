"""Reads of practice at home: where a lesson goes on, what was done last, what weeks come to."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce, Greatest

from portal.models import LessonAudio, PracticeEntry
from portal.practice_log.listening import Stop, resume
from portal.practice_log.progress import Practised
from practice.models import User


@dataclass(frozen=True)
class GoOn:
    """Where a client stopped in a lesson, and in which entry, on whichever device."""

    stop: Stop
    entry: PracticeEntry


def go_on(client: User, recording: LessonAudio) -> GoOn | None:
    """None: from the beginning. Only the last one heard counts: an older place was left for it."""
    last = last_of(client, recording.lesson_id)
    stop = resume([last.stop], duration_ms=recording.duration_ms) if last else None
    return GoOn(stop, last.entry) if last and stop else None


def last_of(client: User, lesson: int) -> GoOn | None:
    """What happened last in this lesson, on whichever device: it was left somewhere, or finished.

    None: nothing was ever heard, nor called done; words alone are at no place.
    """
    mine = _with_ends(PracticeEntry.objects.filter(client=client, lesson=lesson))
    last = mine.only("uid", "stopped_ms").order_by("-ended", "-id").first()
    if last is None or not (last.stopped_ms or last.is_done):
        return None
    return GoOn(Stop(last.stopped_ms, last.ended, last.is_done), last)


def _with_ends(entries: QuerySet[PracticeEntry]) -> QuerySet[Any]:
    """Entries with `ended`, the last that happened to each, and `is_done`: its play-through is finished."""
    of_its_play = Q(pk=OuterRef("play")) | Q(first=OuterRef("play"))
    finished = PracticeEntry.objects.filter(of_its_play, Q(finished_at__isnull=False) | Q(said_done=True))
    return entries.annotate(
        ended=Greatest("last_at", Coalesce("finished_at", "last_at")),
        play=Coalesce("first_id", "id"),
        is_done=Exists(finished),
    )


def practised(client: User, *, since: dt.datetime) -> list[Practised]:
    """What a client practised since then, latest first; `what` is "lesson:<id>" or "exercise:<id>"."""
    rows = PracticeEntry.objects.filter(client=client, last_at__gte=since).values_list(
        "pk", "lesson_id", "exercise_id", "started_at", "heard_ms", "finished_at", "first_id"
    )
    return [
        Practised(
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
    """What they practised last, without their words, and whether it `is_done`; None: nothing yet."""
    mine = _with_ends(PracticeEntry.objects.filter(client=client))
    return mine.order_by("-last_at", "-id").only("lesson_id", "stopped_ms", "last_at").first()


def hurts(client: User) -> bool:
    """Whether it hurt more after practising, and nobody here has looked at it yet."""
    mine = PracticeEntry.objects.filter(client=client, cleared_at__isnull=True)
    return mine.exclude(needs_human="").exists()


def done_lately(client: User, exercises: Iterable[str], *, since: dt.datetime) -> dict[str, PracticeEntry]:
    """The last time each of these exercises, named by slug, was done since then; none for the others."""
    rows = PracticeEntry.objects.filter(client=client, exercise__slug__in=exercises, started_at__gte=since)
    found = rows.select_related("exercise").order_by("started_at", "id")
    return {entry.exercise.slug: entry for entry in found if entry.exercise}


def times_done(client: User, slug: str) -> int:
    """How often an exercise was done, ever."""
    return PracticeEntry.objects.filter(client=client, exercise__slug=slug).count()
