"""Eight clients and their appointments, each made by the action behind a visitor's click, at its moment."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from booking import calendar
from booking.actions.book import Attendee, book
from booking.actions.cancel import cancel
from booking.actions.move import move
from booking.models import Appointment, SessionType
from portal.demo.business import ZONE
from practice.clock import resolve, zone_named
from practice.mail.deliver import step
from practice.models import Letter, Practitioner, User


@dataclass(frozen=True)
class Person:
    """Somebody who comes, and how they book."""

    name: str
    email: str
    phone: str = ""
    zone: str = ZONE


@dataclass(frozen=True)
class Visit:
    """An appointment to be: whose, what, with whom, how many days from today, about when."""

    person: Person
    first: bool
    with_tess: bool
    days: int
    around: dt.time
    booked_days_before: int = 9


ANN = Person("Ann Whitfield", "ann@example.com", "303 555 0117")
BEN = Person("Ben Okafor", "ben@example.com", "303 555 0163")
LEO = Person("Leo Marsh", "leo@example.com", "", "America/Chicago")
RUTH = Person("Ruth Kaplan", "ruth@example.com", "720 555 0109")
MAYA = Person("Maya Lindqvist", "maya@example.com")
OWEN = Person("Owen Price", "owen@example.com", "720 555 0188")
IDA = Person("Ida Berg", "ida@example.com", "", "America/Phoenix")
NOOR = Person("Noor Aziz", "noor@example.com", "303 555 0150")
EVERYBODY = (ANN, BEN, LEO, RUTH, MAYA, OWEN, IDA, NOOR)

A_MOMENT_AGO = dt.timedelta(minutes=1)
NINE, TEN, ONE, HALF_PAST_TWO, FOUR = dt.time(9), dt.time(10, 15), dt.time(13), dt.time(14, 30), dt.time(16)
VISITS = (
    Visit(ANN, True, True, -34, TEN),
    Visit(BEN, True, True, -31, ONE),
    Visit(RUTH, True, True, -27, NINE),
    Visit(OWEN, True, False, -24, TEN),
    Visit(ANN, False, True, -20, TEN),
    Visit(IDA, True, False, -17, ONE),
    Visit(BEN, False, True, -13, HALF_PAST_TWO),
    Visit(RUTH, False, True, -9, TEN),
    Visit(NOOR, True, False, -6, TEN),
    Visit(ANN, False, True, 0, NINE),
    Visit(LEO, True, True, 0, TEN),
    Visit(BEN, False, True, 0, ONE),
    Visit(RUTH, False, True, 0, HALF_PAST_TWO),
    Visit(OWEN, False, False, 2, TEN, 6),
    Visit(MAYA, True, True, 3, NINE, 2),
    Visit(IDA, False, False, 4, ONE, 8),
    Visit(NOOR, False, False, 7, TEN, 10),
    Visit(ANN, False, True, 14, TEN, 1),
    Visit(BEN, False, True, 16, ONE, 1),
)


def live(
    first: SessionType, session: SessionType, tess: Practitioner, jonah: Practitioner, *, now: dt.datetime
) -> None:
    """Everything in the order in which it was booked; letters due in the past went in the past."""
    made: list[tuple[dt.datetime, Visit]] = sorted(
        ((booked_at(visit, now), visit) for visit in VISITS), key=lambda pair: pair[0]
    )
    done: dict[Visit, Appointment] = {}
    for moment, visit in made:
        letters_until(moment - dt.timedelta(seconds=1))
        kind, practitioner = first if visit.first else session, tess if visit.with_tess else jonah
        done[visit] = arrange(visit, kind, practitioner, moment=moment, wanted=hour_wanted(visit, now))
    second_thoughts(done, now=now)
    # Who booked a moment ago is still to be written to: those letters leave when the worker starts.
    letters_until(now - A_MOMENT_AGO - dt.timedelta(seconds=1))
    User.objects.filter(email__in=[person.email for person in EVERYBODY]).update(is_demo=True)
    Appointment.objects.update(is_demo=True)


def booked_at(visit: Visit, now: dt.datetime) -> dt.datetime:
    """The moment it was booked: some days before, in the evening; never ahead of now."""
    zone = zone_named(ZONE)
    day = now.astimezone(zone).date() + dt.timedelta(days=visit.days - visit.booked_days_before)
    evening = resolve(dt.datetime.combine(day, dt.time(20, 10)), zone)
    return min(evening, now - A_MOMENT_AGO)


def arrange(
    visit: Visit, kind: SessionType, practitioner: Practitioner, *, moment: dt.datetime, wanted: dt.datetime
) -> Appointment:
    """Book the free start nearest to the wanted hour, as somebody at `moment` would have found it."""
    found = calendar.alternatives(kind, [practitioner], near=wanted, now=moment, count=1)
    person = visit.person
    return book(
        kind,
        practitioners=[practitioner],
        start=found[0].start,
        attendee=Attendee(name=person.name, email=person.email, phone=person.phone, zone=person.zone),
        consent=True,
        now=moment,
    )


def hour_wanted(visit: Visit, now: dt.datetime) -> dt.datetime:
    """The hour somebody had in mind."""
    zone = zone_named(ZONE)
    day = now.astimezone(zone).date() + dt.timedelta(days=visit.days)
    return resolve(dt.datetime.combine(day, visit.around), zone)


def second_thoughts(done: dict[Visit, Appointment], *, now: dt.datetime) -> None:
    """One client moved, and another cancelled: yesterday, by their links."""
    yesterday = now - dt.timedelta(days=1)
    letters_until(yesterday)
    moving = next(made for visit, made in done.items() if visit.person is NOOR and visit.days > 0)
    free = calendar.alternatives(
        moving.session_type,
        [moving.practitioner],
        near=moving.starts_at + dt.timedelta(days=1),
        now=yesterday,
        count=1,
        ignoring=moving,
    )
    move(moving, start=free[0].start, now=yesterday)
    dropped = next(made for visit, made in done.items() if visit.person is IDA and visit.days > 0)
    cancel(dropped, now=yesterday)


def letters_until(moment: dt.datetime) -> None:
    """Send what was due by then, each letter at its own time, as the worker would have."""
    due = Letter.objects.filter(state=Letter.State.PLANNED, due_at__lte=moment).order_by("due_at")
    while letter := due.first():
        step(now=letter.due_at)
