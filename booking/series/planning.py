"""A series: one session every so many weeks, at the same hour of the wall clock.

Each is judged before it is booked, with the series' own sessions counted among what is taken.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from booking.availability import listing
from booking.availability.engine import slots
from booking.availability.engine.audience import AskerStatus
from booking.availability.engine.explain import Refusal, of_clock
from booking.availability.engine.hours import Schedule
from booking.availability.engine.intervals import Busy
from booking.availability.engine.service import Limits, Service
from booking.availability.engine.weekly import nearest_instant, walls
from booking.availability.listing import FreeStart
from booking.availability.loading import service_of
from booking.models import Appointment, SessionType
from practice.core.clock import AmbiguousTime, NonexistentTime, day_bounds, resolve, seconds, zone_named
from practice.models import Practitioner, User

MOST = 12
EVERY = (1, 2, 3, 4)  # weeks
AROUND = timedelta(days=3)  # near times are looked for within this; two weeks never overlap
NEAR = 3


@dataclass(frozen=True)
class PlannedSession:
    """A wished session: its time on the practice's clocks, and whether it fits.

    `start` is None where no instant, or no certain one, has that time. If it is refused, it names the nearest
    free times.
    """

    wall: datetime
    start: datetime | None
    refusal: Refusal | None
    near: tuple[FreeStart, ...] = ()


def plan(
    session_type: SessionType,
    practitioner: Practitioner,
    *,
    first: datetime,
    every: int,
    count: int,
    now: datetime,
    asker: AskerStatus = "unknown",
) -> list[PlannedSession]:
    """Return the sessions of a series, each judged, in four queries; only the first if that is out of reach.

    `asker`: what is known of the person who asks (`queries.asker_of`); a type not for them is out of reach
    too.
    """
    zone, service = zone_named(practitioner.zone), service_of(session_type)
    if out_of_reach := service.refuse(asker) or Limits.of(service, now).refuse(seconds(first)):
        return [PlannedSession(_wall(first, zone), first, out_of_reach)]
    service = replace(service, who="anyone")  # asked once above: from here on only times are judged
    wanted = walls(_wall(first, zone), every=every, count=count)
    seen = listing.load_availability(
        session_type,
        [practitioner],
        first=first - AROUND,
        until=nearest_instant(wanted[-1], zone) + AROUND + timedelta(days=1),
        now=now,
    )
    # The first start is an instant already, even on a night when its wall time comes twice.
    starts = [first, *(_instant(wall, practitioner) for wall in wanted[1:])]
    return _judged(wanted, starts, service, seen.plans[practitioner.pk], practitioner, now=now)


def _wall(instant: datetime, zone: ZoneInfo) -> datetime:
    """Return the time on the practice's clocks; in the first and last days of the calendar, in UTC."""
    try:
        return instant.astimezone(zone).replace(tzinfo=None)
    except OverflowError:
        return instant.replace(tzinfo=None)


def _instant(wall: datetime, practitioner: Practitioner) -> datetime | Refusal:
    try:
        return resolve(wall, zone_named(practitioner.zone))
    except (NonexistentTime, AmbiguousTime) as error:
        return of_clock(error)


def _judged(
    wanted: list[datetime],
    starts: list[datetime | Refusal],
    service: Service,
    schedule: Schedule,
    practitioner: Practitioner,
    *,
    now: datetime,
) -> list[PlannedSession]:
    """Return each session judged with those before it taken; near times with all that fit taken."""
    found = []
    for wall, start in zip(wanted, starts, strict=True):
        if isinstance(start, Refusal):
            found.append(PlannedSession(wall, None, start))
            continue
        refusal = slots.first_refusal(service, schedule, start, now=now)
        found.append(PlannedSession(wall, start, refusal))
        if refusal is None:
            schedule = with_taken(schedule, service, start)
    return [
        replace(one, near=_near(one, service, schedule, practitioner, now=now)) if one.refusal else one
        for one in found
    ]


def with_taken(schedule: Schedule, service: Service, start: datetime) -> Schedule:
    """Return the schedule with a session of this type at `start`, counted for the daily limit."""
    end = start + timedelta(minutes=service.minutes)
    member = Busy(start, end, service.buffer_before, service.buffer_after, counts=True)
    return replace(schedule, busy=(*schedule.busy, member))


def _near(
    member: PlannedSession, service: Service, schedule: Schedule, practitioner: Practitioner, *, now: datetime
) -> tuple[FreeStart, ...]:
    """Return the free times nearest to a member that does not fit, at most three days away, by start.

    Near a time that comes twice: both of them first.
    """
    refusal, day = member.refusal, member.wall.date()
    wanted = (member.start,) if member.start else refusal.params["candidates"] if refusal else ()
    found = slots.starts(
        service,
        schedule,
        first=day_bounds(day - AROUND, schedule.zone)[0],
        until=day_bounds(day + AROUND, schedule.zone)[1],
        now=now,
    )
    nearest = sorted(found, key=lambda start: (min(abs(start - one) for one in wanted), start))[:NEAR]
    length = timedelta(minutes=service.minutes)
    return tuple(FreeStart(start, start + length, practitioner) for start in sorted(nearest))


def name_for(series: uuid.UUID, client: User) -> uuid.UUID:
    """Return the id under which this client's rows are stored, from the id that a page chose.

    Pages choose the same one for everybody they are sent to: two clients must never share what is stored.
    """
    return uuid.uuid5(series, str(client.pk))


def of_series(series: uuid.UUID, client: User | int | None) -> list[Appointment]:
    """Return all appointments booked together for this client, in any state, by start."""
    return list(
        Appointment.objects.filter(series=series, client=client)
        .select_related(
            "session_type", "practitioner__user", "practitioner__room", "room", "client", "correspondent"
        )
        .order_by("starts_at")
    )


def from_here_on(appointment: Appointment) -> list[Appointment]:
    """Return this appointment and all later ones of its series that are still booked."""
    if appointment.series is None:
        return []
    return [
        one
        for one in of_series(appointment.series, appointment.client_id)
        if one.state == Appointment.State.BOOKED and one.starts_at >= appointment.starts_at
    ]
