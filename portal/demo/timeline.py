"""What happened in the demo's weeks, in order: each moment as the worker and the pages would."""

from __future__ import annotations

import datetime as dt
import heapq
from collections.abc import Callable
from itertools import count

from practice.mail.delivery.deliver import step
from practice.models import Letter

A_SECOND = dt.timedelta(seconds=1)
Happening = Callable[[dt.datetime], object]


class Timeline:
    """Things to happen, each at its moment (aware). What happens may bring about more, later."""

    def __init__(self) -> None:
        self._waiting: list[tuple[dt.datetime, int, Happening]] = []
        self._count = count()

    def at(self, moment: dt.datetime, happening: Happening) -> None:
        """Have `happening(moment)` called at that moment, in order."""
        heapq.heappush(self._waiting, (moment, next(self._count), happening))

    def run(self, *, until: dt.datetime) -> None:
        """Live through all that lies before `until`; letters due before a moment go before it."""
        while self._waiting and self._waiting[0][0] < until:
            moment, _, happening = heapq.heappop(self._waiting)
            letters_until(moment - A_SECOND)
            happening(moment)


def letters_until(moment: dt.datetime) -> None:
    """Send what was due by then, each letter at its own time, as the worker would have."""
    due = Letter.objects.filter(state=Letter.State.PLANNED, due_at__lte=moment).order_by("due_at", "id")
    while letter := due.first():
        step(now=letter.due_at)
