"""A practitioner with a day's work, made inside the practice (`make_day`): nobody else has to do with it.

Earlier today two people were expected; tomorrow two are to be moved; the day after will be closed.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils import timezone

from booking.models import Appointment
from booking.testing import make_appointment, make_session_type, open_every_day
from practice.core.clock import resolve, zone_named
from practice.models import User
from practice.testing import make_practitioner, make_user

DENVER = zone_named("America/Denver")


def at(days: int, hour: str) -> dt.datetime:
    """That many days from today, at an hour of Denver's clocks."""
    day = timezone.now().astimezone(DENVER).date() + dt.timedelta(days=days)
    return resolve(dt.datetime.combine(day, dt.time.fromisoformat(hour)), DENVER)


def make_day(name: str) -> dict[str, Any]:
    """The practitioner of that name, what they give, and who comes: what a browser needs to begin."""
    first = name.partition(" ")[0].lower()
    desk = make_practitioner(name, role=User.Role.PRACTITIONER, order=9)
    open_every_day(desk, "06:00", "23:00")
    kind = make_session_type(desk, slug=f"hour-of-{first}", name=f"An hour with {name}", step=5, order=9)

    def comes(who: str, start: dt.datetime, **fields: Any) -> Appointment:
        client = make_user(f"{who} {first.title()}", email=f"{who.lower()}@{first}.example", **fields)
        return make_appointment(
            session_type=kind, practitioner=desk, start=start, client=client, zone="America/Denver"
        )

    comes("Cora", at(-9, "10:00"), phone="+13035550147")
    over = timezone.now().replace(second=0, microsecond=0) - dt.timedelta(minutes=1)
    return {
        "email": desk.user.email,
        "slug": desk.slug,
        "first": desk.first_name,
        "kind": kind.slug,
        "tomorrow": at(1, "12:00").date().isoformat(),
        "day_off": at(2, "12:00").date().isoformat(),
        "missed": str(comes("Nora", over - dt.timedelta(hours=2)).uid),
        "came": str(comes("Paul", over - dt.timedelta(hours=1)).uid),
        "dragged": str(comes("Dora", at(1, "14:00")).uid),
        "keyed": str(comes("Kay", at(1, "17:00")).uid),
        "closed": str(comes("Bea", at(2, "11:00"), phone="+13035550148").uid),
    }
