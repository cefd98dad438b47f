"""The parts of the page of hours: a week's days with their boards, the choices for copying, the changes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from booking.opening_hours import wording
from booking.opening_hours.engine.week import DAY, Week
from booking.opening_hours.forms import TypedDay, TypedWeek
from booking.opening_hours.queries import WeekPreview

WORKDAYS = range(5)
SOME_OUTSIDE = 12


@dataclass(frozen=True)
class Board:
    """A stretch of the day's line that is open: where it begins and how long it is, in minutes."""

    at: int
    minutes: int


@dataclass(frozen=True)
class DayFields:
    """A day with its rows, and its boards on the line of the day."""

    day: TypedDay
    boards: list[Board]


@dataclass(frozen=True)
class DayRead:
    """A day for those who only read it."""

    name: str
    hours: str
    boards: list[Board]


@dataclass(frozen=True)
class CopyChoice:
    """A day that hours can be copied from or to."""

    weekday: int
    name: str
    is_source: bool
    is_target: bool


def fields(typed: TypedWeek, *, more: int | None) -> list[DayFields]:
    """Return the days with their fields."""
    week = typed.week
    return [DayFields(day, boards_of(week, day.weekday)) for day in typed.days(more=more)]


def read_only(week: Week, *, locale: str) -> list[DayRead]:
    """Return the days in words."""
    return [
        DayRead(name, wording.day_in_short(week, day, locale=locale), boards_of(week, day))
        for day, name in wording.weekdays(locale)
    ]


def boards_of(week: Week, weekday: int) -> list[Board]:
    """Return what is open on a day, also from the night before."""
    night = [Board(0, one.closes - DAY) for one in week[(weekday - 1) % 7] if one.is_late]
    return [*night, *(Board(one.opens, min(one.closes, DAY) - one.opens) for one in week[weekday])]


def copying(typed: TypedWeek, said: Any) -> list[CopyChoice]:
    """Return the days to copy from and to; at first from the first open one to workdays that are closed."""
    days = typed.days()
    opened = [day.weekday for day in days if not day.is_closed]
    source = said.get("from", "") or str(min(opened, default=0))
    if "from" in said:
        targets: Iterable[int] = {int(one) for one in said.getlist("to") if one.isdecimal()}
    else:
        targets = set(WORKDAYS) - set(opened)
    return [
        CopyChoice(day.weekday, day.name, str(day.weekday) == source, day.weekday in set(targets))
        for day in days
    ]


def changes(found: WeekPreview, *, locale: str) -> list[str]:
    """Return what changes on each weekday, in the locale's order."""
    by_weekday = {one.weekday: one for one in found.changes}
    return [
        wording.change(by_weekday[day], locale=locale)
        for day, _name in wording.weekdays(locale)
        if day in by_weekday
    ]
