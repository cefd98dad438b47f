"""Queries about practice at home: where a lesson goes on, what was done last, sums of weeks."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Exists, F, Max, Min, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce, Greatest

from portal.audio.carry import marks, moved
from portal.models import LessonAudio, PracticeEntry, Segment
from portal.practice_log.listening import Stop, resume
from portal.practice_log.progress import PracticedOnce
from portal.queries import outline
from practice.models import User

LATEST = 40  # entries of a lesson that are read: what is encrypted cannot be asked for


@dataclass(frozen=True)
class ResumePoint:
    """The place where a client stopped in a lesson, and the entry it belongs to, on any device."""

    stop: Stop
    entry: PracticeEntry


def resume_point(client: User, recording: LessonAudio) -> ResumePoint | None:
    """Return where to go on in the lesson, or None for the beginning; only the last place heard counts."""
    last = last_of(client, recording.lesson_id)
    stop = resume([carried(last, recording)], duration_ms=recording.duration_ms) if last else None
    return ResumePoint(stop, last.entry) if last and stop else None


def carried(point: ResumePoint, recording: LessonAudio) -> Stop:
    """Return where a place is in this recording, if it was reached in one that this one replaced."""
    then = point.entry.recording_id
    old = LessonAudio.objects.filter(pk=then).first() if then not in (None, recording.pk) else None
    if old is None:
        return point.stop
    return replace(point.stop, at_ms=moved(point.stop.at_ms, marks(outline(old), outline(recording))))


def last_of(client: User, lesson: int) -> ResumePoint | None:
    """Return the last stop or finish in this lesson, on any device, as a place of what was heard then.

    None: nothing was ever heard, nor called done; words alone are at no place.
    """
    without_words = (
        *("uid", "first_id", "recording_id"),
        *("stopped_ms", "last_at", "finished_at", "said_done"),
    )
    return last_of_these(latest_entries(client, lesson).only(*without_words))


def latest_entries(client: User, lesson: int) -> QuerySet[PracticeEntry]:
    """Return the client's latest entries of a lesson, latest first: enough to know this time and the last."""
    mine = PracticeEntry.objects.filter(client=client, lesson=lesson)
    return mine.order_by("-last_at", "-id")[:LATEST]


def last_of_these(entries: Iterable[PracticeEntry]) -> ResumePoint | None:
    """Return the last stop or finish among the latest entries of a lesson, as `last_of` does."""
    known = {(max(one.last_at, one.finished_at or one.last_at), one.pk): one for one in entries}
    if not known:
        return None
    done = {one.first_id or one.pk for one in known.values() if one.finished_at or one.said_done}
    (ended, _), last = max(known.items())
    is_done = (last.first_id or last.pk) in done
    return ResumePoint(Stop(last.stopped_ms, ended, is_done), last) if last.stopped_ms or is_done else None


def heard_of(client: User, recording: LessonAudio) -> list[tuple[int, int]]:
    """Return which stretches of a recording the client has heard, in ms, over all entries.

    At most one for each second of the recording, however often it was heard: what begins within one second
    is taken as one stretch.
    """
    mine = Segment.objects.filter(
        entry__client=client, entry__lesson=recording.lesson_id, entry__recording=recording
    )
    by_second = mine.order_by().annotate(second=F("start_ms") / 1000).values("second")
    found = by_second.annotate(begin=Min("start_ms"), end=Max("end_ms"))
    return [(begin, end) for begin, end in found.values_list("begin", "end")]


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
