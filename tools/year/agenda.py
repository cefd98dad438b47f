"""PURE. What comes next: instants at which something happens, and nothing between them."""

from __future__ import annotations

import heapq
from collections.abc import Callable
from datetime import datetime
from itertools import count

Deed = Callable[[], None]


class Agenda:
    """Deeds by their instant; of two at one instant, the one that was put down first."""

    def __init__(self) -> None:
        self._heap: list[tuple[datetime, int, Deed]] = []
        self._number = count()

    def put(self, at: datetime, deed: Deed) -> None:
        """Have this done at that instant."""
        heapq.heappush(self._heap, (at, next(self._number), deed))

    @property
    def next_at(self) -> datetime | None:
        """Return when the next deed is due, or None."""
        return self._heap[0][0] if self._heap else None

    def take(self) -> Deed:
        """Return the next deed, which is off the agenda then."""
        return heapq.heappop(self._heap)[2]
