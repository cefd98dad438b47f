"""People for the stories of booking: a practitioner for each way of reading pages, and who comes to them.

Nobody else in the house has anything to do with them, whatever other tests book, move or cancel there. They
are made inside the house (`manage.py shell`), in one go, through the actions behind somebody's click.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from booking.appointments.actions.book import Attendee, book
from booking.models import Appointment, SessionType
from booking.testing import make_appointment, make_session_type, open_every_day
from booking.waitlist.actions.join import WaitlistChoices, join
from practice.core.clock import resolve, zone_named
from practice.models import Practitioner, User
from practice.testing import make_practitioner, make_user
from practice.tests.browser.inside_practice import session_of

WAYS = {"with a script": "Selma Dahl", "without": "Sindri Falk"}
DENVER = "America/Denver"
#: Days from today, and hours on Denver's clocks; each story has its own.
FREED, MOVED, DECLINED, WEEKLY = (6, "10:00"), (9, "11:00"), (12, "10:00"), (15, "14:00")


@dataclass(frozen=True)
class SamplePeople:
    """Who gives what, at which moment all of it is made."""

    practitioner: Practitioner
    quiet: SessionType
    asked_for: SessionType
    now: dt.datetime

    def address(self, name: str) -> str:
        """mara@selma.example"""
        return f"{name.lower()}@{self.practitioner.slug}.example"

    def at(self, days: int, hour: str) -> dt.datetime:
        """That many days from today, at an hour of Denver's clocks."""
        day = self.now.astimezone(zone_named(DENVER)).date() + dt.timedelta(days=days)
        return resolve(dt.datetime.combine(day, dt.time.fromisoformat(hour)), zone_named(DENVER))

    def books(self, name: str, kind: SessionType, start: dt.datetime, zone: str = DENVER) -> Appointment:
        """A visitor, by the public form."""
        who = Attendee(name, self.address(name), zone=zone)
        return book(
            kind, practitioners=[self.practitioner], start=start, attendee=who, consent=True, now=self.now
        )

    def has_been_here(self, name: str, days_ago: int) -> User:
        """A client since a session that took place."""
        client = make_user(name, email=self.address(name), zone=DENVER)
        make_appointment(
            session_type=self.quiet,
            practitioner=self.practitioner,
            start=self.at(-days_ago, "10:00"),
            client=client,
            state=Appointment.State.COMPLETED,
            booked_at=self.at(-days_ago - 7, "10:00"),
            zone=DENVER,
        )
        return client


def make_all() -> dict[str, Any]:
    """All of them; for each way what a browser needs to begin: names in addresses, days, ways in."""
    now = timezone.now()
    people = [make_practitioner(name, order=9) for name in WAYS.values()]
    quiet = make_session_type(*people, slug="quiet-hour", name="A quiet hour", horizon_days=90, order=8)
    asked_for = make_session_type(
        *people, slug="long-look", name="A long look", needs_approval=True, horizon_days=90, order=9
    )
    return {
        way: make_company(SamplePeople(one, quiet, asked_for, now))
        for way, one in zip(WAYS, people, strict=True)
    }


def make_company(made: SamplePeople) -> dict[str, Any]:
    """Who comes to one of them."""
    open_every_day(made.practitioner)
    made.books("Mara", made.quiet, made.at(*MOVED))
    made.books("Gil", made.quiet, made.at(*FREED))
    wait_for_offer(made)
    request = made.books("Dina", made.asked_for, made.at(*DECLINED))
    days, hour = WEEKLY
    made.books("Ivo", made.quiet, made.at(days + 7, hour))  # in the second week of Rosa's series
    rosa, pia, kim = (
        made.has_been_here(name, days) for name, days in (("Rosa", 10), ("Pia", 11), ("Kim", 12))
    )
    made.books("Rosa", made.quiet, made.at(2, "10:00"))  # and so has agreed to the rules
    return {
        "slug": made.practitioner.slug,
        "desk": made.practitioner.user.email,
        "request": str(request.uid),
        "pia": pia.pk,
        "weekly": made.at(*WEEKLY).date().isoformat(),
        "signed_in": {
            "rosa": session_of(rosa),
            "pia": session_of(pia),
            "kim": session_of(kim),
            "desk": session_of(made.practitioner.user),
        },
    }


def wait_for_offer(made: SamplePeople) -> None:
    """Fay waits for the day on which Gil comes, where it is ten in the morning: nobody is asked at night."""
    day = made.at(*FREED).date()
    wanted = WaitlistChoices(first_day=day, last_day=day, practitioner=made.practitioner)
    who = Attendee("Fay", made.address("Fay"), zone=DENVER)
    join(made.quiet, wanted, attendee=who, now=made.now)
