"""What hold, book, move and cancel share: the lock, the sweep of expired holds, the judgement, the record.

One order for everybody, so that nobody waits in a circle: the visitor, practitioners by id, rooms by id. On
SQLite there is nothing to lock: its transactions begin IMMEDIATE, so there is one writer at a time.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any, TypedDict

from django.db import IntegrityError, connection, transaction
from django.db.models import Q
from django.utils import timezone

from booking import calendar, guard, queries
from booking.errors import BookingError, HandedOver, NotBookable, NotOffered, SlotTaken
from booking.models import Appointment, AppointmentChange, SessionType
from booking.rules import room_for, service_of
from booking.scheduling.explain import Refusal
from booking.scheduling.service import LONGEST
from booking.scheduling.who import Asker
from booking.words import sentence
from practice.clock import day_bounds, zone_named
from practice.models import Practitioner, Room, User
from practice.queries import the_practice
from practice.reaching import please_call

State = Appointment.State
What = AppointmentChange.What
# Rules that other people's bookings break: what was free a moment ago no longer is.
OTHERS = {"taken", "buffer", "daily_limit", "gap"}


class Asked(TypedDict):
    """What every judgement is asked with."""

    now: datetime
    asker: Asker
    ignoring: Appointment | None


class Refused(Exception):
    """Within an action: the engine, or the guard, says no. `answering` turns it into words."""

    def __init__(self, refusal: Refusal, practitioner: Practitioner) -> None:
        super().__init__(refusal.rule)
        self.refusal, self.practitioner = refusal, practitioner


@contextmanager
def answering(
    session_type: SessionType,
    practitioners: Sequence[Practitioner],
    *,
    start: datetime,
    now: datetime,
    ignoring: Appointment | None = None,
    asker: Asker = "unknown",
) -> Iterator[None]:
    """One transaction, with a refusal as an answer: SlotTaken with fresh alternatives, or NotBookable.

    The alternatives are looked up after the transaction: nobody waits in line for them.
    """
    try:
        with transaction.atomic():
            yield
        return
    except Refused as refused:
        refusal = refused
    except IntegrityError as error:
        if not guard.is_overlap(error):
            raise
        refusal = Refused(taken(start, start, start), practitioners[0])
    raise in_words(refusal, session_type, practitioners, start=start, now=now, ignoring=ignoring, asker=asker)


def turn_away(
    session_type: SessionType,
    practitioners: Sequence[Practitioner],
    *,
    start: datetime,
    now: datetime,
    asker: Asker,
    ignoring: Appointment | None = None,
) -> None:
    """Refuse what anybody can see is not free, before anybody waits in line for it.

    Who comes after the winner is answered from one reading, alternatives and all, and holds up nobody. Who
    may pass is promised nothing: they are judged again under the lock. Raises SlotTaken or NotBookable.
    `ignoring`: the appointment that is to be moved.
    """
    seen = None
    asked: Asked = {"now": now, "asker": asker, "ignoring": ignoring}
    if refusal := calendar.out_of_reach(session_type, start, **asked):
        verdicts: dict[int, Refusal | None] = {person.pk: refusal for person in practitioners}
    else:
        seen = calendar.look_around(session_type, practitioners, near=start, **asked)
        verdicts = seen.refusals(start)
    if None not in verdicts.values():
        refused = _refused(practitioners, verdicts)
        raise in_words(refused, session_type, practitioners, start=start, **asked, seen=seen)


def in_words(
    refused: Refused,
    session_type: SessionType,
    practitioners: Sequence[Practitioner],
    *,
    start: datetime,
    now: datetime,
    asker: Asker,
    ignoring: Appointment | None = None,
    seen: calendar.Look | None = None,
) -> SlotTaken | NotBookable:
    """The answer to whoever is refused: with what is free close by when others were faster."""
    refusal = refused.refusal
    zone, practice = zone_named(refused.practitioner.zone), the_practice()
    why = sentence(refusal, zone=zone, locale=practice.locale, call=please_call(practice))
    back_to_back = refusal.rule == "off_grid" and session_type.step is None
    if refusal.rule not in OTHERS and not back_to_back:
        return NotBookable(refusal, why)
    near = calendar.alternatives(
        session_type, practitioners, near=start, now=now, ignoring=ignoring, asker=asker, seen=seen
    )
    return SlotTaken(near, refusal, why="" if refusal.rule == "taken" else why)


def taken(start: datetime, end: datetime, busy: datetime) -> Refusal:
    """The refusal of a time somebody has."""
    return Refusal("taken", {"start": start, "end": end, "busy_start": busy, "busy_end": busy})


def whole_seconds(start: datetime) -> datetime:
    """The instant in UTC as it is judged and stored. Raises ValueError without a zone."""
    if start.tzinfo is None:
        raise ValueError("a start needs a zone")
    return start.astimezone(UTC).replace(microsecond=0)


def moment(now: datetime | None) -> datetime:
    """Return `now`, or this moment where nobody named one.

    Actions ask it once they hold the lock: of two at one time, the second would otherwise bring a time from
    before its wait, and the ledger would tell them in the wrong order.
    """
    return now or timezone.now()


def lock(practitioners: Iterable[Practitioner], *, rooms: Iterable[int | None] = ()) -> list[Practitioner]:
    """Wait for, and take, these practitioners and their rooms (and `rooms`). Returns them as they are now."""
    ids = {practitioner.pk for practitioner in practitioners}
    # NO KEY UPDATE: rows that only point at a practitioner (a foreign key) need not wait for us.
    locked = list(
        Practitioner.objects.select_for_update(no_key=True, of=("self",))
        .select_related("user", "room")
        .filter(pk__in=ids)
        .order_by("pk")
    )
    wanted = {room for room in (*rooms, *(practitioner.room_id for practitioner in locked)) if room}
    if wanted:
        list(Room.objects.select_for_update(no_key=True).filter(pk__in=wanted).order_by("pk"))
    return locked


def lock_visitor(visitor: str) -> None:
    """One hold at a time for a visitor, whoever it is with: else two at once could both be the third."""
    if connection.vendor == "postgresql" and visitor:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"visitor:{visitor}"])


def release_expired_of(locked: Sequence[Practitioner], *, now: datetime) -> int:
    """Let go of the holds that have run out and stand in the way of these practitioners or their rooms."""
    rooms = {practitioner.room_id for practitioner in locked if practitioner.room_id}
    gone = queries.expired_holds(now=now).filter(Q(practitioner__in=locked) | Q(room__in=rooms))
    return sum(release(held, now=now) for held in gone)


def release(held: Appointment, *, now: datetime, note: str = "") -> bool:
    """Let go of one hold, if it is still one. Whether it was us."""
    changed = Appointment.objects.filter(pk=held.pk, state=State.HELD).update(
        state=State.RELEASED, occupies=False
    )
    if changed:
        record(held, What.RELEASED, now=now, note=note)
    return bool(changed)


def offering(
    session_type: SessionType, practitioners: Sequence[Practitioner], *, by: User | None
) -> list[Practitioner]:
    """Of these, who offers the type now, in the practice's order. Raises NotOffered when nobody does."""
    asked = {practitioner.pk for practitioner in practitioners}
    found = [person for person in queries.practitioners_of(session_type) if person.pk in asked]
    if not found or not (session_type.is_active or is_staff(by)):
        raise NotOffered
    return found


