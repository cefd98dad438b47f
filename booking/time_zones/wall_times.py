"""The start of an appointment on the wall clock, as it was agreed: written whenever a start is written."""

from __future__ import annotations

from datetime import datetime

from booking.models import Appointment
from practice.core import wall_time
from practice.core.clock import zone_named

READ = len("2027-01-15 10:00")  # of `wall_time`; the name of its offset follows


def walls(start: datetime, *, here: str, booker: str = "") -> dict[str, str]:
    """Return the row's wall times: on the practitioner's clocks (`here`, an IANA name) and the booker's."""
    read = start.astimezone(zone_named(booker or here))
    return {
        "wall_here": wall_time.wall_time_text(start, zone_named(here)),
        "wall_time": f"{read:%Y-%m-%d %H:%M %Z}",
    }


def read_by_booker(appointment: Appointment) -> datetime | None:
    """Return the wall time that its booker read, without a zone; None if none is stored."""
    return as_read(appointment.wall_time)


def as_read(wall_time: str) -> datetime | None:
    """Return the day and hour of a `wall_time` that `walls` wrote; None for anything else."""
    try:
        return datetime.fromisoformat(wall_time[:READ])
    except ValueError:
        return None
