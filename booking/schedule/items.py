"""What takes up time, as items for the boards. One more kind of it: one more function in `SOURCES`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from booking.models import Appointment, Place
from booking.schedule import queries
from booking.schedule.engine.layout import Item
from practice.core.clock import seconds
from practice.models import Practitioner

State = Appointment.State
KINDS: Mapping[str, str] = {State.COMPLETED: "done", State.NO_SHOW: "missed", State.PENDING: "request"}


@dataclass(frozen=True)
class Wanted:
    """What is asked of each source: whose time, in which rooms, in `[first, until)`, as of now."""

    people: Sequence[Practitioner]
    rooms: frozenset[int]
    first: datetime
    until: datetime
    now: datetime


@dataclass(frozen=True)
class PlacedItem:
    """An item with whose time it takes, and which room; None: no room."""

    item: Item
    practitioner: int
    room: int | None = None


Source = Callable[[Wanted], Iterable[PlacedItem]]


def appointments(wanted: Wanted) -> Iterable[PlacedItem]:
    """Yield sessions, requests, holds and offers. One query."""
    span = {"first": wanted.first, "until": wanted.until, "now": wanted.now}
    for one in queries.on_boards(wanted.people, wanted.rooms, **span):
        item = Item(
            kind_of(one),
            *(seconds(one.starts_at), seconds(one.ends_at)),
            *(one.buffer_before, one.buffer_after),
            travels=one.place == Place.CLIENT,
            row=one,
        )
        yield PlacedItem(item, one.practitioner_id, one.room_id)


def unbookable(wanted: Wanted) -> Iterable[PlacedItem]:
    """Yield what other calendars say is busy, and what practitioners have blocked. One query.

    What the busy time is about was never read; why one is blocked is on the page that it leads to.
    """
    for one in queries.unbookable(wanted.people, first=wanted.first, until=wanted.until):
        span = seconds(one.starts_at), seconds(one.ends_at)
        if one.blocked is None:
            item = Item("busy", *span)
        else:
            url = reverse("workspace_blocked", args=[one.blocked])
            item = Item("blocked", *span, title=_("Blocked"), url=url)
        yield PlacedItem(item, one.practitioner)


SOURCES: tuple[Source, ...] = (appointments, unbookable)


def items_in(wanted: Wanted) -> list[PlacedItem]:
    """Return everything that takes up time of these people and rooms."""
    return [one for source in SOURCES for one in source(wanted)]


def kind_of(appointment: Appointment) -> str:
    """Return the kind of an appointment's item."""
    if appointment.state == State.HELD:
        return "offer" if hasattr(appointment, "offer") else "hold"
    return KINDS.get(appointment.state, "booked")


def of_person(found: Iterable[PlacedItem], person: Practitioner) -> list[Item]:
    """Return what takes a practitioner's time: their own, and what others do in their room, unnamed."""
    mine = [one.item for one in found if one.practitioner == person.pk]
    room = person.room_id
    return mine + [
        anonymous(one.item)
        for one in found
        if one.practitioner != person.pk and room is not None and one.room == room
    ]


def in_room(found: Iterable[PlacedItem], room: int, known: Iterable[Practitioner]) -> list[Item]:
    """Return what takes a room; what people do who are not `known` to the reader, without its name."""
    ids = {one.pk for one in known}
    here = [one for one in found if one.room == room]
    return [one.item if one.practitioner in ids else anonymous(one.item) for one in here]


def anonymous(item: Item) -> Item:
    """Return the item as taken time that says nothing of itself."""
    return replace(item, kind="taken", title="", url="", row=None)
