"""The client's whole history at home: sums, weeks, and what they noticed, a page at a time.

A *time* is a play-through, on however many devices, or an exercise done. It counts when something was heard,
it was finished, or something was said about it. Days are the client's, and a time belongs to the one on which
it began.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from django.core.paginator import Page, Paginator
from django.db.models import Count, Max, Min, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce, Length

from booking.queries import appointments_of
from portal.models import PracticeEntry
from portal.practice_log.listening import day_of
from practice.core.clock import day_bounds
from practice.core.formatting import week_of
from practice.models import User
from practice.shipped_texts import for_reader

WEEKS = 8
PER_PAGE = 20
WEEK = dt.timedelta(days=7)


@dataclass(frozen=True)
class PracticeSums:
    """The totals of all practice."""

    times: int
    heard_ms: int
    since: dt.datetime | None
    last_at: dt.datetime | None


@dataclass(frozen=True)
class PracticedItem:
    """A lesson or exercise, with how often and how long it was practiced."""

    title: str
    times: int
    heard_ms: int
    last_at: dt.datetime


@dataclass(frozen=True)
class Played:
    """A play-through of a lesson."""

    began_at: dt.datetime
    heard_ms: int
    is_done: bool


@dataclass(frozen=True)
class Week:
    """A week of the client's calendar, from `begins`. `who`: whom they had a session with in it."""

    begins: dt.date
    played: tuple[Played, ...]
    exercises: int
    who: tuple[str, ...]

    @property
    def heard_ms(self) -> int:
        """Return how long lessons were heard in this week, in ms."""
        return sum(one.heard_ms for one in self.played)


def counted(client: User) -> QuerySet[Any]:
    """Return the client's entries that count, each with its `play` (play-through) and when that `began`."""
    return counting(PracticeEntry.objects.filter(client=client))


def counting(entries: QuerySet[Any]) -> QuerySet[Any]:
    """Return those of the entries that count, each with its `play` and when that `began`."""
    return entries.annotate(
        # What is encrypted cannot be searched; whether it is empty can be seen.
        said=Length("noticing") + Length("lying_before") + Length("lying_after") + Length("felt"),
        play=Coalesce("first_id", "id"),
        began=Coalesce("first__started_at", "started_at"),
    ).filter(Q(heard_ms__gt=0) | Q(finished_at__isnull=False) | Q(said__gt=0))


def sums(client: User) -> PracticeSums:
    """Return the totals of all the client's practice."""
    found = counted(client).aggregate(
        times=Count("play", distinct=True), heard=Sum("heard_ms"), since=Min("began"), last=Max("last_at")
    )
    return PracticeSums(found["times"], found["heard"] or 0, found["since"], found["last"])


def practiced_items(client: User) -> list[PracticedItem]:
    """Return each lesson and exercise practiced, the latest first."""
    rows = (
        counted(client)
        .order_by()
        .values_list("lesson__title", "exercise__title", "lesson", "exercise")
        .annotate(Count("play", distinct=True), Sum("heard_ms"), Max("last_at"))
    )
    found = [
        PracticedItem(for_reader(one or other), times, heard, last)
        for one, other, *_ids, times, heard, last in rows
    ]
    return sorted(found, key=lambda thing: thing.last_at, reverse=True)


def weeks(
    client: User, all_of_it: PracticeSums, *, zone: ZoneInfo, locale: str, now: dt.datetime, back: int = 0
) -> list[Week]:
    """Return at most eight weeks, the last being this week, or that of the last practice if older.

    `back`: those eight before them, that many times; never further than `times_back`.
    """
    if all_of_it.since is None or all_of_it.last_at is None:
        return []
    first, end = _from_and_to(all_of_it.since, all_of_it.last_at, zone=zone, locale=locale, now=now)
    end -= back * WEEKS * WEEK
    shown = sorted(one for before in range(WEEKS) if (one := end - WEEK * before) >= first)
    begin, until = day_bounds(shown[0], zone)[0], day_bounds(end + WEEK, zone)[0]
    played, exercises = _practised(client, begin, until, zone)
    who = _sessions(client, begin, min(until, now), zone)
    return [
        Week(
            begins,
            tuple(one for one in played if begins <= day_of(one.began_at, zone) < begins + WEEK),
            sum(begins <= day < begins + WEEK for day in exercises),
            tuple(dict.fromkeys(name for day, name in who if begins <= day < begins + WEEK)),
        )
        for begins in shown
    ]


