"""The cast of booking's tests: Tess and Jonah practise in Denver, Ann and Ben come. A Tuesday in March."""

from __future__ import annotations

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

from booking.actions.book import Attendee, book
from booking.actions.hold import hold
from booking.models import Appointment, SessionType
from practice.models import Letter, Practitioner

DENVER = ZoneInfo("America/Denver")
NOW = dt.datetime(2027, 3, 1, 8, 0, tzinfo=DENVER)
ANN = Attendee("Ann Lee", "ann@example.com", "303 555 0101", "America/Denver")
BEN = Attendee("Ben Hart", "ben@example.com", "", "America/Denver")


def denver(words: str, *, fold: int = 0) -> dt.datetime:
    """ "2027-03-16 10:00" on Denver's clocks."""
    return dt.datetime.fromisoformat(words).replace(tzinfo=DENVER, fold=fold)


TEN = denver("2027-03-16 10:00")


def minutes(number: float) -> dt.timedelta:
    """A short word for a length."""
    return dt.timedelta(minutes=number)


def booked(
    session_type: SessionType, practitioner: Practitioner, start: dt.datetime = TEN, **options: Any
) -> Appointment:
    """A booking through the real action, by Ann unless said otherwise."""
    options = {"attendee": ANN, "consent": True, "now": NOW, **options}
    return book(session_type, practitioners=[practitioner], start=start, **options)


def kept(
    session_type: SessionType, practitioner: Practitioner, start: dt.datetime = TEN, **options: Any
) -> Appointment:
    """A hold through the real action."""
    options = {"visitor": "a-visitor", "now": NOW, **options}
    return hold(session_type, practitioners=[practitioner], start=start, **options)


def kinds(appointment: Appointment, **fields: Any) -> list[str]:
    """The kinds of letters that stand behind an appointment, in alphabetical order."""
    return sorted(Letter.objects.filter(about=appointment.about, **fields).values_list("kind", flat=True))
