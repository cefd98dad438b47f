"""The demo's weeks of eight clients, each step made by the real action at its moment."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import product

from booking.appointments.actions.book import book
from booking.appointments.actions.cancel import cancel
from booking.appointments.actions.move import move
from booking.attendees.attendee import Attendee
from booking.availability import listing
from booking.models import Appointment, Package, SessionType
from booking.packages.actions import sell
from portal.demo.athome import after_the_session
from portal.demo.beforehand import SOME_TIME, tell
from portal.demo.business import ZONE
from portal.demo.people import ANN, BEN, EVERYBODY, IDA, LEO, MAYA, NOOR, OWEN, RUTH, Person
from portal.demo.ten import day_there
from portal.demo.timeline import A_SECOND, Timeline, letters_until
from portal.demo.waiting import wait_for_a_time
from portal.demo.weeks import WEEKS
from portal.followups.engine.facts import DEFAULT_STEPS
from portal.followups.engine.when import AFTER_SESSION
from portal.models import Client
from practice.core.clock import resolve, zone_named
from practice.models import Practitioner, User


@dataclass(frozen=True)
class Visit:
    """An appointment to make: client, session type, practitioner, days from today, and about when."""

    person: Person
    first: bool
    with_tess: bool
    days: int
    around: dt.time
    booked_days_before: int = 9


RUTHS_PLACE = "2217 Osage Court\nDenver, CO 80211\nthe blue door, please knock hard"
A_MOMENT_AGO = dt.timedelta(minutes=1)
WRITING = dt.timedelta(minutes=12)  # from the end of a session to the signed note
NINE, TEN, ONE, HALF_PAST_TWO = dt.time(9), dt.time(10, 15), dt.time(13), dt.time(14, 30)
VISITS = (
    Visit(ANN, True, True, -34, TEN),
    Visit(BEN, True, True, -31, ONE),
    Visit(RUTH, True, True, -27, NINE),
    Visit(OWEN, True, False, -24, TEN),
    Visit(ANN, False, True, -20, TEN),
    Visit(IDA, True, False, -17, ONE),
    Visit(BEN, False, True, -13, HALF_PAST_TWO),
    Visit(RUTH, False, True, -9, TEN),
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
NOOR_BOOKED = dt.timedelta(days=24)
RUTH_ASKED = dt.timedelta(hours=5)  # so that her request waits for an answer for two days more
ANN_PAID = dt.timedelta(days=30)  # after her first session, before she booked the second


@dataclass
class Town:
    """The session types, practitioners and moment of the demo, and the appointments made so far."""

    first: SessionType
    session: SessionType
    home_visit: SessionType
    tess: Practitioner
    jonah: Practitioner
    now: dt.datetime
    timeline: Timeline = field(default_factory=Timeline)
    booked: dict[str, list[Appointment]] = field(default_factory=dict)


def live(
    first: SessionType,
    session: SessionType,
    home_visit: SessionType,
    tess: Practitioner,
    jonah: Practitioner,
    *,
    now: dt.datetime,
) -> None:
    """Run everything in the order in which it happened; emails due in the past are sent at their time."""
    town = Town(first, session, home_visit, tess, jonah, now)
    for visit in VISITS:
        town.timeline.at(booked_at(visit, now), partial(arrange, town, visit))
    town.timeline.at(now - NOOR_BOOKED, partial(arrange_for_this_morning, town))
    town.timeline.at(now - ANN_PAID, partial(pay_for_five, town))
    town.timeline.at(now - dt.timedelta(days=1), partial(second_thoughts, town))
    town.timeline.at(now - RUTH_ASKED, partial(ask_for_a_visit, town))
    town.timeline.run(until=now)
    wait_for_a_time(session, tess, given_up=town.booked[BEN.name][-1], now=now - A_MOMENT_AGO)
    # Emails to those who booked a moment ago stay planned: they are sent when the worker starts.
    letters_until(now - A_MOMENT_AGO - A_SECOND)
    User.objects.filter(email__in=[person.email for person in EVERYBODY]).update(is_demo=True)
    Appointment.objects.update(is_demo=True)
    Package.objects.update(is_demo=True)


def booked_at(visit: Visit, now: dt.datetime) -> dt.datetime:
    """Return when the visit was booked: some days before, in the evening; never ahead of now."""
    zone = zone_named(ZONE)
    day = now.astimezone(zone).date() + dt.timedelta(days=visit.days - visit.booked_days_before)
    evening = resolve(dt.datetime.combine(day, dt.time(20, 10)), zone)
    return min(evening, now - A_MOMENT_AGO)


def hour_wanted(visit: Visit, now: dt.datetime) -> dt.datetime:
    """Return the start that the client had in mind."""
    zone = zone_named(ZONE)
    day = now.astimezone(zone).date() + dt.timedelta(days=visit.days)
    return resolve(dt.datetime.combine(day, visit.around), zone)


def arrange(town: Town, visit: Visit, moment: dt.datetime) -> None:
    """Book the free start nearest to the wanted hour, as somebody at `moment` would have found it."""
    kind = town.first if visit.first else town.session
    practitioner = town.tess if visit.with_tess else town.jonah
    wanted = hour_wanted(visit, town.now)
    found = listing.alternatives(kind, [practitioner], near=wanted, now=moment, count=1)
    reserve(town, visit.person, kind, practitioner, start=found[0].start, moment=moment)


def arrange_for_this_morning(town: Town, moment: dt.datetime) -> None:
    """Book Noor's session so that a follow-up of hers is due at this moment, in a zone where it is day."""
    for step, (name, at) in product(DEFAULT_STEPS, day_there(town.now)):
        zone = zone_named(name)
        day = town.now.astimezone(zone).date() - dt.timedelta(days=step.days)
        noon = resolve(dt.datetime.combine(day, dt.time(12)), zone)
        # The first email came at its hour, and not later: else the next ones keep their distance from it.
        first_letter = town.now - dt.timedelta(days=step.days - DEFAULT_STEPS[0].days)
        for practitioner in (town.jonah, town.tess):
            for slot in listing.alternatives(town.first, [practitioner], near=noon, now=moment, count=24):
                fits = slot.end + AFTER_SESSION <= first_letter
                if fits and slot.start.astimezone(zone).date() == day:
                    noor = replace(NOOR, zone=name)
                    made = reserve(town, noor, town.first, practitioner, start=slot.start, moment=moment)
                    assert made.client is not None
                    Client.objects.keep(made.client, letter_at=at)
                    return


