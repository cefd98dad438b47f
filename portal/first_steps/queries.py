"""What a practice has already, as its first steps ask for it."""

from __future__ import annotations

from email.utils import parseaddr
from typing import Any

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, Subquery

from booking.models import AppointmentChange, OpeningHours, SessionType
from practice.access.roles import AT_WORK
from practice.mail.composing.headers import usable_address
from practice.models import Letter, Practice, User

KIND = "test_email"
#: In the event of such an email: when its reader confirmed that it arrived.
ARRIVED = "arrived_at"
BOOKED = (AppointmentChange.What.BOOKED, AppointmentChange.What.REQUESTED)
#: Staff who are signed in there stay staff; but only these pages hold a time before it is booked.
_HELD_FIRST = AppointmentChange.objects.filter(
    appointment=OuterRef("appointment"), what=AppointmentChange.What.HELD, by_staff=False
)
ON_PUBLIC_PAGES = Q(by_staff=False) | Q(Exists(_HELD_FIRST))


def sender_address(owner: User, practice: Practice) -> str:
    """Return the address our emails come from; "" for none, and then all wait. Reads no row."""
    chosen = parseaddr(settings.DEFAULT_FROM_EMAIL)[1] or usable_address(practice.email)
    return chosen or usable_address(owner.email)


def what_is_there(user: User) -> dict[str, Any]:
    """Return which things exist already, and what became of the last test email, in one query."""
    colleagues = User.objects.filter(role__in=AT_WORK, is_active=True).exclude(pk=user.pk)
    tests = Letter.objects.filter(kind=KIND, user__role__in=AT_WORK)  # by whose they are: an index has these
    own_tests = tests.filter(user=OuterRef("pk")).order_by("-id")
    found = User.objects.filter(pk=user.pk).annotate(
        services=Exists(SessionType.objects.filter(is_active=True, practitioners__user__is_active=True)),
        hours=Exists(OpeningHours.objects.all()),
        people=Exists(colleagues),
        booking=Exists(AppointmentChange.objects.filter(ON_PUBLIC_PAGES, what__in=BOOKED)),
        arrived=Exists(tests.filter(event__has_key=ARRIVED)),
        test_email=Subquery(own_tests.values("state")[:1]),
    )
    names = ("services", "hours", "people", "booking", "arrived", "test_email")
    return dict(found.values(*names).get())
