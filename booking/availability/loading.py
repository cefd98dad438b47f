"""Rows as the engine's values: a session type as a service, hours and busy time as schedules."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, time, timedelta
from typing import Any, cast

from booking import queries
from booking.availability.engine.audience import Audience
from booking.availability.engine.hours import DAY, Closure, Schedule, WeeklyHours
from booking.availability.engine.intervals import TakenSeconds, start_of
from booking.availability.engine.service import Gaps, Service
from booking.models import Appointment, OpeningHours, Place, SessionType
from booking.models import Closure as ClosureRow
from practice.core.clock import zone_named
from practice.models import Practitioner


def service_of(session_type: SessionType, booked: Appointment | None = None) -> Service:
    """Return the session type as rules of the engine.

    What is booked already keeps the length and buffers it was booked with, and passes for any asker.
    """
    # A hold is not booked yet: it becomes what is offered now.
    kept = booked if booked and not booked.is_hold else session_type
    return Service(
        minutes=kept.minutes,
        buffer_before=kept.buffer_before if isinstance(kept, Appointment) else kept.kept_before,
        buffer_after=kept.buffer_after if isinstance(kept, Appointment) else kept.kept_after,
        step=session_type.step,
        notice=timedelta(hours=session_type.notice_hours),
        horizon=timedelta(days=session_type.horizon_days),
        daily_limit=session_type.daily_limit,
        buffer_rule="add" if session_type.buffer_rule == SessionType.BufferRule.ADD else "max",
        buffers_inside_hours=session_type.buffers_inside_hours,
        who=cast("Audience", session_type.who) if kept is session_type else "anyone",
        gaps=cast("Gaps", session_type.gaps),
    )


def room_for(
    session_type: SessionType, practitioner: Practitioner, booked: Appointment | None = None
) -> int | None:
    """Return the id of the room that such a session takes; None away from the practice.

    What is `booked` already keeps its place; a hold takes the place that is offered now.
    """
    place = booked.place if booked is not None and not booked.is_hold else session_type.place
    return practitioner.room_id if place == Place.PRACTICE else None


def schedules(
    session_type: SessionType,
    practitioners: Sequence[Practitioner],
    *,
    first: datetime,
    until: datetime,
    now: datetime,
    ignoring: Appointment | None = None,
    but: Collection[int] = (),
) -> dict[int, Schedule]:
    """Return everybody's rules and busy time around `[first, until)`, by practitioner id.

    `but`: ids of more appointments that are to give up their time.

    Four queries. Where gaps are refused, a fifth tells what might fill them, and the others look further: a
    neighbour matters as long as no session fits between with all its buffers.
    """
    shortest: dict[int, Service] = {}
    if session_type.gaps == SessionType.Gaps.REQUIRE:
        shortest = _shortest(queries.given_by(practitioners))
        first, until = first - queries.REACH, until + queries.REACH
    hours = list(queries.hours_of(practitioners))
    closures = list(
        queries.closures_of(
            practitioners, first=(first - queries.REACH).date(), last=(until + queries.REACH).date()
        )
    )
    here = queries.taken_times(practitioners, first=first, until=until, now=now, ignoring=ignoring, but=but)
    taken = _taken_of(session_type, practitioners, here, ignoring=ignoring)
    for whose, start, end in queries.busy_times(practitioners, first=first, until=until):
        taken[whose].append(TakenSeconds(start, end, counts=False))
    return {
        practitioner.pk: Schedule(
            zone=zone_named(practitioner.zone),
            weekly=weekly_of(rule for rule in hours if rule.practitioner_id == practitioner.pk),
            closures=tuple(
                closure_of(row) for row in closures if row.practitioner_id in (None, practitioner.pk)
            ),
            taken=tuple(sorted(taken[practitioner.pk], key=start_of)),
            shortest=shortest.get(practitioner.pk),
        )
        for practitioner in practitioners
    }


def _shortest(given: Iterable[tuple[int, SessionType]]) -> dict[int, Service]:
    """Return each practitioner's shortest session; of two equally long, the one with shorter buffers."""
    found: dict[int, Service] = {}
    order = sorted(given, key=lambda one: (one[1].minutes, one[1].kept_before + one[1].kept_after))
    for practitioner, kind in order:
        found.setdefault(practitioner, service_of(kind))
    return found


def minutes_of(opens: time, closes: time, past_midnight: bool) -> tuple[int, int] | None:
    """Return opening and closing as minutes since the day's 00:00; closing at 00:00 is 24:00.

    Closing at or before opening lies on the next day where `past_midnight` says so. Else it is a mistake, and
    opens nothing: the database refuses such rows, and an hour too few is better than a night too many.
    """
    begin, end = opens.hour * 60 + opens.minute, closes.hour * 60 + closes.minute
    if end > begin:
        return begin, end
    return (begin, end + DAY) if past_midnight or end == 0 else None


def weekly_of(rows: Iterable[OpeningHours]) -> tuple[WeeklyHours, ...]:
    """Return weekly opening hours as values of the engine."""
    found = ((row.weekday, minutes_of(row.opens, row.closes, row.past_midnight)) for row in rows)
    return tuple(WeeklyHours(weekday, *minutes) for weekday, minutes in found if minutes)


def closure_of(row: ClosureRow) -> Closure:
    """Return a closed day, or a day with other hours, as a value of the engine."""
    if row.opens is None or row.closes is None:
        return Closure(row.first_day, row.last_day)
    minutes = minutes_of(row.opens, row.closes, row.past_midnight)
    return Closure(row.first_day, row.last_day, (minutes,) if minutes else ())


def _taken_of(
    session_type: SessionType,
    practitioners: Sequence[Practitioner],
    rows: Iterable[tuple[Any, ...]],
    *,
    ignoring: Appointment | None,
) -> dict[int, list[TakenSeconds]]:
    """Return by practitioner id what their own sessions take, and what others take in the room they need.

    A session that needs no room has nobody in it in its way.
    """
    found: dict[int, list[TakenSeconds]] = {person.pk: [] for person in practitioners}
    in_room: dict[int, list[int]] = {}
    for person in practitioners:
        room = room_for(session_type, person, ignoring)
        if room is not None:
            in_room.setdefault(room, []).append(person.pk)
    kind = session_type.pk
    for whose, room, what, start, end, before, after in rows:
        if whose in found:
            # A daily limit is for one type with one practitioner, not for others in the same room.
            found[whose].append(TakenSeconds(start, end, before, after, what == kind))
        if room is not None:
            for other in in_room.get(room, ()):
                if other != whose:
                    found[other].append(TakenSeconds(start, end, before, after, counts=False))
    return found
