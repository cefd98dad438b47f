"""The boards of a week or a day: rows read once, and laid out for each day and each person or room."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

from booking import queries as booked
from booking.availability.engine.closed_days import shut_out
from booking.availability.engine.hours import Schedule
from booking.availability.engine.intervals import Interval, union
from booking.availability.loading import closure_of, weekly_of
from booking.models import Appointment
from booking.schedule.engine import layout
from booking.schedule.engine.layout import Item, Piece
from booking.schedule.engine.wall_day import WallDay, wall_day
from booking.schedule.items import PlacedItem, Wanted, in_room, items_in, of_person
from booking.schedule.kinds import LOOKS, Look
from booking.schedule.wording import Lookup, Slot, shut_word, slot_of
from practice.core.clock import instant_at, seconds, zone_named
from practice.models import Practitioner, Room


@dataclass(frozen=True)
class Question:
    """What is asked for: whose boards on which days of the practice's calendar, for which reader.

    `known`: the people whose sessions the reader may see; of others there is only that a room is in use.
    `rooms`: boards are of these rooms, not of the people. `may_move`: whether the reader may move sessions.
    """

    people: Sequence[Practitioner]
    known: Sequence[Practitioner]
    days: Sequence[dt.date]
    zone: ZoneInfo
    locale: str
    now: dt.datetime
    rooms: Sequence[Room] | None = None
    may_move: bool = False


@dataclass(frozen=True)
class Lane:
    """One board: of a person or a room on one day. `person`: None for a room. `word`: why it is shut."""

    title: str
    slots: tuple[Slot, ...]
    levels: int
    person: Practitioner | None = None
    word: str = ""


@dataclass(frozen=True)
class DayOfBoards:
    """The boards of one day. `is_shut`: nobody works and nothing is there."""

    wall: WallDay
    lanes: tuple[Lane, ...]
    is_today: bool
    is_past: bool

    @property
    def date(self) -> dt.date:
        """Return the day."""
        return self.wall.day

    @property
    def is_shut(self) -> bool:
        """Return whether nobody works and nothing is there."""
        return all(one.word for one in self.lanes)

    @property
    def why_shut(self) -> str:
        """Return why it is shut: once where it is the same for all, else for each."""
        words = {one.word for one in self.lanes}
        return words.pop() if len(words) == 1 else ", ".join(f"{one.title}: {one.word}" for one in self.lanes)


@dataclass(frozen=True)
class Boards:
    """All boards of a page, from the minute `first` to `until` of each day, with the looks on them."""

    days: tuple[DayOfBoards, ...]
    first: int
    until: int
    looks: tuple[Look, ...]


@dataclass(frozen=True)
class _Owner:
    """Whose lane it is: a person or a room, with what is on it on all days and the hours that count."""

    title: str
    items: list[Item]
    plans: list[Schedule]
    person: Practitioner | None = None


@dataclass(frozen=True)
class _Laid:
    """A lane with its open time, in seconds, and what lies on it."""

    day: WallDay
    owner: _Owner
    hours: list[Interval]
    pieces: list[Piece]


def boards(asked: Question) -> Boards:
    """Return the boards. Four queries, for any number of days, people, rooms and rows."""
    days = [day for one in asked.days if (day := wall_day(one, asked.zone))]
    if not days:  # a day that the zone left out
        return Boards((), *layout.edges([], []), ())
    plans = _schedules(asked, days)
    found = items_in(_wanted(asked, days))
    owners = _owners(asked, plans, found)
    clashes = frozenset(_clashes(asked, plans, found))
    rough = _laid_out(owners, days, now=seconds(asked.now))
    lit = [hull for one in rough for each in one.hours if (hull := one.day.hull(*each))]
    first, until = layout.edges([one.pieces for one in rough], lit)
    drawn = [replace(one, pieces=layout.within(one.pieces, first, until)) for one in rough]
    looks = looks_of([one.pieces for one in drawn], clashes)
    return Boards(tuple(_day(asked, day, drawn, clashes) for day in days), first, until, looks)


def _laid_out(owners: Iterable[_Owner], days: Iterable[WallDay], *, now: int) -> list[_Laid]:
    """Return each lane as it is laid out, whole days long."""
    found = []
    for day in days:
        for owner in owners:
            hours = union(one for plan in owner.plans for one in layout.open_time(plan, day))
            found.append(_Laid(day, owner, hours, layout.lane(day, hours, owner.items, now=now)))
    return found


def _day(asked: Question, day: WallDay, drawn: Iterable[_Laid], clashes: frozenset[int]) -> DayOfBoards:
    """Return the lanes of one day in words."""
    lanes = tuple(
        _lane(one, _lookup(asked, day, one.owner, clashes=clashes)) for one in drawn if one.day is day
    )
    now = seconds(asked.now)
    return DayOfBoards(day, lanes, day.begins <= now < day.ends, day.ends <= now)


def _wanted(asked: Question, days: Sequence[WallDay]) -> Wanted:
    """Return what the sources are asked: for rooms, what everybody does there."""
    rooms = {one.room_id for one in asked.people if one.room_id}
    if asked.rooms is not None:
        rooms = {one.pk for one in asked.rooms}
    span = instant_at(days[0].begins), instant_at(days[-1].ends)
    return Wanted(asked.people, frozenset(rooms), *span, asked.now)


def _schedules(asked: Question, days: Sequence[WallDay]) -> dict[int, Schedule]:
    """Return each person's rules by id. Two queries."""
    a_day = dt.timedelta(days=2)  # their calendar may be a day ahead of the practice's, or behind
    span = {"first": days[0].day - a_day, "last": days[-1].day + a_day}
    closures = list(booked.closures_of(asked.people, **span))
    hours = list(booked.hours_of(asked.people))
    return {
        one.pk: Schedule(
            zone_named(one.zone),
            weekly_of(row for row in hours if row.practitioner_id == one.pk),
            tuple(closure_of(row) for row in closures if row.practitioner_id in (None, one.pk)),
        )
        for one in asked.people
    }


