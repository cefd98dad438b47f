"""Reads of sessions of a practitioner who is away, and of colleagues who could take each of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from booking import queries
from booking.availability.engine.explain import Refusal
from booking.availability.engine.hours import Schedule
from booking.availability.engine.slots import first_refusal
from booking.availability.listing import FreeStart, alternatives, load_availability
from booking.availability.loading import closure_of, schedules, service_of
from booking.models import Appointment, Closure, Place, SessionType
from booking.opening_hours.queries import reader_of, types_shown
from booking.time_off.matching import Colleague, Session, SessionKind, options, suggested
from practice.access import rows
from practice.core.clock import day_bounds, zone_named
from practice.models import Practitioner, User


@dataclass(frozen=True)
class Handover:
    """A session, the colleagues who could take it, and the one suggested so that most are taken."""

    appointment: Appointment
    takers: list[Practitioner]
    suggested: Practitioner | None


def coming_closures(user: User, *, today: date) -> list[Closure]:
    """Return the closures this person sees that are not over, by day, without their reason. One query."""
    found = Closure.objects.filter(last_day__gte=today).defer("reason")
    found = found.select_related("practitioner__user")
    return list(rows.for_person(user, found).order_by("first_day", "last_day", "pk"))


@dataclass(frozen=True)
class TimesBack:
    """How many times of a practitioner's first session type can be booked once a closure is changed."""

    practitioner: Practitioner
    kind: SessionType
    count: int


def times_back(
    closure: Closure, people: Sequence[Practitioner], *, instead: Closure | None = None, now: datetime
) -> list[TimesBack]:
    """Return what becomes available when a closure is opened again, or is replaced by another (`instead`).

    By the engine that lists and books; nothing is saved. Five queries for each practitioner.
    """
    found = []
    for person in people:
        kind = next(iter(types_shown(person)), None)
        count = _times_back(closure, person, kind, instead=instead, now=now) if kind else 0
        if kind and count:
            found.append(TimesBack(person, kind, count))
    return found


def _times_back(
    closure: Closure, person: Practitioner, kind: SessionType, *, instead: Closure | None, now: datetime
) -> int:
    zone = zone_named(person.zone)
    first = max(now, day_bounds(closure.first_day, zone)[0])
    until = day_bounds(closure.last_day, zone)[1] + timedelta(days=1)  # a night may end on the next day
    if first >= until:
        return 0
    asker = reader_of(kind)
    closed = load_availability(kind, [person], first=first, until=until, now=now, asker=asker)
    others = list(closed.plans[person.pk].closures)
    if (value := closure_of(closure)) in others:
        others.remove(value)
    rules = (*others, *([closure_of(instead)] if instead else []))
    opened = replace(closed, plans={person.pk: replace(closed.plans[person.pk], closures=rules)})
    return len(set(opened.starts_of(person)) - set(closed.starts_of(person)))


def times_to_offer(
    appointments: Sequence[Appointment], *, now: datetime, count: int = 3
) -> dict[int, list[FreeStart]]:
    """Return by appointment id the available times nearest to it, with anyone who gives its type."""
    givers: dict[int, list[Practitioner]] = {}
    found = {}
    for one in appointments:
        kind = one.session_type
        if kind.pk not in givers:
            givers[kind.pk] = queries.practitioners_of(kind)
        near, people = one.starts_at, givers[kind.pk]
        found[one.pk] = alternatives(kind, people, near=near, now=now, count=count, asker="returning")
    return found


def handovers(appointments: Sequence[Appointment], *, now: datetime) -> list[Handover]:
    """Return for each of these sessions, of those who are away, who could take it.

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
    return first_refusal(service_of(kind, appointment).as_agreed(), plan, start, now=now)
