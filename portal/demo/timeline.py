"""The demo's events in order, each at its moment, with the worker's emails between them."""

from __future__ import annotations

import datetime as dt
import heapq
from collections.abc import Callable
from itertools import count

from practice.mail.delivery.deliver import step
from practice.models import Letter

A_SECOND = dt.timedelta(seconds=1)
DemoEvent = Callable[[dt.datetime], object]


class Timeline:
    """Events to run, each at its moment (aware). An event may add later ones."""

    def __init__(self) -> None:
        self._waiting: list[tuple[dt.datetime, int, DemoEvent]] = []
        self._count = count()

    def at(self, moment: dt.datetime, happening: DemoEvent) -> None:
        """Schedule `happening(moment)` at that moment."""
        heapq.heappush(self._waiting, (moment, next(self._count), happening))

    def run(self, *, until: dt.datetime) -> None:
        """Run all events before `until`; emails due before an event are sent before it."""
        while self._waiting and self._waiting[0][0] < until:
            moment, _, happening = heapq.heappop(self._waiting)
            letters_until(moment - A_SECOND)
            happening(moment)


def letters_until(moment: dt.datetime) -> None:
    """Send the emails due by then, each at its own time, as the worker would have."""
    due = Letter.objects.filter(state=Letter.State.PLANNED, due_at__lte=moment).order_by("due_at", "id")
    while letter := due.first():
        step(now=letter.due_at)
