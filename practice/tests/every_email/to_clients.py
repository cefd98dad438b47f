"""How each email about an appointment is planned, as its action plans it."""

from __future__ import annotations

import datetime as dt
from copy import copy
from zoneinfo import ZoneInfo

from booking.intake.letters import plan_intake
from booking.letters import series, to_client, zone_changed
from booking.letters.before_session import preparation, reminders
from booking.letters.context import to_client as plan_to_client
from booking.models import Appointment, Intake, Offer, Place, SessionType, WaitlistEntry
from booking.offers import letters as offers
from booking.owner_settings.letters import new_address
from booking.payments.actions.receipt import issue
from booking.payments.actions.record import record
from booking.payments.letters import receipt
from practice.models import Letter
from practice.tests.every_email.scene import DAY, HOUR, Compose, Scene, State

WORD = "I’ll be in the upstairs room.\nPlease ring twice."
DENVER = ZoneInfo("America/Denver")


def before(appointment: Appointment, **fields: object) -> Appointment:
    """Return the appointment as it was, with these fields changed."""
    was = copy(appointment)
    for name, value in fields.items():
        setattr(was, name, value)
    return was


def earlier(one: Appointment) -> Appointment:
    """Return the appointment a day and an hour earlier."""
    gap = DAY + HOUR
    return before(one, starts_at=one.starts_at - gap, ends_at=one.ends_at - gap)


def confirmation(scene: Scene) -> None:
    """Booked, a first session."""
    to_client.confirmation(scene.session(), now=scene.now)


def approved(scene: Scene) -> None:
    """A request that was approved, with a word."""
    to_client.confirmation(scene.session(), now=scene.now, approved=True, word=WORD)


def visit(scene: Scene) -> None:
    """Booked at the client's home."""
    one = scene.session(place=Place.CLIENT, address="12 Calle Mayor\nDenver")
    to_client.confirmation(one, now=scene.now)


def online(scene: Scene) -> None:
    """Booked as a video call."""
    to_client.confirmation(scene.session(place=Place.VIDEO), now=scene.now)


def for_another(scene: Scene) -> None:
    """Booked for a child."""
    to_client.confirmation(scene.session(attendee_name="Leo Núñez"), now=scene.now)


def requested(scene: Scene) -> None:
    """A request."""
    to_client.request_received(scene.request(), now=scene.now)


def declined(scene: Scene) -> None:
    """A request that was declined, with a word."""
    to_client.declined(scene.cancelled(booked_at=None), answered=True, word=WORD, now=scene.now)


def expired(scene: Scene) -> None:
    """A request that no one answered."""
    to_client.declined(scene.cancelled(booked_at=None), answered=False, word="", now=scene.now)


def taken_back(scene: Scene) -> None:
    """A request that was withdrawn."""
    to_client.taken_back(scene.cancelled(booked_at=None), now=scene.now)


def moved(scene: Scene) -> None:
    """Moved, and now with a colleague."""
    one = scene.session(practitioner=scene.jonah)
    was = earlier(one)
    was.practitioner = scene.tess
    to_client.moved(one, was=was, now=scene.now)


def request_moved(scene: Scene) -> None:
    """A request that was moved."""
    one = scene.request()
    to_client.moved(one, was=earlier(one), now=scene.now)


def longer(scene: Scene) -> None:
    """Half an hour longer."""
    to_client.length_changed(scene.session(minutes=90), was=60, now=scene.now)


def shorter(scene: Scene) -> None:
    """A request that is half an hour shorter."""
    to_client.length_changed(scene.request(minutes=60), was=90, now=scene.now)


def handed_over(scene: Scene) -> None:
    """Handed over to a colleague, with a word."""
    one = scene.session(practitioner=scene.jonah)
    to_client.handed_over(one, was=before(one, practitioner=scene.tess), word=WORD, now=scene.now)


