"""PURE. Sums of practice over a stretch of time: how often, how long, on how many days.

No streaks: a broken one makes people stop. A pause loses nothing here; counts only grow.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from portal.practice_log.listening import day_of


@dataclass(frozen=True)
class PracticedOnce:
    """One time that something was practiced.

    `what` names it; `first` is the entry it goes on from, if any.
    """

    key: int
    what: str
    began_at: dt.datetime
    heard_ms: int
    is_done: bool
    first: int | None = None


@dataclass(frozen=True)
class Totals:
    """The sums over a stretch of time. `times` counts play-throughs, on however many devices."""

    times: int
    finished: int
    heard_ms: int
    days: int
    last_at: dt.datetime | None

    @property
    def minutes(self) -> int:
        """Return the time heard in whole minutes; anything heard counts as at least one."""
        return max(1, round(self.heard_ms / 60_000)) if self.heard_ms else 0


def totals(
    practised: Iterable[PracticedOnce],
    *,
    zone: ZoneInfo,
    since: dt.datetime | None = None,
    until: dt.datetime | None = None,
) -> Totals:
    """Return the sums over what began in [since, until); days are local ones in `zone`."""
    found = [
        one
        for one in practised
        if (since is None or one.began_at >= since) and (until is None or one.began_at < until)
    ]
    return Totals(
        times=len({one.first or one.key for one in found}),
        finished=len({one.first or one.key for one in found if one.is_done}),
        heard_ms=sum(one.heard_ms for one in found),
        days=len({day_of(one.began_at, zone) for one in found}),
        last_at=max((one.began_at for one in found), default=None),
    )


def which_time(practised: Iterable[PracticedOnce], this: PracticedOnce) -> int:
    """Return which play-through of the same thing this one is ("5th time"), from 1, by when they began."""
    began: dict[int, dt.datetime] = {}
    for one in (*practised, this):
        if one.what == this.what:
            play = one.first or one.key
            began[play] = min(began.get(play, one.began_at), one.began_at)
    mine = this.first or this.key
    return sum((moment, play) <= (began[mine], mine) for play, moment in began.items())
