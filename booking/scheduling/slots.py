"""Which starts are free. One judgement lists them, accepts them and explains them."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from booking.scheduling.explain import Refusal
from booking.scheduling.hours import Schedule
from booking.scheduling.intervals import Busy

__all__ = ["Busy", "Service", "judge", "starts", "why_none"]


@dataclass(frozen=True)
class Service:
    """What of a session type decides when it may begin.

    `minutes` and buffers: elapsed minutes. `step`: minutes of wall clock between starts, counted from
    the beginning of each merged window; None = back-to-back (from each beginning of free time, one
    session with its buffer after the other). `notice`, `horizon`: elapsed time from now; both ends are
    allowed. `daily_limit`: sessions that begin on one day of the practitioner's zone. `buffer_rule`: what two
    neighbours need between them, the larger of the two buffers or both. `buffers_inside_hours`: strict,
    buffers too must lie within opening hours.
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


def starts(
    service: Service, schedule: Schedule, *, first: datetime, until: datetime, now: datetime
) -> list[datetime]:
    """All bookable starts in `[first, until)`: aware, in UTC, sorted, each once."""
    raise NotImplementedError


def judge(service: Service, schedule: Schedule, start: datetime, *, now: datetime) -> Refusal | None:
    """The first rule that refuses this start, or None: it may be booked. The judgement `starts` lists by.

    To move an appointment, leave it out of `schedule.busy`.
    """
    raise NotImplementedError


def why_none(
    service: Service, schedule: Schedule, *, first: datetime, until: datetime, now: datetime
) -> Refusal | None:
    """What leaves `[first, until)` without a start, or None when there is one."""
    raise NotImplementedError
