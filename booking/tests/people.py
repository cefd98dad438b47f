"""The cast of booking's tests: Tess and Jonah practise in Denver, Ann and Ben come. A Tuesday in March."""

from __future__ import annotations

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

from booking.appointments.actions.book import Attendee, book
from booking.holds.actions.hold import hold
from booking.models import Appointment, SessionType
from booking.testing import make_session_type, open_every_day
from booking.wording import note_of
from practice.models import Letter, Practice, Practitioner, User
from practice.testing import make_practice, make_practitioner

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


def noted(appointment: Appointment, what: str) -> str:
    """The note beside the one change of this kind, as people at work read it."""
    return note_of(appointment.changes.get(what=what), locale="en-us")


def make_denver() -> Practice:
    """The practice."""
    return make_practice(treatment_consent="Moving and canceling as said above.")


def make_tess() -> Practitioner:
    """The owner; open every day."""
    tess = make_practitioner()
    open_every_day(tess)
    return tess


def make_jonah() -> Practitioner:
    """Her colleague; open every day."""
    jonah = make_practitioner("Jonah Reyes", role=User.Role.PRACTITIONER, order=1)
    open_every_day(jonah)
    return jonah


def make_both() -> tuple[SessionType, Practitioner, Practitioner]:
    """A session of 60 minutes, every hour, with Tess or Jonah; and the two."""
    make_denver()
    tess, jonah = make_tess(), make_jonah()
    return make_session_type(tess, jonah), tess, jonah
