"""The states of an appointment, and the named sets of them: one definition for queries and for single rows.

No other module writes a set of states of its own (`practice/tests/code/test_sets_of_states.py`).
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Self, TypeVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

Row = TypeVar("Row", bound=models.Model)


class AppointmentStates:
    """The states, and the sets asked of one row: `is_upcoming(now)` says what `upcoming(now)` finds."""

    class State(models.TextChoices):
        HELD = "held", _("held")
        PENDING = "pending", _("requested")
        BOOKED = "booked", _("booked")
        COMPLETED = "completed", _("took place")
        NO_SHOW = "no_show", _("did not come")
        CANCELLED = "cancelled", _("canceled")
        RELEASED = "released", _("released")

    state: Any
    starts_at: Any
    ends_at: Any
    hold_expires_at: Any

    @property
    def is_hold(self) -> bool:
        """Return whether nobody has booked or requested it: a hold, open or not."""
        return self.state in HOLDS

    def is_expired_hold(self, now: datetime) -> bool:
        """Return whether it is a hold whose time is up."""
        return self.state == State.HELD and self.hold_expires_at is not None and self.hold_expires_at <= now

    @property
    def is_expected(self) -> bool:
        """Return whether it is booked or requested; a past session is until it is wrapped up."""
        return self.state in EXPECTED

    def is_upcoming(self, now: datetime) -> bool:
        """Return whether it is booked or requested and begins after `now`."""
        return self.is_expected and self.starts_at > now

    def is_not_ended(self, now: datetime) -> bool:
        """Return whether it is booked or requested and is upcoming or under way."""
        return self.is_expected and self.ends_at > now

    @property
    def is_decided(self) -> bool:
        """Return whether it is recorded whether the client came."""
        return self.state in DECIDED

    @property
    def is_undecided(self) -> bool:
        """Return whether it is held, requested or booked."""
        return self.state in UNDECIDED


State = AppointmentStates.State

HOLDS = (State.HELD, State.RELEASED)
EXPECTED = (State.BOOKED, State.PENDING)
DECIDED = (State.COMPLETED, State.NO_SHOW)
UNDECIDED = (State.HELD, *EXPECTED)
ON_CALENDAR = (*EXPECTED, *DECIDED)
ATTENDED_OR_EXPECTED = (*EXPECTED, State.COMPLETED)


def attended_filter(now: datetime) -> Q:
    """Return the filter of `attended`, for queries that combine it with others."""
    return Q(state=State.COMPLETED) | Q(state=State.BOOKED, starts_at__lte=now)


class AppointmentSets(models.QuerySet[Row]):
    """The named sets, for `AppointmentQuerySet`. Those that depend on the time take `now`."""

    def holds(self) -> Self:
        """Return the holds, also those that ran out or were released."""
        return self.filter(state__in=HOLDS)

    def without_holds(self) -> Self:
        """Return what was booked or requested, whatever became of it."""
        return self.exclude(state__in=HOLDS)

    def open_holds(self, now: datetime) -> Self:
        """Return the holds that still keep their time."""
        return self.filter(state=State.HELD, hold_expires_at__gt=now)

    def expired_holds(self, now: datetime) -> Self:
        """Return the holds whose time is up and that are not released yet."""
        return self.filter(state=State.HELD, hold_expires_at__lte=now)

    def expected(self) -> Self:
        """Return what is booked or requested. A past session stays in here until it is wrapped up."""
        return self.filter(state__in=EXPECTED)

    def upcoming(self, now: datetime) -> Self:
        """Return what is booked or requested and begins after `now`."""
        return self.expected().filter(starts_at__gt=now)

    def not_ended(self, now: datetime) -> Self:
        """Return what is booked or requested and is upcoming or under way."""
        return self.expected().filter(ends_at__gt=now)

    def ended(self, now: datetime) -> Self:
        """Return what is over by the clock, canceled, or decided even before its end."""
        return self.filter(Q(ends_at__lte=now) | Q(state__in=(State.CANCELLED, *DECIDED)))

    def attended(self, now: datetime) -> Self:
        """Return the sessions to which the client came: completed, or booked and begun.

        A session stays booked until it is wrapped up; a no-show did not come.
        """
        return self.filter(attended_filter(now))

    def took_place(self, now: datetime) -> Self:
        """Return the sessions that are done: completed, or booked and over by the clock."""
        return self.filter(Q(state=State.COMPLETED) | Q(state=State.BOOKED, ends_at__lte=now))

    def attended_or_expected(self) -> Self:
        """Return the sessions of a client, past or ahead, without those missed or canceled."""
        return self.filter(state__in=ATTENDED_OR_EXPECTED)

    def undecided(self) -> Self:
        """Return what is held, requested or booked: nothing has ended it yet."""
        return self.filter(state__in=UNDECIDED)

    def on_calendar(self) -> Self:
        """Return what a calendar shows: expected and decided sessions, missed ones too."""
        return self.filter(state__in=ON_CALENDAR)

    def occupying(self, now: datetime) -> Self:
        """Return what takes up a time: not a hold that ran out, though its row may remain.

        A decided session keeps its time in the past.
        """
        expired = Q(state=State.HELD, hold_expires_at__lte=now)
        return self.filter(Q(occupies=True) & ~expired | Q(state__in=DECIDED))
