"""Sessions of somebody who is away, and which colleague could take each of them at its own time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from booking import queries
from booking.models import Appointment
from booking.rules import schedules, service_of
from booking.scheduling.explain import Refusal
from booking.scheduling.handover import Colleague, Session, as_agreed, options, suggested
from booking.scheduling.hours import Schedule
from booking.scheduling.slots import judge
from practice.models import Practitioner


@dataclass(frozen=True)
class Handover:
    """A session, who could take it, and whom we suggest so that as many as possible are taken."""

    appointment: Appointment
    takers: list[Practitioner]
    suggested: Practitioner | None


def handovers(appointments: Sequence[Appointment], *, now: datetime) -> list[Handover]:
    """For each of these, all of one practitioner, who could take it. Five queries for each session type."""
    people, colleagues = _colleagues(appointments, now=now)
    sessions = [
        Session(one.pk, one.session_type_id, one.starts_at, service_of(one.session_type, one))
        for one in appointments
    ]
    able, best = options(sessions, colleagues, now=now), suggested(sessions, colleagues, now=now)
    return [
        Handover(one, [people[pk] for pk in able[one.pk]], people[best[one.pk]] if one.pk in best else None)
        for one in appointments
    ]


def _colleagues(
    appointments: Sequence[Appointment], *, now: datetime
) -> tuple[dict[int, Practitioner], list[Colleague]]:
    """Who else gives any of these session types, with their rules and taken time for each."""
    away = {one.practitioner_id for one in appointments}
    people: dict[int, Practitioner] = {}
    plans: dict[int, dict[int, Schedule]] = {}
    for kind in {one.session_type_id: one.session_type for one in appointments}.values():
        givers = [one for one in queries.practitioners_of(kind) if one.pk not in away]
        found = schedules(
            kind,
            givers,
            first=min(one.starts_at for one in appointments),
            until=max(one.ends_at for one in appointments),
            now=now,
            but=[one.pk for one in appointments],
        )
        for giver in givers:
            people[giver.pk] = giver
            plans.setdefault(giver.pk, {})[kind.pk] = found[giver.pk]
    in_order = sorted(people.values(), key=lambda one: (one.order, one.pk))
    return people, [Colleague(one.pk, plans[one.pk], one.room_id) for one in in_order]


def refusal(appointment: Appointment, to: Practitioner, *, now: datetime) -> Refusal | None:
    """The first rule by which this colleague cannot take it; None: they can. Asked under the lock."""
    kind, start, end = appointment.session_type, appointment.starts_at, appointment.ends_at
    plan = schedules(kind, [to], first=start, until=end, now=now, ignoring=appointment)[to.pk]
    return judge(as_agreed(service_of(kind, appointment)), plan, start, now=now)
