"""Pain that rose while practising: seen however the entries of a sitting were joined, marked, and told once.

"After" is held against what was told before on the same entry. Where nothing was, it is held against the rest
of its play-through and against what was told last before the same lesson (or exercise) within `LAST_HOURS`: a
sitting may be cut in two by a second tab, another device or a long rest. In doubt it is a rise.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from django.db.models import Q, QuerySet

from portal.followups.facts import Practice
from portal.letters import notice_pain
from portal.models import PracticeEntry
from practice.models import User

LAST_HOURS = dt.timedelta(hours=12)  # half a day: a rise since the morning is one, whatever was done between
MOST = 20  # entries of the same lesson within these hours that are looked at
Felt = PracticeEntry.Felt


def mark_pain(entry: PracticeEntry, *, now: dt.datetime, shown: int | None = None) -> bool:
    """When it hurt more after it than before, a practitioner should look: marked and told once.

    Only a practitioner takes the mark away (`clear_pain`), even if the client corrects the numbers. Called
    when pain was told or told anew: after a practitioner had looked, it is marked and told once more.
    `shown`: what the page says was before, though another page may have been believed.
    """
    if (entry.needs_human and entry.cleared_at is None) or not has_risen(entry, shown=shown):
        return False
    notice_pain(entry, now=now)
    entry.needs_human, entry.cleared_at, entry.cleared_by = PracticeEntry.NeedsHuman.PAIN_ROSE, None, None
    entry.save(update_fields=["needs_human", "cleared_at", "cleared_by"])
    return True


def mark_pain_after(entry: PracticeEntry, *, now: dt.datetime) -> None:
    """What was told before this entry may be what others' "after" is to be held against: look at them too."""
    later = _of_the_same(entry).filter(
        Q(first=entry.first_id or entry.pk)
        | Q(last_at__gte=entry.started_at, started_at__lte=entry.last_at + LAST_HOURS),
        pain_after__isnull=False,
        pain_before__isnull=True,
    )
    for one in later.order_by("-started_at", "-id")[:MOST]:
        mark_pain(one, now=now)


def has_risen(entry: PracticeEntry, *, shown: int | None = None) -> bool:
    """Two or more above what it was, or worse in the client's words."""
    befores = [number(told) for told in _told_before(entry)]
    lowest = min((one for one in (*befores, shown) if one is not None), default=None)
    told = Practice(
        at=entry.last_at,
        pain_before=lowest,
        pain_after=number(entry.pain_after),
        worse=entry.felt == Felt.WORSE,
    )
    return told.pain_rose


def _told_before(entry: PracticeEntry) -> Iterator[str | None]:
    """What "after" may have to be held against, where the entry itself says nothing of it."""
    if entry.pain_before or entry.pain_after is None:
        yield entry.pain_before
        return
    others = _of_the_same(entry).filter(pain_before__isnull=False).order_by("-started_at", "-id")
    root = entry.first_id or entry.pk
    recent = Q(last_at__gte=entry.started_at - LAST_HOURS, started_at__lte=entry.last_at)
    for which in (Q(pk=root) | Q(first=root), recent):
        yield others.filter(which).values_list("pain_before", flat=True).first()


def _of_the_same(entry: PracticeEntry) -> QuerySet[PracticeEntry]:
    """The client's other entries of the same lesson or exercise."""
    mine = PracticeEntry.objects.filter(
        client=entry.client_id, lesson=entry.lesson_id, exercise=entry.exercise_id
    )
    return mine.exclude(pk=entry.pk)


def number(kept: str | None) -> int | None:
    """Pain as it is kept, as a number again."""
    return int(kept) if kept else None


def clear_pain(entry: PracticeEntry, *, by: User, now: dt.datetime) -> PracticeEntry:
    """A practitioner has looked at it. The first who did stays named."""
    cleared = PracticeEntry.objects.filter(pk=entry.pk, cleared_at=None).exclude(needs_human="")
    cleared.update(cleared_at=now, cleared_by=by)
    entry.refresh_from_db(fields=["cleared_at", "cleared_by"])
    return entry
