"""What a practice has already, as its first steps ask for it."""

from __future__ import annotations

from email.utils import parseaddr

from django.conf import settings
from django.db.models import Exists, OuterRef, Q

from booking.models import AppointmentChange, OpeningHours, SessionType
from practice.access.roles import AT_WORK
from practice.mail.composing.headers import usable_address
from practice.models import Letter, Practice, User
from practice.models.written_queries import WhichExist

KIND = "test_email"
#: In the event of such an email: when its reader confirmed that it arrived.
ARRIVED = "arrived_at"
#: Staff who are signed in there stay staff; but only these pages hold a time before it is booked.
_HELD_FIRST = AppointmentChange.objects.filter(
    appointment=OuterRef("appointment"), what=AppointmentChange.What.HELD, by_staff=False
)
ON_PUBLIC_PAGES = Q(by_staff=False) | Q(Exists(_HELD_FIRST))


def sender_address(owner: User, practice: Practice) -> str:
    """Return the address our emails come from; "" for none, and then all wait. Reads no row."""
    chosen = parseaddr(settings.DEFAULT_FROM_EMAIL)[1] or usable_address(practice.email)
    return chosen or usable_address(owner.email)


_TESTS = Letter.objects.filter(kind=KIND, user__role__in=AT_WORK)  # by role: an index has these
_AT_WORK = User.objects.filter(role__in=AT_WORK, is_active=True)
_THERE = WhichExist(
    services=SessionType.objects.filter(is_active=True, practitioners__user__is_active=True),
    hours=OpeningHours.objects.all(),
    people=_AT_WORK.order_by("pk")[1:2],  # a second one
    booking=AppointmentChange.objects.filter(ON_PUBLIC_PAGES, what__in=AppointmentChange.MADE),
    tested=_TESTS,
    arrived=_TESTS.filter(event__has_key=ARRIVED),
)


def what_is_there() -> dict[str, bool]:
    """Return which things exist already, in one query."""
    return _THERE()


def last_test_email(user: User) -> str | None:
    """Return what became of the last test email to this person; None for none."""
    return _TESTS.filter(user=user).order_by("-id").values_list("state", flat=True).first()