def times_back(all_of_it: PracticeSums, *, zone: ZoneInfo, locale: str, now: dt.datetime) -> int:
    """Return how many times one can go back by eight weeks and still find the first week."""
    if all_of_it.since is None or all_of_it.last_at is None:
        return 0
    first, end = _from_and_to(all_of_it.since, all_of_it.last_at, zone=zone, locale=locale, now=now)
    return (end - first) // (WEEKS * WEEK)


def _from_and_to(
    since: dt.datetime, last_at: dt.datetime, *, zone: ZoneInfo, locale: str, now: dt.datetime
) -> tuple[dt.date, dt.date]:
    """Return the days on which the first and the last week worth showing begin."""
    first, last, this = (week_of(day_of(moment, zone), locale=locale) for moment in (since, last_at, now))
    return first, this if this - last < WEEKS * WEEK else last


def _practised(
    client: User, begin: dt.datetime, until: dt.datetime, zone: ZoneInfo
) -> tuple[list[Played], list[dt.date]]:
    """Return the play-throughs that began in [begin, until), and the day of each exercise done."""
    rows = (
        counted(client)
        .filter(began__gte=begin, began__lt=until)
        .values_list("play", "began", "lesson")
        .annotate(Sum("heard_ms"), Count("finished_at"))
        .order_by("began", "play")
    )
    played, exercises = [], []
    for _play, began, lesson, heard, finished in rows:
        if lesson:
            played.append(Played(began, heard, finished > 0))
        else:
            exercises.append(day_of(began, zone))
    return played, exercises


def _sessions(
    client: User, begin: dt.datetime, until: dt.datetime, zone: ZoneInfo
) -> list[tuple[dt.date, str]]:
    """Return the day and practitioner of each session that took place."""
    rows = appointments_of(client).took_place(until).filter(starts_at__gte=begin, starts_at__lt=until)
    return [(day_of(one.starts_at, zone), one.practitioner.first_name) for one in rows]


def diary(client: User, page: str | None) -> Page[PracticeEntry]:
    """Return a page of the entries with words or pain, the latest first.

    Each has `time`: which one it was of its lesson or exercise, from 1. A page number out of range gives the
    nearest page.
    """
    said = Q(said__gt=0) | Q(pain_before__isnull=False) | Q(pain_after__isnull=False)
    found = (
        counted(client)
        .filter(said)
        .annotate(time=Coalesce(_which("lesson"), _which("exercise")))
        .select_related("lesson", "exercise")
        .order_by("-began", "-started_at", "-id")
    )
    return Paginator(found, PER_PAGE).get_page(page)


def _which(what: str) -> Subquery:
    """Return the count of times of the same lesson or exercise begun by then; NULL for other entries."""
    same = PracticeEntry.objects.filter(client=OuterRef("client"), **{what: OuterRef(what)})
    by_then = counting(same).filter(began__lte=OuterRef("began")).order_by().values(what)
    return Subquery(by_then.annotate(times=Count("play", distinct=True)).values("times"))


def last_noticed(client: User) -> PracticeEntry | None:
    """Return the newest entry with words about what was noticed, or None."""
    return (
        PracticeEntry.objects.filter(client=client)
        .annotate(said=Length("noticing"))
        .filter(said__gt=0)
        .select_related("lesson", "exercise")
        .order_by("-last_at", "-id")
        .first()
    )


def minutes_of(heard_ms: int) -> int:
    """Return ms as whole minutes; anything heard counts as at least one."""
    return max(1, round(heard_ms / 60_000)) if heard_ms else 0
