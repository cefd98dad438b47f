"""To clients, about an appointment: what was booked, moved, cancelled."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from booking.letters.about import to_client, when, zone_of
from booking.models import Appointment
from booking.packages import was_covered
from practice import text
from practice.models import Letter, User
from practice.queries import the_practice


def confirmation(appointment: Appointment, *, now: datetime) -> Letter | None:
    """To the client: what is booked, what it costs, what can still be changed until when."""
    return to_client(appointment, "confirmation", "confirmation", method="REQUEST", now=now)


def request_received(appointment: Appointment, *, now: datetime) -> Letter | None:
    """To the client: what they asked for, that it is kept, and until when we answer. No calendar file yet."""
    assert appointment.answer_by is not None
    return to_client(
        appointment,
        "request_received",
        f"request-received:{appointment.sequence}",
        now=now,
        answer_by=text.moment(appointment.answer_by, zone_of(appointment), locale=the_practice().locale),
    )


def moved(appointment: Appointment, *, was: Appointment, now: datetime) -> Letter | None:
    """To the client: the new time, and the old one."""
    return to_client(
        appointment,
        "moved",
        f"moved:{appointment.sequence}",
        method="REQUEST",
        now=now,
        was=when(was, zone_of(appointment), the_practice()),
    )


def cancelled(appointment: Appointment, *, fee: int, by: User | None, now: datetime) -> Letter | None:
    """To the client: it is cancelled, what that costs, and the way back."""
    practice = the_practice()
    return to_client(
        appointment,
        "cancelled",
        f"cancelled:{appointment.sequence}",
        method="CANCEL",
        now=now,
        fee=text.money(fee, appointment.currency, locale=practice.locale) if fee else "",
        given_back=was_covered(appointment),
        by_us=by is not None and by.is_staff,
        act_url=settings.SITE_URL + reverse("book"),
        act_words=_("Find another time"),
    )
