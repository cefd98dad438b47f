"""The terms for moving and canceling, as agreed when booking: a new policy changes no old booking."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from booking.models import Appointment
from booking.policy.deadlines import Policy, Window, limits, within
from practice.models import Practice


@dataclass(frozen=True)
class Terms(Policy):
    """A policy with the cost of a late cancel, in percent, and the number of moves a client has."""

    late_percent: int = 0
    moves_allowed: int = 2


def terms_of_practice(practice: Practice) -> Terms:
    """Return the terms for a booking made now."""
    return Terms(
        free_hours=practice.free_hours,
        locked_hours=practice.locked_hours,
        late_percent=practice.late_percent,
        moves_allowed=practice.moves_allowed,
    )


def snapshot(practice: Practice) -> dict[str, Any]:
    """Return the terms as they are stored on an appointment."""
    return asdict(terms_of_practice(practice))


def terms_from(stored: Mapping[str, Any]) -> Terms:
    """Return a stored snapshot as terms. Missing values (an old import) cost nothing and lock nothing."""
    known = {"free_hours": 0, "locked_hours": 0, **stored}
    return Terms(**{name: known[name] for name in Terms.__dataclass_fields__ if name in known})


def policy_of(appointment: Appointment) -> Terms:
    """Return the terms this appointment was booked under."""
    return terms_from(appointment.policy)


def limits_of(appointment: Appointment) -> tuple[datetime, datetime]:
    """Return the last instant at which changing it is free, and the last that is late.

    A move in the late hours does not bring the free ones back: they ended when they ended for the old time.
    """
    free_until, late_until = limits(policy_of(appointment), appointment.starts_at)
    return min(free_until, appointment.free_until or free_until), late_until


def moves_left(appointment: Appointment) -> int:
    """Return how many times its client may still move the appointment."""
    return max(0, policy_of(appointment).moves_allowed - appointment.moves)


def window_of(appointment: Appointment, now: datetime) -> Window:
    """Return whether changing the appointment now is free, late or locked."""
    return within(limits_of(appointment), now)


def answer_by(practice: Practice, starts_at: datetime, *, now: datetime) -> datetime:
    """Return when a request made now declines itself if nobody has answered it.

    After the practice's own hours, but while the client could still change a booking for free: a client who
    asks for Monday has to know on Sunday. Asked for later than that, half of the time that is left.
    """
    free_until, _late_until = limits(terms_of_practice(practice), starts_at)
    in_good_time = max(free_until, now + (starts_at - now) / 2)
    return min(now + timedelta(hours=practice.request_hours), in_good_time)


def late_fee(terms: Terms, price_cents: int) -> int:
    """Return the cost of a late cancel, in cents."""
    return price_cents * terms.late_percent // 100
