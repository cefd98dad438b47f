"""Two clients on the demo's waitlist: cancel an appointment at work, and the first gets an offer."""

from __future__ import annotations

import datetime as dt

from booking.attendees.attendee import Attendee
from booking.models import Appointment, SessionType
from booking.waitlist.actions.join import WaitlistChoices, join
from portal.demo.people import BEN, OWEN, Person
from practice.models import Practitioner


def wait_for_a_time(
    session: SessionType, tess: Practitioner, *, given_up: Appointment, now: dt.datetime
) -> None:
    """Put Owen on the waitlist for anything soon, and Ben for an earlier time with Tess in exchange."""
    soon = now.date() + dt.timedelta(days=20)
    join(session, WaitlistChoices(last_day=soon), attendee=_attendee(OWEN), now=now)
    join(
        session,
        WaitlistChoices(last_day=soon, practitioner=tess, weekdays=(0, 1, 2, 3, 4)),
        attendee=_attendee(BEN),
        by=given_up.client,
        swaps=given_up,
        now=now,
    )


def _attendee(person: Person) -> Attendee:
    return Attendee(name=person.name, email=person.email, phone=person.phone, zone=person.zone)
