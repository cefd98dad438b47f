"""Queries for the pain that "after" is compared with, however the entries of a sitting were joined.

That is what was told before on the same entry. Where nothing was: the rest of its play-through, and what was
told last before the same lesson (or exercise) within `LAST_HOURS`. In doubt the lower of them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from django.db.models import Q, QuerySet

from portal.models import PracticeEntry

LAST_HOURS = dt.timedelta(hours=12)  # half a day: a rise since the morning is one, whatever was done between


def pain_before(entry: PracticeEntry) -> int | None:
    """Return the pain before this entry, 0–10, or None when nothing was told."""
    return min((int(told) for told in _told(entry) if told), default=None)


def _told(entry: PracticeEntry) -> Iterator[str | None]:
    if entry.pain_before or entry.pain_after is None:
        yield entry.pain_before
        return
    others = of_the_same(entry).filter(pain_before__isnull=False).order_by("-started_at", "-id")
    recent = Q(last_at__gte=entry.started_at - LAST_HOURS, started_at__lte=entry.last_at)
    for which in (_play(entry), recent):
        yield others.filter(which).values_list("pain_before", flat=True).first()


def may_have_risen_since(entry: PracticeEntry) -> QuerySet[PracticeEntry]:
    """Return other entries whose "after" may be compared with the "before" on this one."""
    later = Q(last_at__gte=entry.started_at, started_at__lte=entry.last_at + LAST_HOURS)
    found = of_the_same(entry).filter(pain_after__isnull=False, pain_before__isnull=True)
    return found.filter(_play(entry) | later).order_by("-started_at", "-id")


def of_the_same(entry: PracticeEntry) -> QuerySet[PracticeEntry]:
    """Return the client's other entries of the same lesson or exercise."""
    mine = PracticeEntry.objects.filter(
        client=entry.client_id, lesson=entry.lesson_id, exercise=entry.exercise_id
    )
    return mine.exclude(pk=entry.pk)


def _play(entry: PracticeEntry) -> Q:
    root = entry.first_id or entry.pk
    return Q(pk=root) | Q(first=root)
