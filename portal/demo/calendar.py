"""The rest of the demo's boards: busy hours elsewhere, a visitor's hold, a day that starts late."""

from __future__ import annotations

import datetime as dt

from booking.availability import listing
from booking.holds.actions.hold import hold
from booking.models import Appointment, BusyTime, Closure, ImportedCalendar, SessionType
from portal.demo.business import ZONE
from practice.core.clock import resolve, zone_named
from practice.models import Practitioner

A_YEAR = dt.timedelta(days=365)
ELSEWHERE = ((1, "11:00", "12:30"), (3, "15:00", "17:00"), (8, "09:30", "11:00"))  # days from today, hours


def fill_the_boards(
    session: SessionType, jonah: Practitioner, *, booked: Appointment, now: dt.datetime
) -> None:
    """Give Jonah a busy calendar, a hold tomorrow, and a late start on the day of `booked`."""
    import_calendar(jonah, now=now)
    zone = zone_named(ZONE)
    day = booked.ends_at.astimezone(zone)
    opens = dt.time(min(day.hour + 1, 16))
    Closure.objects.create(
        practitioner=jonah,
        first_day=day.date(),
        last_day=day.date(),
        opens=opens,
        closes=dt.time(18),
        reason="The dentist; Owen has to be called",
    )
    found = listing.alternatives(session, [jonah], near=now + dt.timedelta(days=1, hours=2), now=now, count=1)
    if found:
        hold(session, practitioners=[jonah], start=found[0].start, visitor="demo", now=now)


def import_calendar(jonah: Practitioner, *, now: dt.datetime) -> None:
    """Create Jonah's other calendar as it was read; its address leads nowhere, so it is not read again."""
    calendar = ImportedCalendar.objects.create(
        practitioner=jonah,
        name="Home",
        url="https://calendar.example/jonah.ics",
        fetch_at=now + A_YEAR,
        fetched_at=now,
        checked_at=now,
    )
    zone, today = zone_named(ZONE), now.astimezone(zone_named(ZONE)).date()
    BusyTime.objects.bulk_create(
        BusyTime(
            calendar=calendar,
            starts_at=resolve(
                dt.datetime.combine(today + dt.timedelta(days), dt.time.fromisoformat(first)), zone
            ),
            ends_at=resolve(
                dt.datetime.combine(today + dt.timedelta(days), dt.time.fromisoformat(last)), zone
            ),
        )
        for days, first, last in ELSEWHERE
    )
