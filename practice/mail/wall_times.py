"""Emails that wait for an hour of somebody's clock, when the rules of that clock change."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.db.models import QuerySet

from practice.core import wall_time
from practice.models import Letter

AT_ONCE = 2000


def shifted(letters: QuerySet[Letter], *, now: datetime) -> Iterator[tuple[Letter, datetime]]:
    """Yield emails that would go at another hour than was wished, each with the right instant.

    One query, whose rows are not kept: all that waits is looked at, and hardly any is shifted. An email whose
    hour is over by now, or does not exist, stays as it is: it would be lost else.
    """
    waiting = letters.filter(state=Letter.State.PLANNED, due_at__gt=now).exclude(due_wall="")
    rows = waiting.order_by("due_at").only("due_at", "due_wall", "not_after", "state")
    for letter in rows.iterator(chunk_size=AT_ONCE):
        shift = wall_time.wall_time_shift(letter.due_wall, letter.due_at)
        if shift and shift.to and shift.to > now:
            yield letter, shift.to


def count_shifted(letters: QuerySet[Letter], *, now: datetime) -> int:
    """Return how many emails would go at another hour than was wished."""
    return sum(1 for _ in shifted(letters, now=now))


def keep_wall_times(letters: QuerySet[Letter], *, now: datetime) -> int:
    """Move waiting emails to the hour that was wished; return how many. Claimed emails are left alone."""
    found = list(shifted(letters, now=now))  # SQLite writes nothing while it still reads
    return sum(_keep(letter, due_at) for letter, due_at in found)


def _keep(letter: Letter, due_at: datetime) -> int:
    waits = Letter.objects.filter(pk=letter.pk, state=Letter.State.PLANNED, due_at=letter.due_at)
    not_after = letter.not_after + (due_at - letter.due_at) if letter.not_after else None
    return waits.update(
        due_at=due_at, due_wall=wall_time.converted(letter.due_wall, due_at), not_after=not_after
    )
