"""The chores that remove old data every hour. Each app registers its own."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Protocol

import structlog

from practice.accounts.address_changes import forget_changes
from practice.mail.retention import blank_old_bodies
from practice.models import UsageCount

log = structlog.get_logger(__name__)


class Chore(Protocol):
    """Throws away what is too old at the given instant, and says how much. Safe to repeat.

    `dry`: says how much it would throw away, and changes nothing.
    """

    __name__: str

    def __call__(self, now: datetime, *, dry: bool = False) -> int: ...


def forget_tallies(now: datetime, *, dry: bool = False) -> int:
    """Delete counts of windows that no limit looks at any more."""
    old = UsageCount.objects.filter(window__lt=now - timedelta(days=2))
    return old.count() if dry else old.delete()[0]


_chores: dict[str, Chore] = {
    chore.__name__: chore for chore in (blank_old_bodies, forget_tallies, forget_changes)
}


def register(*chores: Chore) -> None:
    """Have these done every hour, in this order. Called by apps in `ready()`."""
    _chores.update({chore.__name__: chore for chore in chores})


def names() -> list[str]:
    """Return the names of all chores."""
    return list(_chores)


def foresee(now: datetime) -> dict[str, int]:
    """Return how much each chore would remove now. Changes nothing."""
    return {name: chore(now, dry=True) for name, chore in _chores.items()}


def tidy(now: datetime) -> dict[str, int]:
    """Do all chores; one that fails is logged and does not keep the others from being done."""
    done = {}
    for name, chore in _chores.items():
        try:
            done[name] = chore(now)
        except Exception:
            log.exception("tidying failed", chore=name)
    return done
