"""Reads of sessions of a practitioner who is away, and of colleagues who could take each of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from booking import queries
from booking.availability.engine.explain import Refusal
from booking.availability.engine.hours import Schedule
from booking.availability.engine.slots import first_refusal
from booking.availability.loading import schedules, service_of
from booking.models import Appointment, Place
from booking.time_off.matching import Colleague, Session, SessionKind, as_agreed, options, suggested
from practice.models import Practitioner


@dataclass(frozen=True)
class Handover:
    """A session, the colleagues who could take it, and the one suggested so that most are taken."""

    appointment: Appointment
    takers: list[Practitioner]
    suggested: Practitioner | None


def handovers(appointments: Sequence[Appointment], *, now: datetime) -> list[Handover]:
    """Return for each of these sessions, all of one practitioner, who could take it.

    Five queries for each session type, and again if it was booked for another place before.
    """
    people, colleagues = _colleagues(appointments, now=now)
    sessions = [
        Session(one.pk, _kind_of(one), one.starts_at, service_of(one.session_type, one))
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
    """Return who else gives any of these kinds of session, with rules and busy time for each."""
    away = {one.practitioner_id for one in appointments}
    people: dict[int, Practitioner] = {}
    plans: dict[int, dict[SessionKind, Schedule]] = {}
    for kind, example in {_kind_of(one): one for one in appointments}.items():
        givers = [one for one in queries.practitioners_of(example.session_type) if one.pk not in away]
        found = schedules(
            example.session_type,
            givers,
            first=min(one.starts_at for one in appointments),
            until=max(one.ends_at for one in appointments),
            now=now,
            ignoring=example,  # as booked: for a visit, taken time in the room does not matter
            but=[one.pk for one in appointments],
        )
        for giver in givers:
            people[giver.pk] = giver
            plans.setdefault(giver.pk, {})[kind] = found[giver.pk]
    in_order = sorted(people.values(), key=lambda one: (one.order, one.pk))
    return people, [Colleague(one.pk, plans[one.pk], one.room_id) for one in in_order]


def _kind_of(appointment: Appointment) -> SessionKind:
    return SessionKind(appointment.session_type_id, takes_room=appointment.place == Place.PRACTICE)


def refusal(appointment: Appointment, to: Practitioner, *, now: datetime) -> Refusal | None:
    """Return the first rule by which this colleague cannot take it, or None. Asked under the lock."""
    kind, start, end = appointment.session_type, appointment.starts_at, appointment.ends_at
    plan = schedules(kind, [to], first=start, until=end, now=now, ignoring=appointment)[to.pk]
    return first_refusal(as_agreed(service_of(kind, appointment)), plan, start, now=now)
