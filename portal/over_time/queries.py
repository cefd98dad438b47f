"""Queries of what is drawn over time: pain around practice, activities, and the days of sessions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Q

from booking.intake.answers import GOALS, Unreadable, read
from booking.intake.queries import handed_in
from booking.queries import appointments_of
from portal.models import ActivityRating, PracticeEntry
from practice.models import User

TIMES = 60  # entries with pain, ratings and sessions that one drawing can hold


@dataclass(frozen=True)
class PainTime:
    """The pain of one time at home, 0 to 10, before and after; None where nothing was said."""

    day: dt.date
    before: int | None
    after: int | None


@dataclass(frozen=True)
class ActivityTime:
    """The activities as rated at one time, 0 to 10 by their words, in the client's order."""

    day: dt.date
    scores: dict[str, int]


@dataclass(frozen=True)
class SessionDay:
    """A session that took place, and with whom."""

    day: dt.date
    who: str


def pain_times(client: User, *, zone: ZoneInfo) -> list[PainTime]:
    """Return the latest times with a number for pain, the oldest first."""
    said = Q(pain_before__isnull=False) | Q(pain_after__isnull=False)
    rows = PracticeEntry.objects.filter(said, client=client).order_by("-started_at", "-id")
    found = rows.values_list("started_at", "pain_before", "pain_after")[:TIMES]
    times = [PainTime(_day(at, zone), _number(before), _number(after)) for at, before, after in found]
    return [one for one in reversed(times) if one.before is not None or one.after is not None]


def activity_times(client: User, *, zone: ZoneInfo) -> list[ActivityTime]:
    """Return the latest ratings, from intakes and from the history page, the oldest first."""
    rated = ActivityRating.objects.filter(client=client).order_by("-rated_at", "-id")
    told: list[tuple[dt.datetime, Any]] = list(rated.values_list("rated_at", "scores")[:TIMES])
    for at, answers in handed_in(client).values_list("handed_in_at", "answers")[:TIMES]:
        assert at is not None  # it was handed in
        try:
            told.append((at, read(answers).part("goals").get("goals", [])))
        except Unreadable:
            continue
    told.sort(key=lambda one: one[0])
    times = [ActivityTime(_day(at, zone), scores_of(scores)) for at, scores in told[-TIMES:]]
    return [one for one in times if one.scores]


def scores_of(told: Iterable[Any]) -> dict[str, int]:
    """Return rated activities by their words; those without a number are left out."""
    found: dict[str, int] = {}
    for one in told:
        number = _number(one.get("now")) if isinstance(one, dict) else None
        if number is not None and str(one.get("what", "")).strip():
            found[str(one["what"]).strip()] = number
    return dict(list(found.items())[:GOALS])


def session_days(client: User, *, zone: ZoneInfo, now: dt.datetime) -> list[SessionDay]:
    """Return the latest sessions that took place, the oldest first."""
    rows = appointments_of(client).took_place(now).order_by("-starts_at")[:TIMES]
    return [SessionDay(_day(one.starts_at, zone), one.practitioner.first_name) for one in reversed(rows)]


def current_activities(times: Sequence[ActivityTime]) -> list[str]:
    """Return the activities of the last rating, which are those to rate again."""
    return list(times[-1].scores) if times else []


def _day(at: dt.datetime, zone: ZoneInfo) -> dt.date:
    return at.astimezone(zone).date()


def _number(value: object) -> int | None:
    """Return a number from 0 to 10, or None for anything else."""
    try:
        number = int(str(value))
    except ValueError:
        return None
    return number if 0 <= number <= 10 else None
