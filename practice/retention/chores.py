"""The chores that remove old data every hour. Each app registers its own."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

import structlog

from practice.accounts.address_changes import forget_changes
from practice.mail.retention import blank_old_bodies
from practice.models import UsageCount

log = structlog.get_logger(__name__)

#: Throws away what is too old at the given instant, and says how much. Safe to repeat.
Chore = Callable[[datetime], int]


def forget_tallies(now: datetime, *, dry: bool = False) -> int:
    """Delete counts of windows that no limit looks at any more."""
    old = UsageCount.objects.filter(window__lt=now - timedelta(days=2))
    return old.count() if dry else old.delete()[0]


_chores: list[Chore] = [blank_old_bodies, forget_tallies, forget_changes]


#: What tells without doing, by the name of its chore.
_foresights: dict[str, Chore] = {
    "blank_old_bodies": partial(blank_old_bodies, dry=True),
    "forget_tallies": partial(forget_tallies, dry=True),
    "forget_changes": partial(forget_changes, dry=True),
}


def register(chore: Chore, foresight: Chore | None = None) -> Chore:
    """Have `chore(now)` done every hour. Called by apps in `ready()`.

    `foresight(now)`: how much it would throw away, without doing it.
    """
    if chore not in _chores:
        _chores.append(chore)
    if foresight:
        _foresights[chore.__name__] = foresight
    return chore


def foresee(now: datetime) -> dict[str, int]:
    """Return how much each chore would remove now. Changes nothing; chores that cannot count are left out."""
    names = [chore.__name__ for chore in _chores]
    return {name: _foresights[name](now) for name in names if name in _foresights}


def tidy(now: datetime) -> dict[str, int]:
    """Do all chores; one that fails is logged and does not keep the others from being done."""
    done = {}
    for chore in _chores:
        try:
            done[chore.__name__] = chore(now)
        except Exception:
            log.exception("tidying failed", chore=chore.__name__)
    return done
