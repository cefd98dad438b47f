"""The demo's weeks of eight clients, each step made by the real action at its moment."""

from __future__ import annotations

import datetime as dt
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import product

from django.utils import translation

from booking.appointments.actions.book import book
from booking.appointments.actions.cancel import cancel
from booking.appointments.actions.complete import no_show
from booking.appointments.actions.move import move
from booking.attendees.attendee import Attendee
from booking.availability import listing
from booking.errors import BookedThen
from booking.models import Appointment, LedgerEntry, Package, Receipt, SessionType
from booking.packages.actions import sell
from booking.payments.actions.fee import waive
from booking.payments.actions.receipt import issue, send
from booking.payments.actions.record import new_key
from booking.time_off.actions.block_time import block_time
from portal.demo.athome import wrap_up_visit
from portal.demo.beforehand import SOME_TIME, write_intake
from portal.demo.business import ZONE
from portal.demo.calendar import fill_the_boards
from portal.demo.people import ANN, BEN, EVERYBODY, INES, LEO, MAYA, NOOR, OWEN, RUTH, Person
from portal.demo.ten import zones_in_daytime
from portal.demo.timeline import A_SECOND, Timeline, letters_until
from portal.demo.waiting import wait_for_a_time
from portal.demo.weeks import WEEKS
from portal.followups.engine.facts import DEFAULT_STEPS
from portal.followups.engine.when import AFTER_SESSION
from portal.models import ClientProfile
from practice.append_only.door import Why, open_door
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
    Visit(INES, True, False, -17, ONE),
    Visit(BEN, False, True, -13, HALF_PAST_TWO),
    Visit(RUTH, False, True, -9, TEN),
    Visit(INES, False, False, -3, ONE),
    Visit(ANN, False, True, 0, NINE),
    Visit(LEO, True, True, 0, TEN),
    Visit(BEN, False, True, 0, ONE),
    Visit(RUTH, False, True, 0, HALF_PAST_TWO),
    Visit(OWEN, False, False, 2, TEN, 6),
    Visit(MAYA, True, True, 3, NINE, 2),
    Visit(INES, False, False, 4, ONE, 8),
    Visit(NOOR, False, False, 7, TEN, 10),
    Visit(ANN, False, True, 14, TEN, 1),
    Visit(BEN, False, True, 16, ONE, 1),
)
NOOR_BOOKED = dt.timedelta(days=24)
RUTH_ASKED = dt.timedelta(hours=5)  # so that her request waits for an answer for two days more
A_MINUTE = dt.timedelta(minutes=1)
IDA_MISSED = dt.timedelta(days=2)  # the day after the session that she missed
ANN_PAID = dt.timedelta(days=30)  # after her first session, before she booked the second


@dataclass
class DemoSite:
    """The session types, practitioners and moment of the demo, and the appointments made so far."""

    first: SessionType
    session: SessionType
    home_visit: SessionType
    tess: Practitioner
    jonah: Practitioner
    now: dt.datetime
    timeline: Timeline = field(default_factory=Timeline)
    booked: dict[str, list[Appointment]] = field(default_factory=dict)


def run_demo(
    first: SessionType,
    session: SessionType,
    home_visit: SessionType,
    tess: Practitioner,
    jonah: Practitioner,
    *,
    now: dt.datetime,
) -> None:
    """Run everything in the order in which it happened; emails due in the past are sent at their time."""
    demo_site = DemoSite(first, session, home_visit, tess, jonah, now)
    for visit in VISITS:
        demo_site.timeline.at(booked_at(visit, now), partial(book_visit, demo_site, visit))
    demo_site.timeline.at(now - NOOR_BOOKED, partial(book_due_follow_up, demo_site))
    demo_site.timeline.at(now - ANN_PAID, partial(sell_package, demo_site))
    demo_site.timeline.at(now - ANN_PAID + A_MINUTE, partial(issue_a_receipt, demo_site))
    demo_site.timeline.at(now - IDA_MISSED, partial(forgive_a_missed_session, demo_site))
    demo_site.timeline.at(now - dt.timedelta(days=1), partial(move_and_cancel, demo_site))
    demo_site.timeline.at(now - RUTH_ASKED, partial(ask_for_a_visit, demo_site))
    demo_site.timeline.run(until=now)
    block_a_lunch(tess, now=now)
    wait_for_a_time(session, tess, given_up=demo_site.booked[BEN.name][-1], now=now - A_MOMENT_AGO)
    fill_the_boards(session, jonah, booked=demo_site.booked[OWEN.name][-1], now=now)
    # Emails to those who booked a moment ago stay planned: they are sent when the worker starts.
    letters_until(now - A_MOMENT_AGO - A_SECOND)
    User.objects.filter(email__in=[person.email for person in EVERYBODY]).update(is_demo=True)
    Appointment.objects.update(is_demo=True)
    Package.objects.update(is_demo=True)
    with open_door(Why.DEMO):
        LedgerEntry.objects.update(is_demo=True)
        Receipt.objects.update(is_demo=True)


def block_a_lunch(tess: Practitioner, *, now: dt.datetime) -> None:
    """Block an hour of Tess's the day after tomorrow, unless somebody is booked then."""
    zone = zone_named(ZONE)
    day = now.astimezone(zone).date() + dt.timedelta(days=2)
    start, end = (resolve(dt.datetime.combine(day, dt.time(hour, 30)), zone) for hour in (15, 16))
    with suppress(BookedThen):
        block_time(tess, start=start, end=end, by=tess.user, reason="Coffee with the accountant", now=now)


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


