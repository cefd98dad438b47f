"""What these tests do inside the practice (`Town.call`): let people in, book for them, forget counts."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from django.core.cache import cache
from django.db.models import Q
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone

from booking import links
from booking.appointments.actions.book import Attendee, book
from booking.availability import listing
from booking.holds.actions.hold import release_hold
from booking.models import Appointment, Intake, SessionType, WaitlistEntry
from booking.offers.actions import make_offer
from booking.testing import make_appointment
from portal.models import ClientProfile, Collection, Exercise, Lesson
from portal.testing import assign
from practice.accounts.one_time_links import enter_url
from practice.mail.unsubscribe import email_token
from practice.models import Practitioner, UsageCount, User
from practice.testing import at_work, make_user

#: What a test may bring with it whose web address nobody else may have.
WITH_ADDRESS: tuple[type[Any], ...] = (SessionType, Lesson, Exercise, Collection)


def begin_anew() -> str:
    """As if nobody had asked for anything yet: no test uses up what the next one may ask for.

    Links that were used stay used. Returns the numbers of the last person and of the last of each of
    `WITH_ADDRESS` there is.
    """
    UsageCount.objects.exclude(key__startswith="link:").delete()
    cache.clear()
    for held in Appointment.objects.filter(state=Appointment.State.HELD):
        release_hold(held, now=timezone.now())
    return " ".join(
        str(kind.objects.order_by("pk").values_list("pk", flat=True).last() or 0)
        for kind in (User, *WITH_ADDRESS)
    )


def set_aside(last: str) -> None:
    """Give everybody and everything after these numbers other names and addresses, and free their times.

    A second try brings its own again.
    """
    last_user, *last_others = map(int, last.split())
    people = User.objects.filter(pk__gt=last_user)
    theirs = Appointment.objects.filter(Q(client__in=people) | Q(practitioner__user__in=people))
    theirs.update(state=Appointment.State.CANCELLED, occupies=False, attendee_name="Tried Once")
    for user in people:
        User.objects.filter(pk=user.pk).update(
            name=f"Tried Once {user.pk}", email=f"once{user.pk}@example.com"
        )
        Practitioner.objects.filter(user=user).update(slug=f"once-{user.pk}")
    for kind, number in zip(WITH_ADDRESS, last_others, strict=True):
        for pk in kind.objects.filter(pk__gt=number).values_list("pk", flat=True):
            kind.objects.filter(pk=pk).update(slug=f"once-{pk}")


def session_of(user: User) -> str:
    """What a browser holds after `user` has signed in; staff with their second factor."""
    if user.is_staff:
        return at_work(user).cookies["session"].value
    browser = Browser()
    browser.force_login(user)
    return browser.cookies["session"].value


def enter(address: str) -> str:
    """What a browser holds after whoever has this address has signed in."""
    return session_of(User.objects.get(email=address))


def way_in(address: str) -> str:
    """A link, which opens once, for whoever has this address."""
    return enter_url(User.objects.get(email=address), now=timezone.now())


def first_booking() -> str:
    """The path of the questions that go to somebody who has just booked a first session."""
    now, tess = timezone.now(), Practitioner.objects.get(slug="tess")
    kind = SessionType.objects.get(slug="first-session")
    slot = listing.alternatives(kind, [tess], near=now + dt.timedelta(days=9), now=now, count=1)[0]
    who = Attendee(name="Vera Holm", email=f"{uuid.uuid4().hex}@example.org")
    made = book(kind, practitioners=[tess], start=slot.start, attendee=who, consent=True, now=now)
    return links.intake_path(Intake.objects.get(appointment=made))


def offer(address: str) -> str:
    """A free time is kept for the only wish of whoever has this address: the link to it."""
    entry, now = WaitlistEntry.objects.get(client__email=address), timezone.now()
    person, soon = entry.session_type.practitioners.first(), now + dt.timedelta(days=2)
    free = listing.free_starts(
        entry.session_type, [person], first=soon, until=soon + dt.timedelta(days=7), now=now
    )[0]
    return links.offer_url(make_offer(entry, person, free.start, freed=None, now=now))


def asks_for_a_code(address: str) -> None:
    """Somebody stands at the door: a letter with a code is written."""
    answer = Browser(SERVER_NAME="localhost").post(reverse("account_login"), {"login": address})
    assert answer.status_code == 302, answer.content


def mail_wishes(address: str) -> str:
    """The path behind the link of letters."""
    return reverse("email_wishes", args=[email_token(User.objects.get(email=address))])


def enter_as(name: str) -> str:
    """What a browser holds after the client of that name has signed in, who may be new to the house."""
    return session_of(User.objects.filter(name=name).first() or somebody(name))


def newcomer(name: str) -> str:
    """The address of somebody who is new to the house."""
    return str(somebody(name).email)


def somebody(name: str) -> User:
    """A new client, at an address of the whole name: many tests share a house, and some a first name."""
    return make_user(name, email=f"{name.lower().replace(' ', '.')}@example.com")


def session_to_write_about() -> str:
    """The uid of a session that took place and is not written about yet."""
    tess = Practitioner.objects.get(slug="tess")
    start = Appointment.objects.order_by("starts_at").first().starts_at - dt.timedelta(days=1)
    leo = make_user("Leo Marsh", email=None)
    made = make_appointment(
        session_type=SessionType.objects.first(), practitioner=tess, start=start, client=leo
    )
    return str(made.uid)


def with_exercises(address: str) -> str:
    """What a client's browser holds who is new to the house, and has two exercises and a plan."""
    zoe = make_user("Zoe Lamm", email=address)
    for slug in ("cat-and-cow", "the-pelvis-as-a-clock"):
        assign(Exercise.objects.get(slug=slug), zoe, by=Practitioner.objects.first(), dosage="six times")
    ClientProfile.objects.keep(zoe, plan="after breakfast, on the rug")
    return session_of(zoe)
