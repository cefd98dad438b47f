"""To clients, about an appointment: what was booked, moved, cancelled."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from booking.letters.about import to_client, when, zone_of
from booking.links import on_our_site
from booking.models import Appointment
from booking.packages import was_covered
from practice import text
from practice.mail.kinds import WORDED
from practice.models import Letter, User
from practice.queries import the_practice


def confirmation(
    appointment: Appointment, *, now: datetime, approved: bool = False, word: str = ""
) -> Letter | None:
    """To the client: what is booked, what it costs, what can still be changed until when.

    `approved`: it answers a request, with a practitioner's `word` if there is one; its key says so, since
    the front desk does not read it then.
    """
    key = f"confirmation{WORDED}" if word else "confirmation"
    return to_client(
        appointment, "confirmation", key, method="REQUEST", now=now, approved=approved, word=word
    )


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


def declined(appointment: Appointment, *, answered: bool, word: str, now: datetime) -> Letter | None:
    """To the client: this request is not booked, and the way to another time.

    `answered`: somebody said no, with a `word` if they wrote one; else nobody said anything in time. There
    is nothing to take out of a calendar: no file ever went.
    """
    return to_client(
        appointment, "declined", "declined", now=now, answered=answered, word=word, **another_time()
    )


def taken_back(appointment: Appointment, *, now: datetime) -> Letter | None:
    """To the client: their request is withdrawn, as they asked. No calendar file: none ever went."""
    return to_client(
        appointment, "taken_back", f"taken-back:{appointment.sequence}", now=now, **another_time()
    )


def moved(appointment: Appointment, *, was: Appointment, now: datetime) -> Letter | None:
    """To the client: the new time, and the old one. A request has no calendar file, but a new wait."""
    zone, practice = zone_of(appointment), the_practice()
    asked = appointment.state == Appointment.State.PENDING and appointment.answer_by
    return to_client(
        appointment,
        "moved",
        f"moved:{appointment.sequence}",
        method=None if asked else "REQUEST",
        now=now,
        was=when(was, zone, practice),
        answer_by=text.moment(asked, zone, locale=practice.locale) if asked else "",
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
        **another_time(),
    )


def another_time() -> dict[str, Any]:
    """What a letter about a session that will not be leads to."""
    return {"act_url": on_our_site("book"), "act_words": _("Find another time")}
