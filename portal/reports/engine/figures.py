"""PURE. The numbers of months, put together from what each source counted."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields

from portal.reports.engine.months import MonthSpan


@dataclass(frozen=True)
class Counts:
    """What is counted of a month, all from zero.

    `booked`: what took place, is ahead, was missed or canceled late; `kept`: of these, what took place.
    `late`: canceled late by the client. `back`: clients who had a session before; `practiced`: of these,
    who practiced in between.
    """

    booked: int = 0
    booked_minutes: int = 0
    kept: int = 0
    kept_minutes: int = 0
    missed: int = 0
    late: int = 0
    filled: int = 0
    clients: int = 0
    new_clients: int = 0
    back: int = 0
    practiced: int = 0
    practice_times: int = 0
    practice_ms: int = 0
    emails_sent: int = 0
    emails_held: int = 0
    emails_followed: int = 0

    def __add__(self, other: Counts) -> Counts:
        """Return both together."""
        return Counts(
            **{one.name: getattr(self, one.name) + getattr(other, one.name) for one in fields(Counts)}
        )

    @property
    def other_minutes(self) -> int:
        """Return how much of what was booked has not taken place: missed, canceled late, or ahead."""
        return max(0, self.booked_minutes - self.kept_minutes)

    @property
    def returning_clients(self) -> int:
        """Return how many clients came who had come before this month."""
        return self.clients - self.new_clients


@dataclass(frozen=True)
class Received:
    """Money received in one way, less what was given back. Negative: more was given back."""

    currency: str
    how: str
    cents: int


@dataclass(frozen=True)
class MonthFigures:
    """All numbers of a month."""

    first: dt.date
    counts: Counts
    received: tuple[Received, ...]

    @property
    def is_empty(self) -> bool:
        """Return whether nothing at all was counted."""
        return self.counts == Counts() and not self.received

    @property
    def currencies(self) -> tuple[str, ...]:
        """Return the currencies in which money was received, in alphabetical order."""
        return tuple(sorted({one.currency for one in self.received}))

    def in_all(self, currency: str) -> int:
        """Return what was received in a currency, in cents."""
        return sum(one.cents for one in self.received if one.currency == currency)

    def sum_of(self, currency: str, how: str) -> int:
        """Return what was received in a currency in one way, in cents."""
        return sum(one.cents for one in self.received if (one.currency, one.how) == (currency, how))


def figures_of(
    months: Sequence[MonthSpan], counts: Mapping[int, Counts], received: Iterable[tuple[int, Received]]
) -> tuple[MonthFigures, ...]:
    """Return the numbers of each month. `counts` and `received` name a month by its place, from 0."""
    money: dict[int, list[Received]] = defaultdict(list)
    for place, one in received:
        if one.cents:
            money[place].append(one)
    return tuple(
        MonthFigures(month.first, counts.get(place, Counts()), tuple(money[place]))
        for place, month in enumerate(months)
    )


def ways_in(figures: Iterable[MonthFigures], *, order: Sequence[str]) -> list[tuple[str, str]]:
    """Return each currency and way of paying that occurs, once; ways in their usual order."""
    found = {(one.currency, one.how) for month in figures for one in month.received}
    places = {how: place for place, how in enumerate(order)}
    return sorted(found, key=lambda pair: (pair[0], places.get(pair[1], len(places)), pair[1]))