def cancelled_late(scene: Scene) -> None:
    """Canceled by the client, for a fee."""
    to_client.cancelled(scene.cancelled(), fee=7000, by=scene.zoe, now=scene.now)


def cancelled_by_us(scene: Scene) -> None:
    """Canceled by the practice, with other times."""
    to_client.cancelled(scene.cancelled(), fee=0, by=scene.tess.user, word=WORD, now=scene.now)


def restored(scene: Scene) -> None:
    """It takes place after all."""
    plan_to_client(scene.session(), "restored", "restored:0", now=scene.now)


def series_booked(scene: Scene) -> None:
    """Three at once."""
    series.series_booked(scene.three(scene.session), now=scene.now)


def series_cancelled(scene: Scene) -> None:
    """Three canceled at once, for a fee."""
    series.series_cancelled(scene.three(scene.cancelled), fee=14000, by=scene.zoe, now=scene.now)


def hour_kept(scene: Scene) -> None:
    """The zone's rules changed: it begins at the agreed hour."""
    one = scene.session()
    zone_changed.hour_kept(one, was=earlier(one), place=DENVER, now=scene.now)


def other_hour(scene: Scene) -> None:
    """The zone's rules changed: clocks show another hour."""
    one = scene.session()
    agreed = one.starts_at.astimezone(DENVER).replace(tzinfo=None) - HOUR
    zone_changed.other_hour_there(one, agreed=agreed, place=DENVER, now=scene.now)


def prepare(scene: Scene) -> None:
    """How to prepare, with the questions still open."""
    one = scene.session()
    Intake.objects.create(client=scene.zoe, appointment=one)
    preparation.plan_preparation(one, now=scene.now)


def day_before(scene: Scene) -> None:
    """The reminders, of a session that is not the first: days before, and on the day."""
    scene.session(days=-30, state=State.COMPLETED, occupies=False)
    reminders.plan_reminders(scene.session(), now=scene.now)


def intake(scene: Scene) -> None:
    """The questions before a first session, and once more."""
    SessionType.objects.update(preparation="")
    plan_intake(Intake.objects.create(client=scene.zoe, appointment=scene.session()), now=scene.now)


def entry(scene: Scene) -> WaitlistEntry:
    """A place on the waitlist."""
    last = (scene.now + 30 * DAY).date()
    return WaitlistEntry.objects.create(client=scene.zoe, session_type=scene.kind, last_day=last)


def on_waitlist(scene: Scene) -> None:
    """The place on the waitlist is noted."""
    offers.wish_noted(entry(scene), now=scene.now)


def offer(scene: Scene) -> None:
    """A time opened up, in place of one that is booked."""
    waiting = entry(scene)
    waiting.swaps = scene.session(days=20)
    waiting.save(update_fields=["swaps"])
    held = scene.session(client=None, attendee_name="Zoë Núñez", state=State.HELD, booked_at=None)
    until = scene.now + dt.timedelta(minutes=50)
    offers.offered(Offer.objects.create(entry=waiting, appointment=held, expires_at=until), now=scene.now)


def address(scene: Scene) -> None:
    """The practice has moved."""
    new_address(scene.zoe, [scene.session(), scene.session(days=17)], moved_at=scene.now, now=scene.now)


def paid(scene: Scene) -> None:
    """A receipt, as a PDF."""
    one = scene.session(days=-1, state=State.COMPLETED)
    record(one, cents=14000, how="cash", by=scene.tess.user, key="k")
    receipt(issue(one, to="Zoë Núñez", by=scene.tess.user), now=scene.now)
    assert Letter.objects.filter(kind="receipt").exists()


CASES: tuple[Compose, ...] = (
    *(confirmation, approved, visit, online, for_another, requested, declined, expired, taken_back),
    *(moved, request_moved, longer, shorter, handed_over, cancelled_late, cancelled_by_us, restored),
    *(series_booked, series_cancelled, hour_kept, other_hour, prepare, day_before, intake),
    *(on_waitlist, offer, address, paid),
)
