"""The lease of the clock: of several workers with a clock, one at a time sends the ticks.

A convenience, not a guard. Two clocks at once send each tick twice, which costs a little work and harms
nothing: rows are claimed before anything is done about them. No clock at all is the harm, since then no email
goes. So whenever the lease can't be asked for (the database is away, its table is missing), a clock ticks. A
database that says nothing at all holds it up for a minute at most (`settings.DATABASES`; SQLite: 20 seconds).

A lease is dated by the database's clock, which all machines share; how long ago it was asked for is measured
here, by a clock that nobody sets.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.db.models import Q
from django.db.models.functions import Now

from practice.models import Lease

#: A clock that died is replaced within the sum of both: a lease runs out, and the next who asks gets it.
HELD_FOR = timedelta(seconds=15)
ASK_EVERY = 5.0  # seconds: a clock that has it asks three times before it runs out
NAME = "clock"


class Step(enum.Enum):
    """What a clock does next."""

    ASK = "ask for the lease"
    TICK = "send what is due"
    WAIT = "leave it to the one who has the lease"


@dataclass(frozen=True)
class LeaseAnswer:
    """The last answer: when it was asked for, by `time.monotonic`, and whether the clock may tick since."""

    at: float
    may_tick: bool


def next_step(asked: LeaseAnswer | None, now: float) -> Step:
    """Return what a clock does at `now` (by `time.monotonic`), by the last answer it got."""
    if asked is None or now - asked.at >= ASK_EVERY:
        return Step.ASK
    return Step.TICK if asked.may_tick else Step.WAIT


def take(holder: UUID) -> bool:
    """Take the lease, or renew it; return whether it is the holder's now. Raises DatabaseError.

    It is free when it has run out; and when it ends later than any lease can: the database's clock was set
    back, and nobody shall wait for the hour that it has to go again.
    """
    longest = Now() + HELD_FOR
    free_or_mine = Q(holder=holder) | Q(until__lte=Now()) | Q(until__gt=longest)
    # Looked for first: a clock that only waits shall not take SQLite's write lock every five seconds.
    if Lease.objects.filter(free_or_mine, name=NAME).exists():
        return bool(Lease.objects.filter(free_or_mine, name=NAME).update(holder=holder, until=longest))
    if Lease.objects.filter(name=NAME).exists():
        return False
    lease, _ = Lease.objects.get_or_create(name=NAME, defaults={"holder": holder, "until": longest})
    return lease.holder == holder


def give_back(holder: UUID) -> None:
    """Let the next who asks have it. Raises DatabaseError."""
    Lease.objects.filter(name=NAME, holder=holder).update(until=Now())
