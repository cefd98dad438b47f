"""Save a practitioner's week of opening hours as a whole. Nothing that is booked changes."""

from __future__ import annotations

from datetime import time

from django.db import transaction

from booking import queries
from booking.locking.locks import lock
from booking.models import OpeningHours
from booking.opening_hours.engine.week import DAY, OpenSpan, Week
from booking.opening_hours.queries import mark_of, saved_week, week_of
from practice.models import Practitioner

Row = tuple[int, time, time, bool]


class ChangedSince(Exception):
    """Raised when someone has saved other hours since the page was opened. `now`: the hours as saved."""

    def __init__(self, now: Week):
        self.now = now
        super().__init__("the hours were changed since")


def save_week(practitioner: Practitioner, week: Week, *, seen: str) -> bool:
    """Replace a practitioner's hours by this week, under their lock; return whether anything changed.

    `seen`: the mark (`queries.mark_of`) of the hours that were on the page. Hours that are the same already
    are left alone, whoever saved them. Raises ChangedSince.
    """
    with transaction.atomic():
        lock([practitioner])
        saved = saved_week(practitioner)
        if saved == week:
            return False
        if mark_of(saved) != seen:
            raise ChangedSince(saved)
        _write(practitioner, week)
    return True


def _write(practitioner: Practitioner, week: Week) -> None:
    """Delete the rows that are gone and add the new ones; a row that stays keeps its id."""
    wanted = {row_of(weekday, one) for weekday, rows in enumerate(week) for one in rows}
    kept: set[Row] = set()
    gone = []
    for row in queries.hours_of([practitioner]):
        # A box that was checked without need says nothing: the same hours are the same row.
        same = next((row_of(row.weekday, one) for one in week_of([row])[row.weekday]), None)
        if same is None or same in kept or same not in wanted:
            gone.append(row.pk)
        else:
            kept.add(same)
    OpeningHours.objects.filter(pk__in=gone).delete()
    OpeningHours.objects.bulk_create(
        OpeningHours(practitioner=practitioner, weekday=day, opens=opens, closes=closes, past_midnight=late)
        for day, opens, closes, late in sorted(wanted - kept)
    )


def row_of(weekday: int, window: OpenSpan) -> Row:
    """Return hours as the fields of a row: 24:00 is stored as 00:00; later is marked as past midnight."""
    opens, closes = (time(*divmod(minutes % DAY, 60)) for minutes in window)
    return weekday, opens, closes, window.is_late
