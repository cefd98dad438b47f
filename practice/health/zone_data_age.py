"""Warnings about the pinned time zone data: a year old, or older than the system's or the database's.

A warning, never an alarm: times are right until some government decides otherwise.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import lru_cache

from django.db import DataError, connection, transaction
from django.utils import timezone

from practice.core import formatting, zone_data
from practice.core.clock import zone_named
from practice.models import Practice, Practitioner

#: (zone, instant, seconds east of UTC) that data as new as ours know, and older ones do not. PostgreSQL names
#: no version: by these one can tell that it is only older, which does no harm, for nothing of ours asks it.
KNOWN_SINCE_2026 = (
    ("America/Vancouver", datetime.fromisoformat("2026-12-15T12:00:00+00:00"), -7 * 3600),
    ("America/Edmonton", datetime.fromisoformat("2026-12-15T12:00:00+00:00"), -6 * 3600),
    ("Africa/Casablanca", datetime.fromisoformat("2026-12-15T12:00:00+00:00"), 0),
)
#: Asked besides the zones of the practice: each an example of who changes the rules now and then.
WATCHED = ("America/Vancouver", "America/New_York", "Europe/Berlin", "Africa/Cairo", "Asia/Gaza")
QUARTER = timedelta(days=91)
UPDATE = "Update it with “make lock” and install the result: see docs/time-zones.md."
OFFSETS = """
SELECT EXTRACT(EPOCH FROM (at AT TIME ZONE name) - (at AT TIME ZONE 'UTC'))::integer
FROM unnest(%s::text[], %s::timestamptz[]) WITH ORDINALITY AS probe(name, at, place) ORDER BY place
"""
Probe = tuple[str, datetime]


def warnings(now: datetime) -> list[str]:
    """Return warnings about the data in use, the gravest last. At most one query a day."""
    used, system = zone_data.version(), zone_data.system_version()
    found = []
    if zone_data.is_old(now):
        found.append(f"The time zone data ({used}) came out more than a year ago. {UPDATE}")
    if system and zone_data.is_newer(system, used):
        found.append(f"This machine has newer time zone data ({system}) than the product ({used}). {UPDATE}")
    if others := database_differs(now.date().isoformat()):
        listed = formatting.listed(list(others))
        found.append(f"PostgreSQL has different rules than the product ({used}) for {listed}. {UPDATE}")
    return found


@lru_cache(maxsize=1)
def database_differs(day: str) -> tuple[str, ...]:
    """Return the zones for which PostgreSQL, with data as new as ours, has other times from `day` on.

    `day`: ISO. Asked once a day in each process.
    """
    if connection.vendor != "postgresql":
        return ()
    markers = offsets_in_database([(name, at) for name, at, _offset in KNOWN_SINCE_2026])
    if markers != [offset for _name, _at, offset in KNOWN_SINCE_2026]:
        return ()  # its data are older than ours, and nothing of ours asks them
    begin = timezone.make_aware(datetime.fromisoformat(day), timezone.get_default_timezone())
    probes = [(name, begin + number * QUARTER) for name in zones_in_use() for number in range(5)]
    theirs = offsets_in_database(probes)
    ours = [offset_of(name, at) for name, at in probes]
    if theirs is None:
        return ()
    differing = {name for (name, _at), here, there in zip(probes, ours, theirs, strict=True) if here != there}
    return tuple(sorted(differing))


def zones_in_use() -> list[str]:
    """Return the zones of the practice and its practitioners, and a few that are watched for all others."""
    own = {
        *Practice.objects.values_list("zone", flat=True),
        *Practitioner.objects.values_list("zone", flat=True),
    }
    return sorted(own | set(WATCHED))


def offset_of(name: str, at: datetime) -> int:
    """Return the seconds east of UTC, by our own data."""
    offset = at.astimezone(zone_named(name)).utcoffset()
    return int(offset.total_seconds()) if offset is not None else 0


def offsets_in_database(probes: list[Probe]) -> list[int] | None:
    """Return the seconds east of UTC by PostgreSQL's data; None: it does not know one of the zones."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(OFFSETS, [[name for name, _at in probes], [at for _name, at in probes]])
            return [row[0] for row in cursor.fetchall()]
    except DataError:
        return None
