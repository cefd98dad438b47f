"""What the emails that the site sent to itself prove, and when the next one is sent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum

from practice.core.reasons import Reasons

#: Without a trouble, and with one. Time that passed, never an hour of a clock on the wall, which changes.
EVERY, AGAIN = timedelta(hours=6), timedelta(hours=1)
#: Far above what a server that has a stranger wait (greylisting) takes.
LATE = timedelta(hours=3)
#: What is planned later than this was planned before the clock was set back.
AHEAD = timedelta(minutes=5)


class Proves(Enum):
    """What the emails to ourselves prove."""

    NOTHING = "nothing"  # none was sent
    NOTHING_YET = "nothing yet"  # the first one is on its way
    ARRIVES = "arrives"
    LOST = "lost"
    FAILED = "failed"


@dataclass(frozen=True, kw_only=True)
class Trip:
    """One email to ourselves. `why_failed`: in codes, if it certainly did not arrive; `back_at`: it did."""

    planned_at: datetime
    sent_at: datetime | None = None
    back_at: datetime | None = None
    has_failed: bool = False
    why: Reasons = field(default_factory=list)

    @property
    def is_open(self) -> bool:
        """Return whether it still waits for the mail server."""
        return self.sent_at is None and self.back_at is None and not self.has_failed

    @property
    def took(self) -> timedelta | None:
        """Return how long it was on its way; None if it is not back, or was never noted as sent."""
        return max(self.back_at - self.sent_at, timedelta()) if self.back_at and self.sent_at else None


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What is proved. `last_back`: the last one that came back; `trip`, `since`: of a trouble."""

    proves: Proves
    last_back: Trip | None = None
    trip: Trip | None = None
    since: datetime | None = None

    @property
    def is_trouble(self) -> bool:
        """Return whether somebody has to do something."""
        return self.proves in (Proves.LOST, Proves.FAILED)


def decide(trips: Sequence[Trip], *, read_at: datetime | None, now: datetime) -> Verdict:
    """Return what these emails prove. `read_at`: when the mailbox was last read; None: never.

    One is lost only if the mailbox was read long after it was sent: while nobody can look, nothing is
    missing. The last one that came back speaks for all before it, however late it was.
    """
    known = _of_this_clock(trips, now)
    last = next((one for one in reversed(known) if one.back_at), None)
    after = [one for one in known if last is None or one.planned_at > last.planned_at]
    looked_at = min(read_at, now) if read_at else None
    troubles = [one for one in after if one.has_failed or _is_missing(one, looked_at)]
    if troubles:
        newest = troubles[-1]
        return Verdict(
            proves=Proves.FAILED if newest.has_failed else Proves.LOST,
            last_back=last,
            trip=newest,
            since=troubles[0].sent_at or troubles[0].planned_at,
        )
    if last:
        return Verdict(proves=Proves.ARRIVES, last_back=last)
    return Verdict(proves=Proves.NOTHING_YET if after else Proves.NOTHING)


def is_due(trips: Sequence[Trip], *, read_at: datetime | None, now: datetime) -> bool:
    """Return whether the next one is to be sent: after six hours, after one while there is a trouble.

    Never while one waits for the mail server: it would only stand in line behind it.
    """
    known = _of_this_clock(trips, now)
    if any(one.is_open for one in known):
        return False
    pause = AGAIN if decide(known, read_at=read_at, now=now).is_trouble else EVERY
    return not known or now - (known[-1].sent_at or known[-1].planned_at) >= pause


def _of_this_clock(trips: Sequence[Trip], now: datetime) -> list[Trip]:
    """Return them in their order, without those from before the clock was set back: they say nothing now."""
    return sorted((one for one in trips if one.planned_at <= now + AHEAD), key=lambda one: one.planned_at)


def _is_missing(trip: Trip, looked_at: datetime | None) -> bool:
    return bool(trip.sent_at and looked_at and not trip.back_at and looked_at - trip.sent_at >= LATE)
