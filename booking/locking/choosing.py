"""The judgement that hold, book and move share: refusals before the lock, the choice under it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import TypedDict

from django.db import IntegrityError, transaction

from booking import queries
from booking.availability import listing
from booking.availability.engine.audience import AskerStatus
from booking.availability.engine.explain import Refusal
from booking.availability.engine.service import LONGEST
from booking.availability.loading import room_for, service_of
from booking.availability.wording import sentence
from booking.errors import BookingError, NotBookable, NotOffered, SlotTaken
from booking.locking import overlap_guard
from booking.locking.changes import is_staff
from booking.models import Appointment, SessionType
from practice.contact import please_call
from practice.core.clock import day_bounds, zone_named
from practice.models import Practitioner, User
from practice.queries import the_practice

# Rules that other bookings can break: a time that was free a moment ago may not be now.
OTHERS = {"taken", "buffer", "daily_limit", "gap"}


class SlotQuery(TypedDict):
    """The arguments of every judgement."""

    now: datetime
    asker: AskerStatus
    ignoring: Appointment | None


class StartRefused(Exception):
    """Raised within an action when the engine or the guard refuses. `raising_slot_taken` words it."""

    def __init__(self, refusal: Refusal, practitioner: Practitioner) -> None:
        super().__init__(refusal.rule)
        self.refusal, self.practitioner = refusal, practitioner


@contextmanager
def raising_slot_taken(
    session_type: SessionType,
    practitioners: Sequence[Practitioner],
    *,
    start: datetime,
    now: datetime,
    ignoring: Appointment | None = None,
    asker: AskerStatus = "unknown",
) -> Iterator[None]:
    """Run one transaction; turn a refusal into SlotTaken with fresh alternatives, or NotBookable.

    The alternatives are looked up after the transaction, so that nobody waits for them.
    """
    try:
        with transaction.atomic():
            yield
        return
    except StartRefused as refused:
        refusal = refused
    except IntegrityError as error:
        if not overlap_guard.is_overlap(error):
            raise
        refusal = StartRefused(taken_refusal(start, start, start), practitioners[0])
    raise error_for(
        refusal, session_type, practitioners, start=start, now=now, ignoring=ignoring, asker=asker
    )


def refuse_if_taken(
    session_type: SessionType,
    practitioners: Sequence[Practitioner],
    *,
    start: datetime,
    now: datetime,
    asker: AskerStatus,
    ignoring: Appointment | None = None,
) -> None:
    """Refuse a time that is clearly not free, before waiting for the lock.

    A visitor who comes too late is answered from one reading, alternatives included, and holds up nobody. One
    who passes is promised nothing: they are judged again under the lock. Raises SlotTaken or NotBookable.
    `ignoring`: the appointment that is to be moved.
    """
    seen = None
    asked: SlotQuery = {"now": now, "asker": asker, "ignoring": ignoring}
    if refusal := listing.out_of_reach(session_type, start, **asked):
        verdicts: dict[int, Refusal | None] = {person.pk: refusal for person in practitioners}
    else:
        seen = listing.load_around(session_type, practitioners, near=start, **asked)
        verdicts = seen.refusals(start)
    if None not in verdicts.values():
        refused = _refused(practitioners, verdicts)
        raise error_for(refused, session_type, practitioners, start=start, **asked, seen=seen)


def error_for(
    refused: StartRefused,
    session_type: SessionType,
    practitioners: Sequence[Practitioner],
    *,
    start: datetime,
    now: datetime,
    asker: AskerStatus,
    ignoring: Appointment | None = None,
    seen: listing.Availability | None = None,
) -> SlotTaken | NotBookable:
    """Return the exception for a refusal; SlotTaken has the nearest free times."""
    refusal = refused.refusal
    zone, practice = zone_named(refused.practitioner.zone), the_practice()
    why = sentence(refusal, zone=zone, locale=practice.locale, call=please_call(practice))
    back_to_back = refusal.rule == "off_grid" and session_type.step is None
    if refusal.rule not in OTHERS and not back_to_back:
        return NotBookable(refusal, why)
    near = listing.alternatives(
        session_type, practitioners, near=start, now=now, ignoring=ignoring, asker=asker, seen=seen
    )
    return SlotTaken(near, refusal, why="" if refusal.rule == "taken" else why)


def taken_refusal(start: datetime, end: datetime, busy: datetime) -> Refusal:
    """Return the refusal of a time that somebody has."""
    return Refusal("taken", {"start": start, "end": end, "busy_start": busy, "busy_end": busy})


def practitioners_offering(
    session_type: SessionType, practitioners: Sequence[Practitioner], *, by: User | None
) -> list[Practitioner]:
    """Return those who offer the type now, in the practice's order. Raises NotOffered for nobody."""
    asked = {practitioner.pk for practitioner in practitioners}
    found = [person for person in queries.practitioners_of(session_type) if person.pk in asked]
    _must_be_offered(session_type, found, by=by)
    return found


