"""The email about a new address of the practice, to everybody who is booked, if the owner wants it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from booking import queries
from booking.letters.context import what_the_link_does
from booking.links import appointment_url
from booking.models import Appointment, Place
from booking.time_zones.clocks import clocks_of
from practice.core.reasons import because
from practice.mail.composing.render import Rendered, render
from practice.mail.post import post
from practice.mail.send_check import Cancel, Check, Fresh, Send, Verdict
from practice.models import Letter, User
from practice.queries import the_practice
from practice.shipped_texts import reading_in

KIND = "new_address"


def new_address(client: User, coming: Sequence[Appointment], *, moved_at: datetime, now: datetime) -> None:
    """Plan the email to a client: the new address, and their sessions ahead. Once for each change."""
    stamp = f"{moved_at:%Y%m%dT%H%M%S%f}"
    post(
        KIND,
        key=f"new-address:{stamp}:{client.pk}",
        to=client,
        context={},
        words=_words(client, coming),
        about=f"new-address:{stamp}",
        now=now,
    )


def sessions_ahead(client: User, *, now: datetime) -> QuerySet[Appointment]:
    """Return a person's sessions ahead at the practice: a visit or a call is not affected."""
    return queries.coming_to_tell(client, now=now).filter(place=Place.PRACTICE)


def check_new_address(letter: Letter, now: datetime) -> Verdict:
    """Decide whether the email may leave: only if they still have a session ahead."""
    client = letter.user
    coming = list(sessions_ahead(client, now=now)) if client else []
    if client is None or not coming:
        return Cancel(because("nothing_ahead"))
    return Send(Fresh(_words(client, coming)))


def _words(client: User, coming: Sequence[Appointment]) -> Rendered:
    practice = the_practice()
    with reading_in(client.language or settings.LANGUAGE_CODE):
        context: dict[str, Any] = {
            "to": client,
            "sender": "",
            "first_name": client.first_name,
            "sessions": [_told(one, clocks_of(one, practice).moment(one.starts_at)) for one in coming],
            "act_url": appointment_url(coming[0]),
            "act_words": what_the_link_does(coming[0]),
            "why": _("You’re receiving this because a session was booked with your email address."),
        }
    return render(KIND, context, language=client.language)


def _told(appointment: Appointment, when: str) -> str:
    name = appointment.practitioner.first_name
    return _("%(when)s, with %(name)s") % {"when": when, "name": name}


CHECKS = {KIND: Check(check_new_address)}