def book_visit(demo_site: DemoSite, visit: Visit, moment: dt.datetime) -> None:
    """Book the free start nearest to the wanted hour, as somebody at `moment` would have found it."""
    kind = demo_site.first if visit.first else demo_site.session
    practitioner = demo_site.tess if visit.with_tess else demo_site.jonah
    wanted = hour_wanted(visit, demo_site.now)
    found = listing.alternatives(kind, [practitioner], near=wanted, now=moment, count=1)
    book_as_client(demo_site, visit.person, kind, practitioner, start=found[0].start, moment=moment)


def book_due_follow_up(demo_site: DemoSite, moment: dt.datetime) -> None:
    """Book Noor's session so that a follow-up of hers is due at this moment, in a zone where it is day."""
    for step, (name, at) in product(DEFAULT_STEPS, zones_in_daytime(demo_site.now)):
        zone = zone_named(name)
        day = demo_site.now.astimezone(zone).date() - dt.timedelta(days=step.days)
        noon = resolve(dt.datetime.combine(day, dt.time(12)), zone)
        # The first email came at its hour, and not later: else the next ones keep their distance from it.
        first_letter = demo_site.now - dt.timedelta(days=step.days - DEFAULT_STEPS[0].days)
        for practitioner in (demo_site.jonah, demo_site.tess):
            for slot in listing.alternatives(
                demo_site.first, [practitioner], near=noon, now=moment, count=24
            ):
                fits = slot.end + AFTER_SESSION <= first_letter
                if fits and slot.start.astimezone(zone).date() == day:
                    noor = replace(NOOR, zone=name)
                    made = book_as_client(
                        demo_site, noor, demo_site.first, practitioner, start=slot.start, moment=moment
                    )
                    assert made.client is not None
                    ClientProfile.objects.keep(made.client, letter_at=at)
                    return


def book_as_client(
    demo_site: DemoSite,
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
    known = User.objects.by_email(person.email) if demo_site.booked.get(person.name) else None
    with translation.override(person.language):  # of the page on which they book
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
        demo_site.timeline.at(later if later < demo_site.now else moment, partial(write_intake, made.client))
    sessions = demo_site.booked.setdefault(person.name, [])
    after = WEEKS.get((person.name, len(sessions)))
    sessions.append(made)
    if after and made.ends_at + WRITING < demo_site.now:
        demo_site.timeline.at(made.ends_at + WRITING, partial(wrap_up_visit, demo_site.timeline, made, after))
    return made


def sell_package(demo_site: DemoSite, moment: dt.datetime) -> None:
    """Sell Ann a package of five sessions."""
    ann = demo_site.booked[ANN.name][0].client
    assert ann is not None
    price = demo_site.session.price_cents * 5 * 9 // 10
    sell(
        demo_site.session,
        client=ann,
        sessions=5,
        price_cents=price,
        by=demo_site.tess.user,
        now=moment,
        how="card",
    )


def forgive_a_missed_session(demo_site: DemoSite, moment: dt.datetime) -> None:
    """Have Inés miss a session, and waive the fee that her policy would charge."""
    missed = demo_site.booked[INES.name][1]
    no_show(missed, by=demo_site.jonah.user, now=moment)
    why = "Her train stood in the snow, and she called as soon as she could."
    waive(missed, reason=why, by=demo_site.jonah.user, key=new_key(), now=moment + A_MINUTE)


def issue_a_receipt(demo_site: DemoSite, moment: dt.datetime) -> None:
    """Issue Ann a receipt for her first session, and email it."""
    first = demo_site.booked[ANN.name][0]
    send(issue(first, to=ANN.name, by=demo_site.tess.user, now=moment), now=moment)


def ask_for_a_visit(demo_site: DemoSite, moment: dt.datetime) -> None:
    """Request a home visit for Ruth, who cannot climb the stairs next week."""
    ruth = demo_site.booked[RUTH.name][0].client
    zone = zone_named(ZONE)
    next_week = demo_site.now.astimezone(zone).date() + dt.timedelta(days=8)
    noon = resolve(dt.datetime.combine(next_week, dt.time(12)), zone)
    found = listing.alternatives(demo_site.home_visit, [demo_site.tess], near=noon, now=moment, count=1)
    book(
        demo_site.home_visit,
        practitioners=[demo_site.tess],
        start=found[0].start,
        attendee=Attendee(RUTH.name, RUTH.email, RUTH.phone, RUTH.zone, address=RUTHS_PLACE),
        consent=True,
        by=ruth,
        client=ruth,
        now=moment,
    )


def move_and_cancel(demo_site: DemoSite, moment: dt.datetime) -> None:
    """Move one client's appointment and cancel another's, yesterday."""
    moving = demo_site.booked[NOOR.name][-1]
    free = listing.alternatives(
        moving.session_type,
        [moving.practitioner],
        near=moving.starts_at + dt.timedelta(days=1),
        now=moment,
        count=1,
        ignoring=moving,
    )
    move(moving, start=free[0].start, now=moment)
    cancel(demo_site.booked[INES.name][-1], now=moment)
