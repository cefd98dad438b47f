"""What an email about an appointment tells of: the appointment as it is, and the event as it was kept.

The event stands on the email's row. Of both, and of the moment, its words are made when it leaves.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from booking.availability.closed_days import is_open_for
from booking.calendars.ics import Method
from booking.models import Appointment
from practice.core.formatting import money
from practice.models import Letter, Practitioner, User
from practice.queries import the_practice

ABOUT = ("session_type", "practitioner__user", "practitioner__room", "room", "client", "correspondent")


@dataclass(frozen=True)
class Told:
    """An appointment, and what an email says of it at `now`. `word`: what somebody wrote along."""

    appointment: Appointment
    now: datetime
    event: Mapping[str, Any] = field(default_factory=dict)
    word: str = ""

    @property
    def was(self) -> tuple[datetime, datetime] | None:
        """From when to when it was to be before it was moved."""
        times = self.event.get("was")
        if not times:
            return None
        start, end = map(datetime.fromisoformat, times)
        return start, end

    @property
    def was_with(self) -> str:
        """The name of who was to give it before it went to a colleague; nothing where nobody else was."""
        if not (pk := self.event.get("was_with")):
            return ""
        found = Practitioner.objects.select_related("user").filter(pk=pk).first()
        return found.user.name if found else _("a colleague")

    @property
    def is_free_again(self) -> bool:
        """Whether others can book the time it was moved from: whoever had it is open then. Two queries."""
        if self.was is None:
            return False
        whose = self.event.get("was_with", self.appointment.practitioner_id)
        found = Practitioner.objects.filter(pk=whose).first()
        return found is not None and is_open_for(found, *self.was)

    @property
    def reader(self) -> Practitioner:
        """Which practitioner a notice is for: whose session it is, or who gave it away."""
        pk = self.event.get("reader")
        found = Practitioner.objects.select_related("user").filter(pk=pk).first() if pk else None
        return found or self.appointment.practitioner

    @property
    def is_readers(self) -> bool:
        """Whether the session is with whom a notice is for, and did not go to a colleague."""
        return self.reader.pk == self.appointment.practitioner_id

    @property
    def fee(self) -> str:
        """What is asked for a late cancel; nothing where it costs nothing."""
        cents = self.event.get("fee", 0)
        return money(cents, self.appointment.currency, locale=the_practice().locale) if cents else ""

    @property
    def colleague(self) -> str:
        """The name of whoever did it, of those who work here."""
        found = User.objects.filter(pk=self.event.get("by") or 0).first()
        return found.name if found and found.is_staff else ""

    @property
    def is_asked(self) -> bool:
        """Whether it is a request that nobody has answered."""
        return self.appointment.state == Appointment.State.PENDING

    @property
    def is_request(self) -> bool:
        """Whether it is a request, or was one when it ended: nobody ever said yes to it."""
        ended = self.appointment.state == Appointment.State.CANCELLED
        return self.is_asked or (ended and self.appointment.booked_at is None)

    @property
    def ended(self) -> str:
        """How it has ended: "declined", "canceled", or not at all."""
        if self.appointment.state != Appointment.State.CANCELLED:
            return ""
        return "declined" if self.appointment.declined else "canceled"

    @property
    def is_passed_on(self) -> bool:
        """Whether it brings its reader a request that was a colleague's: they are asked for an answer."""
        return self.is_asked and self.is_readers and bool(self.event.get("was_with"))


More = Callable[[Told], dict[str, Any]]


def nothing_more(told: Told) -> dict[str, Any]:
    """Return what most need beside the session: nothing."""
    return {}


def no_file(told: Told) -> Method | None:
    """Return the method of no calendar file."""
    return None


@dataclass(frozen=True)
class Wording:
    """How one kind is worded: what its templates need beside the session, and the calendar file it brings."""

    more: More = nothing_more
    method: Callable[[Told], Method | None] = no_file


def event_of(appointment: Appointment, *, by: User | None = None, **more: Any) -> dict[str, Any]:
    """Return an event as a row keeps it: the time that is told, and what else happened. No words in it."""
    event = {"start": appointment.starts_at.isoformat(), "sequence": appointment.sequence, **more}
    return {**event, "by": by.pk} if by is not None and by.is_staff else event


def times_of(appointment: Appointment) -> list[str]:
    """Return when it begins and ends, as an event keeps it."""
    return [appointment.starts_at.isoformat(), appointment.ends_at.isoformat()]


def from_whom(appointment: Appointment, was: Appointment) -> dict[str, int]:
    """Return from whom it came, as an event keeps it; nothing where it stays with whom it was."""
    other = appointment.practitioner_id != was.practitioner_id
    return {"was_with": was.practitioner_id} if other else {}


def appointment_of(letter: Letter) -> Appointment | None:
    """Return what the email is about, as it is now; None: it is no longer kept."""
    uid = letter.about.removeprefix("appointment:")
    return Appointment.objects.filter(uid=uid).select_related(*ABOUT).first()


def told_in(letter: Letter, appointment: Appointment, now: datetime) -> Told:
    """Return what this email tells at `now`. Opens its word: raises `crypto.Unreadable`."""
    return Told(appointment, now, letter.event, letter.word)