def choose(
    session_type: SessionType,
    candidates: Sequence[Practitioner],
    *,
    start: datetime,
    now: datetime,
    ignoring: Appointment | None = None,
    asker: Asker = "unknown",
    override: bool = False,
) -> Practitioner:
    """Who takes this start: of those who are free, whoever has fewest sessions that day, then in order.

    Called under the lock. With `override` only a real overlap refuses. Raises Refused.
    """
    verdicts = calendar.judge_each(session_type, candidates, start, now=now, ignoring=ignoring, asker=asker)
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
    return taken(start, end, other.starts_at) if other else None


def _refused(candidates: Sequence[Practitioner], verdicts: dict[int, Refusal | None]) -> Refused:
    """Whose refusal to tell: of somebody who was only taken, else the first one's."""
    refusals = [(verdicts[person.pk], person) for person in candidates]
    for refusal, person in refusals:
        if refusal and refusal.rule in OTHERS:
            return Refused(refusal, person)
    refusal, person = refusals[0]
    if refusal is None:  # pragma: no cover  (only called when everybody is refused)
        raise BookingError("nobody refused")
    return Refused(refusal, person)


def is_staff(by: User | None) -> bool:
    """Whether whoever acts works here, and so is exempt from the policy."""
    return by is not None and by.is_staff


def record(
    appointment: Appointment,
    what: AppointmentChange.What,
    *,
    now: datetime,
    by: User | None = None,
    was: datetime | None = None,
    before: dict[str, Any] | None = None,
    whose: Practitioner | None = None,
    note: str = "",
) -> AppointmentChange:
    """Write down what happened, in the transaction in which it happens. `whose`: who had it before."""
    return AppointmentChange.objects.create(
        appointment=appointment,
        at=now,
        what=what,
        by=by,
        by_staff=is_staff(by),
        starts_at=appointment.starts_at,
        was_starts_at=was,
        before=before,
        was_practitioner=whose if whose and whose.pk != appointment.practitioner_id else None,
        note=note[:200],
    )


def again(appointment: Appointment) -> Appointment:
    """The row as it is now, with what letters need."""
    return Appointment.objects.select_related(
        "session_type", "practitioner__user", "practitioner__room", "room", "client", "correspondent"
    ).get(pk=appointment.pk)


def again_in_same_hands(seen: Appointment) -> Appointment:
    """The same, for whoever locked the practitioner it was seen with. Raises HandedOver if that changed."""
    row = again(seen)
    if row.practitioner_id != seen.practitioner_id:
        raise HandedOver
    return row