def _owners(asked: Question, plans: Mapping[int, Schedule], found: Sequence[PlacedItem]) -> list[_Owner]:
    """Return whose lanes there are, in order: the people's, or the rooms'."""
    if asked.rooms is None:
        there = {one.practitioner for one in found}  # who has left keeps a board until the last session
        return [
            _Owner(one.first_name, of_person(found, one), [plans[one.pk]], one)
            for one in asked.people
            if one.user.is_active or one.pk in there
        ]
    return [
        _Owner(
            room.name,
            in_room(found, room.pk, asked.known),
            [plans[one.pk] for one in asked.people if one.room_id == room.pk],
        )
        for room in asked.rooms
    ]


def _clashes(asked: Question, plans: Mapping[int, Schedule], found: Iterable[PlacedItem]) -> Iterable[int]:
    """Yield the ids of what is booked or requested for a time that was closed since."""
    for one in found:
        row = one.item.row
        if (
            not isinstance(row, Appointment)
            or not row.is_not_ended(asked.now)
            or one.practitioner not in plans
        ):
            continue
        plan = plans[one.practitioner]
        if any(shut_out(plan, closure, row.starts_at, row.ends_at) for closure in plan.closures):
            yield row.pk


def _lookup(asked: Question, day: WallDay, owner: _Owner, *, clashes: frozenset[int]) -> Lookup:
    """Return what the words of one lane need."""
    person = owner.person
    names = {one.pk: one.first_name for one in asked.known} if person is None else {}
    closures = [one for plan in owner.plans for one in plan.closures if not one.windows]
    return Lookup(
        *(asked.zone, asked.locale, day, seconds(asked.now)),
        name=person.first_name if person else "",
        slug=person.slug if person else "",
        own_zone=zone_named(person.zone) if person else None,
        movable=asked.may_move and person is not None,
        closed=any(one.first <= day.day <= one.last for one in closures),
        names=names,
        conflicts=clashes,
    )


def _lane(laid: _Laid, lookup: Lookup) -> Lane:
    """Return one lane in words. One without hours and sessions is shut, whatever goes on elsewhere."""
    owner, pieces = laid.owner, laid.pieces
    if not laid.hours and all(one.kind in layout.WITHOUT_SAY for one in pieces):
        return Lane(owner.title, (), 1, owner.person, shut_word(lookup))
    levels = max((one.levels for one in pieces), default=1)
    return Lane(owner.title, tuple(slot_of(one, lookup) for one in pieces), levels, owner.person)


def looks_of(lanes: Iterable[Sequence[Piece]], clashes: Collection[int]) -> tuple[Look, ...]:
    """Return the looks for the legend, in its order: of what is on the boards."""
    shown = [one for pieces in lanes for one in pieces]
    kinds = {one.kind for one in shown}
    rows = (one.item.row for one in shown if one.item)
    if any(isinstance(row, Appointment) and row.pk in clashes for row in rows):
        kinds.add("conflict")
    return tuple(look for kind, look in LOOKS.items() if kind in kinds and look.legend)
