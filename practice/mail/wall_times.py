"""Emails that wait for an hour of somebody's clock, when the rules of that clock change."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet

from practice.core import wall_time
from practice.models import Letter


def shifted(letters: QuerySet[Letter], *, now: datetime) -> list[tuple[Letter, datetime]]:
    """Return emails that would go at another hour than was wished, each with the right instant. One query.

    An email whose hour is over by now, or does not exist, stays as it is: it would be lost else.
    """
    waiting = letters.filter(state=Letter.State.PLANNED, due_at__gt=now).exclude(due_wall="")
    found = []
    for letter in waiting.only("due_at", "due_wall", "not_after", "state").distinct():
        shift = wall_time.wall_time_shift(letter.due_wall, letter.due_at)
        if shift and shift.to and shift.to > now:
            found.append((letter, shift.to))
    return found


def keep_wall_times(letters: QuerySet[Letter], *, now: datetime) -> int:
    """Move waiting emails to the hour that was wished; return how many. Claimed emails are left alone."""
    return sum(_keep(letter, due_at) for letter, due_at in shifted(letters, now=now))


def _keep(letter: Letter, due_at: datetime) -> int:
    waits = Letter.objects.filter(pk=letter.pk, state=Letter.State.PLANNED, due_at=letter.due_at)
    not_after = letter.not_after + (due_at - letter.due_at) if letter.not_after else None
    return waits.update(
        due_at=due_at, due_wall=wall_time.converted(letter.due_wall, due_at), not_after=not_after
    )
