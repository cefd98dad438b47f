"""What is thrown away by the hour. Each app registers what it no longer keeps."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import structlog

from practice.address_changes import forget_changes
from practice.mail.keeping import blank_old_bodies
from practice.models import Tally

log = structlog.get_logger(__name__)

#: Throws away what is too old at the given instant, and says how much. Safe to repeat.
Chore = Callable[[datetime], int]


def forget_tallies(now: datetime) -> int:
    """Counts of windows that no limit looks at any more."""
    return Tally.objects.filter(window__lt=now - timedelta(days=2)).delete()[0]


_chores: list[Chore] = [blank_old_bodies, forget_tallies, forget_changes]


def register(chore: Chore) -> Chore:
    """Have `chore(now)` done every hour. Called by apps in `ready()`."""
    if chore not in _chores:
        _chores.append(chore)
    return chore


def tidy(now: datetime) -> dict[str, int]:
    """Do all chores; one that fails is logged and does not keep the others from being done."""
    done = {}
    for chore in _chores:
        try:
            done[chore.__name__] = chore(now)
        except Exception:
            log.exception("tidying failed", chore=chore.__name__)
    return done
