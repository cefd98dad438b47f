"""Matching of an absent practitioner's sessions with colleagues, each session at its own time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import NamedTuple

from booking.availability.engine.hours import Schedule
from booking.availability.engine.intervals import Busy
from booking.availability.engine.service import Service
from booking.availability.engine.slots import first_refusal


class SessionKind(NamedTuple):
    """A kind of session: the key of its session type, and whether it takes a room."""

    type: int
    takes_room: bool = True


@dataclass(frozen=True)
class Session:
    """A session whose practitioner is away. `kind`, `service`: as booked."""

    key: int
    kind: SessionKind
    start: datetime
    service: Service


@dataclass(frozen=True)
class Colleague:
    """A colleague who might take sessions. `plans`: their schedule for each kind that they give.

    Time taken in their room counts only in the plans of kinds that take a room. The sessions to be handed
    over are in no plan: their own times and rooms are given up. `room`: the key of the room they work in, if
    any.
    """

    key: int
    plans: Mapping[SessionKind, Schedule]
    room: int | None = None


def can_take(session: Session, colleague: Colleague, *, now: datetime) -> bool:
    """Return whether the colleague gives that type and is free then, with buffers and a room."""
    plan = colleague.plans.get(session.kind)
    return (
        plan is not None and first_refusal(session.service.as_agreed(), plan, session.start, now=now) is None
    )


def options(
    sessions: Sequence[Session], colleagues: Sequence[Colleague], *, now: datetime
) -> dict[int, list[int]]:
    """Return for each session the keys of all who could take it if it were the only one, in order."""
    return {
        session.key: [one.key for one in colleagues if can_take(session, one, now=now)]
        for session in sessions
    }


def suggested(
    sessions: Sequence[Session], colleagues: Sequence[Colleague], *, now: datetime
) -> dict[int, int]:
    """Return colleague keys by session key, for as many sessions as can be handed over together.

    The session with the fewest choices is placed first, so that one which only one colleague can take is not
    left out for one that two can; of several colleagues, the one with the fewest takes it. What is placed
    counts for the rest: its buffers, its room, the daily limit.
    """
    free = list(colleagues)
    waiting = sorted(sessions, key=lambda one: (one.start, one.key))
    found: dict[int, int] = {}
    while True:
        choices = options(waiting, free, now=now)
        waiting = [one for one in waiting if choices[one.key]]
        if not waiting:
            return found
        session = min(waiting, key=lambda one: len(choices[one.key]))
        given = list(found.values())
        taker = min(choices[session.key], key=given.count)
        found[session.key] = taker
        waiting.remove(session)
        free = _with_it(session, taker, free)


def _with_it(session: Session, taker: int, colleagues: Sequence[Colleague]) -> list[Colleague]:
    """Return the colleagues once one has taken this session, and its room if it takes one."""
    room = next(one.room for one in colleagues if one.key == taker)
    return [
        _busy_with(session, one, own=one.key == taker)
        if one.key == taker or (session.kind.takes_room and room is not None and one.room == room)
        else one
        for one in colleagues
    ]


def _busy_with(session: Session, colleague: Colleague, *, own: bool) -> Colleague:
    """Return the colleague with the session in their plans; another's only in plans that need its room."""
    service = session.service
    end = session.start + timedelta(minutes=service.minutes)
    plans = {}
    for kind, plan in colleague.plans.items():
        if not (own or kind.takes_room):
            plans[kind] = plan
            continue
        counts = own and kind.type == session.kind.type
        busy = Busy(session.start, end, service.buffer_before, service.buffer_after, counts=counts)
        plans[kind] = replace(plan, busy=tuple(sorted((*plan.busy, busy), key=lambda one: one.start)))
    return replace(colleague, plans=plans)