def reserve(
    town: Town,
    person: Person,
    kind: SessionType,
    practitioner: Practitioner,
    *,
    start: dt.datetime,
    moment: dt.datetime,
) -> Appointment:
    """Book it; a client who has been here before is signed in, so that a package can pay.

    A session that is over by now is wrapped up at its time, with all that follows.
    """
    known = User.objects.by_email(person.email) if town.booked.get(person.name) else None
    made = book(
        kind,
        practitioners=[practitioner],
        start=start,
        attendee=Attendee(name=person.name, email=person.email, phone=person.phone, zone=person.zone),
        consent=True,
        by=known,
        client=known,
        now=moment,
    )
    if made.client:
        later = moment + SOME_TIME  # a client who booked a moment ago writes at once
        town.timeline.at(later if later < town.now else moment, partial(tell, made.client))
    sessions = town.booked.setdefault(person.name, [])
    after = WEEKS.get((person.name, len(sessions)))
    sessions.append(made)
    if after and made.ends_at + WRITING < town.now:
        town.timeline.at(made.ends_at + WRITING, partial(after_the_session, town.timeline, made, after))
    return made


def pay_for_five(town: Town, moment: dt.datetime) -> None:
    """Sell Ann a package of five sessions."""
    ann = town.booked[ANN.name][0].client
    assert ann is not None
    price = town.session.price_cents * 5 * 9 // 10
    sell(
        town.session, client=ann, sessions=5, price_cents=price, by=town.tess.user, now=moment, paid="by card"
    )


def ask_for_a_visit(town: Town, moment: dt.datetime) -> None:
    """Request a home visit for Ruth, who cannot climb the stairs next week."""
    ruth = town.booked[RUTH.name][0].client
    zone = zone_named(ZONE)
    next_week = town.now.astimezone(zone).date() + dt.timedelta(days=8)
    noon = resolve(dt.datetime.combine(next_week, dt.time(12)), zone)
    found = listing.alternatives(town.home_visit, [town.tess], near=noon, now=moment, count=1)
    book(
        town.home_visit,
        practitioners=[town.tess],
        start=found[0].start,
        attendee=Attendee(RUTH.name, RUTH.email, RUTH.phone, RUTH.zone, address=RUTHS_PLACE),
        consent=True,
        by=ruth,
        client=ruth,
        now=moment,
    )


def second_thoughts(town: Town, moment: dt.datetime) -> None:
    """Move one client's appointment and cancel another's, yesterday."""
    moving = town.booked[NOOR.name][-1]
    free = listing.alternatives(
        moving.session_type,
        [moving.practitioner],
        near=moving.starts_at + dt.timedelta(days=1),
        now=moment,
        count=1,
        ignoring=moving,
    )
    move(moving, start=free[0].start, now=moment)
    cancel(town.booked[IDA.name][-1], now=moment)
