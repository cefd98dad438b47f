"""Appointments on days that are closed or about to be: staff see them first, and they stay until moved."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from booking import queries
from booking.availability.engine import closed_days
from booking.availability.engine.closed_days import is_open_on, shut_out
from booking.availability.engine.hours import Schedule
from booking.availability.loading import closure_of, weekly_of
from booking.models import Appointment, AppointmentQuerySet, Closure
from practice.core.clock import zone_named
from practice.models import Practitioner


def practitioners_of_closure(closure: Closure) -> list[Practitioner]:
    """Return the practitioners whose days the closure closes: one, or all."""
    found = Practitioner.objects.select_related("user")
    return list(found.filter(pk=closure.practitioner_id) if closure.practitioner_id else found)


def appointments_within(closure: Closure, *, now: datetime) -> list[Appointment]:
    """Return what is booked or asked for in the time of a closure, by start; the closure may be unsaved."""
    return _in_it(closure, Appointment.objects.expected(), now=now)


@dataclass(frozen=True)
class ClosedPractitioner:
    """A practitioner who is not open on a day. `closure`: what closes it; None: no hours that weekday."""

    practitioner: Practitioner
    closure: Closure | None


def closed_practitioners(
    day: date, people: Sequence[Practitioner], *, closures: Iterable[Closure] | None = None
) -> list[ClosedPractitioner]:
    """Return those of `people` who are not open on `day` of their own calendar, in order.

    Two queries; one where the closures around the day are known already and given as `closures`.
    """
    known = queries.closures_of(people, first=day, last=day) if closures is None else closures
    closures = [row for row in known if row.first_day <= day <= row.last_day]
    hours = list(queries.hours_of(people))
    found = []
    for one in people:
        theirs = [row for row in closures if row.practitioner_id in (None, one.pk)]
        rules = weekly_of(row for row in hours if row.practitioner_id == one.pk)
        plan = Schedule(zone_named(one.zone), rules, tuple(map(closure_of, theirs)))
        if not is_open_on(plan, day):
            closed = next((row for row in theirs if not closure_of(row).windows), None)
            found.append(ClosedPractitioner(one, closed))
    return found


def is_open_for(practitioner: Practitioner, start: datetime, end: datetime) -> bool:
    """Return whether the practitioner is open for all of `[start, end)`, taken or not. Two queries."""
    days = {"first": (start - queries.REACH).date(), "last": (end + queries.REACH).date()}
    closures = queries.closures_of([practitioner], **days)
    rules = weekly_of(queries.hours_of([practitioner]))
    plan = Schedule(zone_named(practitioner.zone), rules, tuple(map(closure_of, closures)))
    return closed_days.is_open_for(plan, start, end)


def holds_within(closure: Closure, *, now: datetime) -> list[Appointment]:
    """Return the holds in the time of a closure: kept for a visitor, or with an offer of the waitlist."""
    return _in_it(closure, Appointment.objects.filter(state=Appointment.State.HELD), now=now)


def _in_it(closure: Closure, rows: AppointmentQuerySet, *, now: datetime) -> list[Appointment]:
    """Return those of `rows` that are ahead and in the closure's time.

    Four queries for any number of people.
    """
    people = practitioners_of_closure(closure)
    first = max(closure.first_day, now.date())
    ahead = rows.filter(
        practitioner__in=people,
        starts_at__gt=max(now, datetime.combine(first, time.min, UTC) - queries.REACH),
    ).select_related("practitioner__user", "client", "correspondent", "session_type", "room")
    plans = _plans(closure, people)
    value = closure_of(closure)
    return [
        one
        for one in ahead.order_by("starts_at", "pk")
        if shut_out(plans[one.practitioner_id], value, one.starts_at, one.ends_at)
    ]


def _plans(closure: Closure, people: list[Practitioner]) -> dict[int, Schedule]:
    """Return the rules of each practitioner by id, with this closure among them as it is about to be."""
    others = queries.closures_of(people, first=closure.first_day, last=closure.last_day)
    rows = [row for row in others if row.pk != closure.pk]
    hours = list(queries.hours_of(people))
    return {
        one.pk: Schedule(
            zone_named(one.zone),
            weekly_of(row for row in hours if row.practitioner_id == one.pk),
            (
                *(closure_of(row) for row in rows if row.practitioner_id in (None, one.pk)),
                closure_of(closure),
            ),
        )
        for one in people
    }
