"""Check bookings against changed time zone data. Nothing is moved here: a person decides."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

import structlog

from booking.models import Appointment, ImportedCalendar
from booking.zone_changes.queries import ZoneMismatch, zone_mismatches
from practice.core import wall_time, zone_data
from practice.core.clock import zone_named
from practice.mail import wall_times
from practice.models import Letter, Practice, Practitioner

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class ZoneCheckResult:
    """A count of mismatches; `calendars`: how many other calendars are read again for that."""

    appointments: list[ZoneMismatch]
    letters: int
    calendars: int


def find_mismatches(*, now: datetime) -> ZoneCheckResult:
    """Find all mismatches, have other calendars read again with new data, and fill in missing wall times.

    The counts are stored on the practice's row, so that *today* asks no further on days without any.
    """
    everyone = list(Practitioner.objects.all())
    write_what_is_missing(everyone, now=now)
    found = ZoneCheckResult(
        appointments=zone_mismatches(everyone, now=now),
        letters=wall_times.count_shifted(Letter.objects.all(), now=now),
        calendars=read_calendars_by_new_data(now=now),
    )
    matters = bool(found.appointments or found.letters)
    Practice.objects.exclude(off_the_clock=matters).update(off_the_clock=matters)
    if matters:
        log.warning(
            "time zones: booked times no longer match the clocks",
            data=zone_data.version(),
            appointments=len(found.appointments),
            letters=found.letters,
        )
    return found


def read_calendars_by_new_data(*, now: datetime) -> int:
    """Have other calendars read whole, once for each version of the data; return how many."""
    version = zone_data.version()
    fresh = Practice.objects.exclude(zone_data=version)
    if not fresh.update(zone_data=version):
        return 0
    return ImportedCalendar.objects.filter(is_active=True).update(fetch_at=now, etag="", last_modified="")


def write_what_is_missing(practitioners: Collection[Practitioner], *, now: datetime) -> int:
    """Write missing wall times of their future bookings, by today's rules; return how many."""
    ahead = Appointment.objects.undecided().occupying(now)
    rows = ahead.filter(practitioner__in=practitioners, starts_at__gt=now).order_by()
    found = rows.values_list("pk", "starts_at", "wall_here", "practitioner__zone")
    missing = [
        (pk, start, zone)
        for pk, start, text, zone in found.iterator(chunk_size=2000)
        if not wall_time.names_instant(text, start)
    ]
    written = 0
    for pk, start, zone in missing:
        here = wall_time.wall_time_text(start, zone_named(zone))
        written += Appointment.objects.filter(pk=pk, starts_at=start).update(wall_here=here)
    return written
