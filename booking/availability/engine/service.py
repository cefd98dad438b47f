"""The rules of a session type that decide when it may begin."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

from booking.availability.engine.audience import AskerStatus, Audience, admits
from booking.availability.engine.explain import Refusal
from practice.core.clock import EPOCH, SECOND, instant_at

Gaps = Literal["any", "prefer", "require"]
# Nobody books further ahead, and no number typed into a form can exceed the calendar.
LONGEST = timedelta(days=3660)


@dataclass(frozen=True)
class Service:
    """A session type, as far as times are concerned.

    `minutes` and buffers: elapsed minutes. `step`: minutes of wall clock between starts, counted from the
    beginning of each merged window; None = back-to-back (from each beginning of free time, one session with
    its buffer after the other). `notice`, `horizon`: elapsed time from now; both ends are allowed.
    `daily_limit`: sessions that begin on one day of the practitioner's zone. `buffer_rule`: what two
    neighbours need between them, the larger of the two buffers or both. `buffers_inside_hours`: strict,
    buffers too must lie within opening hours. `who`: for whom it is. `gaps`: "prefer" lists what "any" does,
    and marks starts beside taken time; "require" refuses what would leave a gap too short for a session.
    """

    minutes: int
    buffer_before: int = 0
    buffer_after: int = 0
    step: int | None = 15
    notice: timedelta = timedelta(0)
    horizon: timedelta = timedelta(days=60)
    daily_limit: int | None = None
    buffer_rule: Literal["max", "add"] = "max"
    buffers_inside_hours: bool = False
    who: Audience = "anyone"
    gaps: Gaps = "any"

    def __post_init__(self) -> None:
        """Refuse numbers under which a list of starts has no meaning. Raises ValueError."""
        if self.minutes < 1 or min(self.buffer_before, self.buffer_after) < 0:
            raise ValueError("a session lasts a minute or more, and a buffer is not negative")
        if self.step is not None and self.step < 1:
            raise ValueError("a step is a minute or more, or None for back-to-back")

    def as_agreed(self) -> "Service":
        """Return only the rules about somebody's time, without those about when to book.

        For a time that is agreed already: notice, horizon, the grid of starts and gaps between sessions do
        not matter. Hours, closures, buffers, daily limits and what is taken do.
        """
        return replace(self, notice=timedelta(0), horizon=LONGEST, step=1, gaps="any", who="anyone")

    def between(self, after: int, before: int) -> int:
        """Return the minutes needed between two neighbours with these buffers towards each other."""
        return after + before if self.buffer_rule == "add" else max(after, before)

    def refuse(self, asker: AskerStatus) -> Refusal | None:
        """Return the refusal if the type is not for `asker` at any time, else None."""
        return None if admits(self.who, asker) else Refusal("who", {"who": self.who, "asker": asker})


@dataclass(frozen=True)
class Limits:
    """The first and last second at which a session may begin, seen from `now`."""

    service: Service
    now: datetime
    begin: int  # now
    earliest: int
    latest: int

    @classmethod
    def of(cls, service: Service, now: datetime) -> "Limits":
        """Return the limits from elapsed time: a 23- or 25-hour day shifts them on the wall clock."""
        if now.tzinfo is None:
            raise ValueError("now needs a zone")
        since = now - EPOCH
        earliest = -((-since - min(service.notice, LONGEST)) // SECOND)  # a started second does not count
        latest = (since + min(service.horizon, LONGEST)) // SECOND
        return cls(service, now, -(-since // SECOND), earliest, latest)

    def refuse(self, second: int) -> Refusal | None:
        """Return why `second` is in the past, too soon or too far ahead, or None."""
        if self.earliest <= second <= self.latest:
            return None
        if second < self.begin:
            return Refusal("past", {"start": instant_at(second), "now": self.now})
        if second < self.earliest:
            return self._soon(second)
        ahead = {"horizon": self.service.horizon, "latest": instant_at(self.latest)}
        return Refusal("horizon", {"start": instant_at(second), **ahead})

    def refuse_soon(self) -> Refusal:
        """Return the "too soon" refusal for a start right now."""
        return self._soon(self.begin)

    def _soon(self, second: int) -> Refusal:
        ahead = {"notice": self.service.notice, "earliest": instant_at(self.earliest)}
        return Refusal("notice", {"start": instant_at(second), **ahead})
