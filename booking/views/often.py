"""Whom limits count: who has signed in, as a person; a page of ours; programs, by their network."""

from __future__ import annotations

import datetime as dt

from django.http import HttpRequest
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from booking.actions.hold import PAGE
from booking.actions.press import PRESS
from practice import limits
from practice.queries import the_practice

BOOKINGS_AN_HOUR = 20
HOUR = dt.timedelta(hours=1)


def visitor_of(request: HttpRequest, *, press: str = "") -> str:
    """Return whose holds are counted together: a key of the network, and who it is there (`hold`)."""
    network = limits.visitor_key(request)
    if request.user.is_authenticated:
        return f"{network}:{_person(request)}"
    return f"{network}:{PAGE}" if PRESS.fullmatch(press) else network


def too_often(request: HttpRequest, *, now: dt.datetime) -> str:
    """Count one booking; return a sentence when it is one too many in this hour, else nothing.

    Not for what is booked already: pressing twice costs nothing.
    """
    person = request.user.is_authenticated
    who = _person(request) if person else limits.visitor_key(request)
    if limits.spend(f"book:{who}", limit=BOOKINGS_AN_HOUR, window=HOUR, now=now):
        return ""
    minutes = -(-seconds_left(now) // 60)
    said = (
        _("You have booked %(number)s times in this hour.") % {"number": BOOKINGS_AN_HOUR}
        if person
        else _("Several people have booked from your network in this hour.")
    )
    again = ngettext("Try again in %(n)s minute.", "Try again in %(n)s minutes.", minutes) % {"n": minutes}
    phone = the_practice().phone
    call = _("Or call us: %(phone)s.") % {"phone": phone} if phone else ""
    return f"{said} {again} {call}".strip()


def seconds_left(now: dt.datetime) -> int:
    """Return in how many seconds the counted hour is over."""
    return int((HOUR - (now - limits.EPOCH) % HOUR).total_seconds()) + 1


def _person(request: HttpRequest) -> str:
    return salted_hmac("booking.person", str(request.user.pk), algorithm="sha256").hexdigest()[:24]