def still_offering(
    locked: Sequence[Practitioner],
    practitioners: Sequence[Practitioner],
    session_type: SessionType,
    *,
    by: User | None,
) -> list[Practitioner]:
    """Return those of `practitioners` who offer the type, as they were locked with `queries.with_offers`.

    Raises NotOffered for nobody.
    """
    ours = {person.pk for person in practitioners}
    found = [person for person in locked if person.pk in ours and vars(person)["offers"]]
    _must_be_offered(session_type, found, by=by)
    return found


def _must_be_offered(session_type: SessionType, found: list[Practitioner], *, by: User | None) -> None:
    if not found or not (session_type.is_active or is_staff(by)):
        raise NotOffered


def choose_practitioner(
    session_type: SessionType,
    candidates: Sequence[Practitioner],
    *,
    start: datetime,
    now: datetime,
    ignoring: Appointment | None = None,
    asker: AskerStatus = "unknown",
    override: bool = False,
) -> Practitioner:
    """Return who takes this start: the free practitioner with the fewest sessions that day, then by order.

    Called under the lock. With `override` only a real overlap refuses. Raises Refused.
    """
    verdicts = listing.first_refusals(
        session_type, candidates, start, now=now, ignoring=ignoring, asker=asker
    )
    if override and abs(start - now) <= LONGEST:  # far-off years stay out of reach: the calendar ends there
        verdicts = {person.pk: _overlap(session_type, person, start, ignoring) for person in candidates}
    able = [person for person in candidates if verdicts[person.pk] is None]
    if not able:
        raise _refused(candidates, verdicts)
    if len(able) == 1:
        return able[0]

    def sessions(person: Practitioner) -> int:
        zone = zone_named(person.zone)
        first, until = day_bounds(start.astimezone(zone).date(), zone)
        return queries.sessions_on(person, first=first, until=until)

    return min(able, key=lambda person: (sessions(person), person.order, person.pk))


def _overlap(
    session_type: SessionType, person: Practitioner, start: datetime, ignoring: Appointment | None
) -> Refusal | None:
    end = start + timedelta(minutes=service_of(session_type, ignoring).minutes)
    room = room_for(session_type, person, ignoring)
    other = queries.overlapping(person, room=room, start=start, end=end, ignoring=ignoring).first()
    return taken_refusal(start, end, other.starts_at) if other else None


def _refused(candidates: Sequence[Practitioner], verdicts: dict[int, Refusal | None]) -> StartRefused:
    """Return the refusal to show: of a practitioner who was only taken, else the first one's."""
    refusals = [(verdicts[person.pk], person) for person in candidates]
    for refusal, person in refusals:
        if refusal and refusal.rule in OTHERS:
            return StartRefused(refusal, person)
    refusal, person = refusals[0]
    if refusal is None:  # pragma: no cover  (only called when everybody is refused)
        raise BookingError("nobody refused")
    return StartRefused(refusal, person)
