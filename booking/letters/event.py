"""The content of an email about an appointment: the appointment as it is, and the event as stored.

The event is stored with the email's row. The words are made from both when the email leaves.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from booking.availability.closed_days import is_open_for
from booking.calendars.ics import Method
from booking.models import Appointment
from practice.core.formatting import minutes_in_words, money
from practice.models import Letter, Practitioner, User
from practice.models.written_queries import WrittenOnce
from practice.queries import practitioner_once, the_practice

State = Appointment.State
ITS_OWN = ("session_type", "room", "client", "correspondent")
#: What an email says of an appointment beside its own row.
ABOUT = (*ITS_OWN, "practitioner__user", "practitioner__room")


@dataclass(frozen=True)
class EmailFacts:
    """An appointment, and what an email says of it at `now`. `word`: a sentence that somebody added."""

    appointment: Appointment
    now: datetime
    event: Mapping[str, Any] = field(default_factory=dict)
    word: str = ""

    @property
    def was(self) -> tuple[datetime, datetime] | None:
        """Return the start and end before it was moved, or None."""
        times = self.event.get("was")
        if not times:
            return None
        start, end = map(datetime.fromisoformat, times)
        return start, end

    @property
    def was_with(self) -> str:
        """Return the name of the practitioner before it went to a colleague, or ""."""
        if not (pk := self.event.get("was_with")):
            return ""
        found = Practitioner.objects.select_related("user").filter(pk=pk).first()
        return found.user.name if found else _("a colleague")

    @property
    def was_length(self) -> str:
        """Return the length before it changed, in words, or ""."""
        minutes = self.event.get("was_minutes")
        return minutes_in_words(minutes, locale=the_practice().locale) if minutes else ""

    @property
    def is_longer(self) -> bool:
        """Return whether the session is longer than before."""
        return self.appointment.minutes > int(self.event.get("was_minutes", 0))

    @property
    def is_free_again(self) -> bool:
        """Return whether others can book the time it was moved from. Two queries."""
        if self.was is None:
            return False
        whose = self.event.get("was_with", self.appointment.practitioner_id)
        found = Practitioner.objects.filter(pk=whose).first()
        return found is not None and is_open_for(found, *self.was)

    @property
    def reader(self) -> Practitioner:
        """Return the practitioner a notice is for: who has the session, or who gave it away."""
        pk = self.event.get("reader")
        found = Practitioner.objects.select_related("user").filter(pk=pk).first() if pk else None
        return found or self.appointment.practitioner

    @property
    def is_readers(self) -> bool:
        """Return whether the session is with the notice's reader, and did not go to a colleague."""
        return self.reader.pk == self.appointment.practitioner_id

    @property
    def fee(self) -> str:
        """Return the fee of a late cancel, as money; "" where it costs nothing."""
        cents = self.event.get("fee", 0)
        return money(cents, self.appointment.currency, locale=the_practice().locale) if cents else ""

    @property
    def colleague(self) -> str:
        """Return the name of the staff member who did it, or ""."""
        by = self.event.get("by")
        found = User.objects.filter(pk=by).first() if by else None
        return found.name if found and found.is_staff else ""

    @property
    def is_asked(self) -> bool:
        """Return whether the appointment is a request that nobody has answered."""
        return self.appointment.state == Appointment.State.PENDING

    @property
    def is_request(self) -> bool:
        """Return whether the appointment is, or was when it ended, a request that was never approved."""
        ended = self.appointment.state == Appointment.State.CANCELLED
        return self.is_asked or (ended and self.appointment.booked_at is None)

    @property
    def ended(self) -> str:
        """Return how the appointment has ended: "declined", "canceled", or ""."""
        if self.appointment.state != Appointment.State.CANCELLED:
            return ""
        return "declined" if self.appointment.declined else "canceled"

    @property
    def is_passed_on(self) -> bool:
        """Return whether the email brings a colleague's request, which its reader is asked to answer."""
        return self.is_asked and self.is_readers and bool(self.event.get("was_with"))


ExtraWords = Callable[[EmailFacts], dict[str, Any]]


def no_extra_words(facts: EmailFacts) -> dict[str, Any]:
    """Return nothing: most kinds need no more than the session."""
    return {}


def no_file(facts: EmailFacts) -> Method | None:
    """Return None: the email brings no calendar file."""
    return None


@dataclass(frozen=True)
class Wording:
    """The wording of one kind: what its templates need besides the session, and its calendar file.

    Both are asked for when the email leaves. `true_in`: the one state of the appointment in which it is true;
    None: while it is expected. Else the email is called off.
    """

    more: ExtraWords = no_extra_words
    method: Callable[[EmailFacts], Method | None] = no_file
    true_in: Appointment.State | None = None

    def is_true_of(self, appointment: Appointment) -> bool:
        """Return whether the email is true of an appointment in its present state."""
        return appointment.is_expected if self.true_in is None else appointment.state == self.true_in


def event_of(appointment: Appointment, *, by: User | None = None, **more: Any) -> dict[str, Any]:
    """Return an event as a row stores it: the time the email is about, and what else happened. No words."""
    event = {"start": appointment.starts_at.isoformat(), "sequence": appointment.sequence, **more}
    return {**event, "by": by.pk} if by is not None and by.is_staff else event


def times_of(appointment: Appointment) -> list[str]:
    """Return when the appointment begins and ends, as an event stores it."""
    return [appointment.starts_at.isoformat(), appointment.ends_at.isoformat()]


def from_whom(appointment: Appointment, was: Appointment) -> dict[str, int]:
    """Return the practitioner before, as an event stores it; empty if the session stays with the same one."""
    other = appointment.practitioner_id != was.practitioner_id
    return {"was_with": was.practitioner_id} if other else {}


def appointment_of(letter: Letter) -> Appointment | None:
    """Return the appointment an email is about, as it is now; None if there is none, or none any more."""
    try:
        uid = UUID(letter.about.removeprefix("appointment:"))
    except ValueError:
        return None
    found: Appointment | None = _APPOINTMENT.first_object(uid=uid)
    if found is not None:
        found.practitioner = practitioner_once(found.practitioner_id)
    return found


#: Asked for every email about an appointment that leaves. Who gives it is asked apart: the same for many, and
#: to find the order in which to join eight tables takes PostgreSQL forty times as long as to join them.
_APPOINTMENT = WrittenOnce(
    lambda uid: Appointment.objects.filter(uid=uid).select_related(*ITS_OWN).order_by(),
    uid=UUID(int=11),
)


def facts_of(letter: Letter, appointment: Appointment, now: datetime) -> EmailFacts:
    """Return what this email is about at `now`. Decrypts its word. Raises `crypto.Unreadable`."""
    return EmailFacts(appointment, now, letter.event, letter.open_word())
