"""Suggestions for "the same again": the same practitioner, at about the same hour of the week.

Two to four weeks after the last session, or after the one that is booked already. What is suggested is free
now, by the judgement that lists all other times.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from booking import queries
from booking.availability import listing
from booking.availability.engine.audience import AskerStatus
from booking.availability.engine.weekly import nearest_instant, weeks_after
from booking.availability.listing import FreeStart
from booking.availability.loading import service_of
from booking.models import Appointment, SessionType
from practice.core.clock import zone_named
from practice.models import Practitioner, User

AFTER, COUNT = 2, 3  # weeks after the last one, and how many weeks are looked at
AROUND = 3  # days before or after the same weekday: two weeks never overlap


@dataclass(frozen=True)
class RebookingSuggestion:
    """A suggestion: what would be booked again, and when it could be; there may be no free time."""

    session_type: SessionType
    practitioner: Practitioner
    times: list[FreeStart]


def rebooking_suggestions(client: User, *, now: datetime) -> RebookingSuggestion | None:
    """Return suggestions if the client's last or next session can still be booked; else None."""
    theirs = queries.appointments_of(client).on_calendar()
    last = theirs.order_by("-starts_at").first()
    if last is None or not last.session_type.is_active:
        return None
    givers = queries.practitioners_of(last.session_type)
    practitioner = next((one for one in givers if one.pk == last.practitioner_id), None)
    if practitioner is None:
        return None
    asker = queries.asker_status_of(client, now=now)
    if service_of(last.session_type).refuse(asker):
        return None
    return RebookingSuggestion(
        last.session_type, practitioner, suggestions(last, practitioner, now=now, asker=asker)
    )


def last_session_of(client: User) -> Appointment | None:
    """Return the latest session the client had or has booked, without those they missed, or None."""
    return queries.appointments_of(client).attended_or_expected().order_by("-starts_at").first()


def suggestions(
    last: Appointment, practitioner: Practitioner, *, now: datetime, asker: AskerStatus
) -> list[FreeStart]:
    """Return for each of the weeks the free time most like the last one: weekday first, then hour."""
    zone = zone_named(practitioner.zone)
    wanted = weeks_after(last.starts_at.astimezone(zone), first=AFTER, count=COUNT, not_before=now)
    around = timedelta(days=AROUND + 1)
    found = listing.free_starts(
        last.session_type,
        [practitioner],
        first=nearest_instant(wanted[0], zone) - around,
        until=nearest_instant(wanted[-1], zone) + around,
        now=now,
        asker=asker,
    )
    chosen = [closest_time(wall, found, zone) for wall in wanted]
    return [one for one in chosen if one]


def closest_time(wall: datetime, found: list[FreeStart], zone: ZoneInfo) -> FreeStart | None:
    """Return the free time most like `wall`, at most three days away; the earlier of two; or None."""

    def unlike(one: FreeStart) -> tuple[int, timedelta, datetime]:
        local = one.start.astimezone(zone).replace(tzinfo=None)
        days = local.date() - wall.date()
        return abs(days.days), abs(local - wall - days), one.start

    return min((one for one in found if unlike(one)[0] <= AROUND), key=unlike, default=None)
