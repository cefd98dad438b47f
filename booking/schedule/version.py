"""The version of a page of boards: it differs as soon as anything on them does. Two queries, both indexed.

It is made from the rows themselves, so whatever writes them counts: bookings, holds and offers that end,
blocks, other calendars, opening hours, closures, the back office, a script.
"""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import Any

from django.db.models import CharField, F, QuerySet, Value
from django.db.models.functions import Cast

from booking import queries as booked
from booking.schedule import queries
from booking.schedule.board import Question
from practice.core.clock import ClockError, day_bounds

#: What of an appointment is seen on a board.
SEEN = (
    *("pk", "practitioner_id", "room_id", "starts_at", "ends_at", "state", "attendee_name", "sequence"),
    *("buffer_before", "buffer_after", "hold_expires_at", "offer__pk"),
)
#: The boards follow the clock, too: how often they are drawn again though nothing was changed.
PACE = timedelta(minutes=15)


def version_of(asked: Question) -> str:
    """Return the version of these boards as of `asked.now`; "" for days beyond the calendar."""
    try:
        first, until = (day_bounds(day, asked.zone) for day in (asked.days[0], asked.days[-1]))
    except ClockError:
        return ""
    span = {"first": first[0], "until": until[1]}
    rooms = {one.room_id for one in asked.people if one.room_id}
    if asked.rooms is not None:
        rooms = {one.pk for one in asked.rooms}
    sessions = queries.on_boards(asked.people, rooms, now=asked.now, **span).values_list(*SEEN)
    people = [(one.pk, str(one), one.room_id, one.zone) for one in asked.people]
    tick = int(asked.now.timestamp() // PACE.total_seconds())
    seen = (tick, people, list(sessions), sorted(map(str, other_rows(asked, **span))))
    return hashlib.sha256(repr(seen).encode()).hexdigest()[:32]


def other_rows(asked: Question, *, first: Any, until: Any) -> QuerySet[Any, Any]:
    """Return all else that decides what is on the boards: kind, whose, and up to three values as text."""
    people, reach = asked.people, booked.REACH
    busy = booked.busy_elsewhere(people, first=first, until=until)
    blocked = booked.blocked_in(people, first=first, until=until)
    closed = booked.closures_of(people, first=(first - reach).date(), last=(until + reach).date())
    hours = booked.hours_of(people)
    return _as_text(busy, "busy", "calendar__practitioner_id", "starts_at", "ends_at", "pk").union(
        _as_text(blocked, "blocked", "practitioner_id", "starts_at", "ends_at", "pk"),
        _as_text(closed, "closed", "practitioner_id", "first_day", "last_day", "opens"),
        _as_text(closed, "until", "practitioner_id", "first_day", "closes", "past_midnight"),
        _as_text(hours, "hours", "practitioner_id", "weekday", "opens", "closes"),
        all=True,
    )


def _as_text(rows: QuerySet[Any, Any], kind: str, whose: str, *fields: str) -> QuerySet[Any, Any]:
    """Return rows as (kind, whose, text, text, text), so that different tables fit into one query."""
    texts = {f"text_{number}": Cast(F(field), CharField()) for number, field in enumerate(fields)}
    kinds = Value(kind, output_field=CharField())
    return rows.order_by().annotate(kind=kinds, whose=F(whose), **texts).values_list("kind", "whose", *texts)
