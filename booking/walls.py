"""The start of an appointment as clocks showed it when it was agreed: written whenever a start is written."""

from __future__ import annotations

from datetime import datetime

from practice import wall
from practice.clock import zone_named


def walls(start: datetime, *, here: str, booker: str = "") -> dict[str, str]:
    """The fields of the row: on the practitioner's clocks (`here`, an IANA name) and on the booker's."""
    read = start.astimezone(zone_named(booker or here))
    return {"wall_here": wall.written(start, zone_named(here)), "wall_time": f"{read:%Y-%m-%d %H:%M %Z}"}
