"""Reads of a week: its rows as values, what clients would see with other hours, and who would be outside."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import cast
from zoneinfo import ZoneInfo

from booking import queries
from booking.availability.engine.audience import AskerStatus, admits
from booking.availability.engine.closed_days import is_open_for
from booking.availability.engine.hours import Schedule
from booking.availability.listing import load_availability
from booking.availability.loading import closure_of, minutes_of, weekly_of
from booking.models import Appointment, OpeningHours, SessionType
from booking.opening_hours.engine.comparison import DayTimes, WeekdayChange, by_day, by_weekday
from booking.opening_hours.engine.week import EMPTY, OpenSpan, Week, rules_of, tidied
from practice.core.clock import day_bounds, zone_named
from practice.models import Practitioner
from practice.queries import the_practice

DAYS_SHOWN = 14


def week_of(rows: Iterable[OpeningHours]) -> Week:
    """Return one practitioner's rows as a week."""
    days: list[list[OpenSpan]] = [list(hours) for hours in EMPTY]
    for row in rows:
        if minutes := minutes_of(row.opens, row.closes, row.past_midnight):
            days[row.weekday].append(OpenSpan(*minutes))
    return tidied(days)


def saved_week(practitioner: Practitioner) -> Week:
    """Return the hours of a practitioner as they are saved. One query."""
    return week_of(queries.hours_of([practitioner]))


def mark_of(week: Week) -> str:
    """Return a short mark of a week: a page carries it, to find that someone has saved another since."""
    return hashlib.sha256(repr([[tuple(row) for row in day] for day in week]).encode()).hexdigest()[:16]


def types_shown(practitioner: Practitioner) -> list[SessionType]:
    """Return the session types a practitioner gives, those for new clients first. One query."""
    given = [kind for _pk, kind in queries.given_by([practitioner])]
    return sorted(given, key=lambda kind: (ASKERS.index(reader_of(kind)), kind.order, kind.pk))


ASKERS: tuple[AskerStatus, ...] = ("new", "returning", "staff")


def reader_of(kind: SessionType) -> AskerStatus:
    """Return through whose eyes a type's times are shown: a new client's where those may book it."""
    return next((one for one in ASKERS if admits(cast("AskerStatus", kind.who), one)), "staff")


@dataclass(frozen=True)
class WeekPreview:
    """What other hours would mean: the times of the next days, what changes, and who is outside then."""

    kind: SessionType | None
    reader: AskerStatus
    zone: ZoneInfo
    locale: str
    days: list[DayTimes]
    changes: list[WeekdayChange]
    outside: list[Appointment]

    @property
    def mark(self) -> str:
        """Return a mark of the sessions outside, so that a page can say which it has named."""
        named = ",".join(f"{one.uid} {one.starts_at.isoformat()}" for one in self.outside)
        return hashlib.sha256(named.encode()).hexdigest()[:16] if named else ""


def preview(
    practitioner: Practitioner, week: Week, *, kind: SessionType | None, now: datetime
) -> WeekPreview:
    """Return what the typed week would mean, by the engine that lists and books. Nothing is saved."""
    zone = zone_named(practitioner.zone)
    today = now.astimezone(zone).date()
    days = [today + timedelta(days=number) for number in range(DAYS_SHOWN)]
    reader = reader_of(kind) if kind else "new"
    times = _times(practitioner, week, kind, reader, days=days, now=now) if kind else []
    outside = sessions_outside(practitioner, week, now=now)
    return WeekPreview(kind, reader, zone, the_practice().locale, times, by_weekday(times), outside)


def _times(
    practitioner: Practitioner,
    week: Week,
    kind: SessionType,
    reader: AskerStatus,
    *,
    days: Sequence[date],
    now: datetime,
) -> list[DayTimes]:
    zone = zone_named(practitioner.zone)
    until = day_bounds(days[-1], zone)[1]
    saved = load_availability(kind, [practitioner], first=now, until=until, now=now, asker=reader)
    plan = replace(saved.plans[practitioner.pk], weekly=rules_of(week))
    typed = replace(saved, plans={practitioner.pk: plan})
    return by_day(saved.starts_of(practitioner), typed.starts_of(practitioner), days=days, zone=zone)


def sessions_outside(practitioner: Practitioner, week: Week, *, now: datetime) -> list[Appointment]:
    """Return booked and requested sessions ahead that would be outside the typed hours and are inside now.

    Three queries, however many are booked.
    """
    ahead = list(
        Appointment.objects.expected()
        .filter(practitioner=practitioner, starts_at__gt=now)
        .select_related("session_type", "client", "practitioner__user", "correspondent")
        .order_by("starts_at", "pk")
    )
    if not ahead:
        return []
    last = max(one.ends_at for one in ahead)
    closures = queries.closures_of(
        [practitioner], first=(now - queries.REACH).date(), last=(last + queries.REACH).date()
    )
    now_open = Schedule(
        zone_named(practitioner.zone),
        weekly_of(queries.hours_of([practitioner])),
        tuple(map(closure_of, closures)),
    )
    then_open = replace(now_open, weekly=rules_of(week))
    return [
        one
        for one in ahead
        if is_open_for(now_open, one.starts_at, one.ends_at)
        and not is_open_for(then_open, one.starts_at, one.ends_at)
    ]
