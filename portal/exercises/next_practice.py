"""A client's assignments, and the one thing of them to do now."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Count, Max, Q

from booking.queries import appointments_of
from portal.exercises.display import ShownExercise, shown, with_media
from portal.followups.engine.facts import DeliveryWindow, Facts, Plan, PracticeEntryFact
from portal.followups.engine.stages import named
from portal.models import Assignment, LessonAudio, PracticeEntry
from portal.practice_log.listening import Stop, is_stale, resume
from portal.queries import ListedLesson, current, listed
from practice.core.clock import zone_named
from practice.models import User

MOST = 3  # of what is given: with four or more, people do none (Bachmann 2018)
LONG_AGO = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


@dataclass(frozen=True)
class NextPractice:
    """An assignment that can be done today: a lesson with its recording, or an exercise.

    `dosage`: how often, as the practitioner said it or, for an exercise, its own.
    """

    key: str
    lesson: ListedLesson | None
    recording: LessonAudio | None
    exercise: ShownExercise | None
    dosage: str
    word: str
    given_by: str

    @property
    def title(self) -> str:
        """Return the title of the lesson or exercise."""
        return self.lesson.title if self.lesson else self._exercise.title

    @property
    def url(self) -> str:
        """Return its address inside the portal."""
        return self.lesson.portal_url if self.lesson else self._exercise.url

    @property
    def position(self) -> str:
        """Return the position in which it is done."""
        return self.lesson.position if self.lesson else self._exercise.position

    @property
    def _exercise(self) -> ShownExercise:
        assert self.exercise is not None  # one of the two, as the rows say
        return self.exercise


def given_to(client: User, *, pictures: bool = False) -> list[NextPractice]:
    """Return the client's open assignments that can be done, in the order of work.

    pictures: with the photos and videos of exercises, which cost a query.
    """
    rows = (
        Assignment.objects.filter(client=client, ended_at=None)
        .filter(Q(lesson__is_published=True) | Q(exercise__is_published=True))
        .select_related("lesson", "exercise", "assigned_by__user")
        .prefetch_related(current("lesson__recordings"))
    )
    if pictures:
        rows = rows.prefetch_related(with_media("exercise__media"))
    return [one for one in map(_to_do, rows) if one.exercise or one.recording]


def _to_do(row: Assignment) -> NextPractice:
    recordings: list[LessonAudio] = row.lesson.current_recordings if row.lesson else []  # type: ignore[attr-defined]
    return NextPractice(
        key=_key(row.lesson_id, row.exercise_id),
        lesson=listed(row.lesson) if row.lesson else None,
        recording=recordings[0] if recordings else None,
        exercise=shown(row.exercise) if row.exercise else None,
        dosage=row.dosage or (row.exercise.dosage if row.exercise else ""),
        word=row.word,
        given_by=row.assigned_by.first_name,
    )


def _key(lesson: int | None, exercise: int | None) -> str:
    return f"lesson:{lesson}" if lesson else f"exercise:{exercise}"


def first_of(given: Sequence[NextPractice], client: User, *, now: dt.datetime) -> NextPractice | None:
    """Return the assignment to do now, or None without any.

    By the same rule as follow-ups: not practiced since the last session, else not finished, else the first.
    """
    if not given:
        return None
    since = _last_session(client, now=now) or LONG_AGO
    facts = Facts(
        manner=DeliveryWindow(zone=zone_named("UTC")),
        assignments=tuple(one.key for one in given),
        practices=tuple(_practices(client, since=since)),
    )
    key = named(Plan(key="", session_ended_at=since, made_at=now), facts)
    return next(one for one in given if one.key == key)


def interrupted_lesson(
    given: Sequence[NextPractice], last: PracticeEntry | None, *, now: dt.datetime
) -> NextPractice | None:
    """Return the lesson the client is in the middle of, on any device: it comes before everything else.

    `last`: as `practice_log.queries.last_entry` reads it.
    """
    if last is None or last.lesson_id is None:
        return None
    stop = Stop(last.stopped_ms, last.last_at, last.is_done)  # type: ignore[attr-defined]
    if is_stale(stop, now=now):
        return None
    key = _key(last.lesson_id, None)
    found = next((one for one in given if one.key == key), None)
    if found is None or found.recording is None:
        return None
    return found if resume([stop], duration_ms=found.recording.duration_ms) else None


def _last_session(client: User, *, now: dt.datetime) -> dt.datetime | None:
    """Return when the last session ended; a past one not wrapped up yet counts as having taken place."""
    return appointments_of(client).took_place(now).aggregate(last=Max("ends_at"))["last"]


def _practices(client: User, *, since: dt.datetime) -> Iterable[PracticeEntryFact]:
    """Yield one fact for each lesson or exercise practiced since then, however often."""
    rows = (
        PracticeEntry.objects.filter(client=client, last_at__gt=since)
        .order_by()
        .values_list("lesson_id", "exercise_id")
        .annotate(Max("last_at"), Count("finished_at"))
    )
    for lesson, exercise, last, finished in rows:
        yield PracticeEntryFact(at=last, assignment=_key(lesson, exercise), finished=finished > 0)
