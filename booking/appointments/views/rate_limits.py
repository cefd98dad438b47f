"""Limits on how often somebody may book, and whom they count.

A signed-in person is counted as a person, a guest by the address they type, holds by the page of ours they
come from, programs by their network. A network has a limit of its own, since many people may use it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager

from django.http import HttpRequest, HttpResponse
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from booking.errors import again_or_call
from booking.holds.actions.hold import PAGE
from booking.holds.actions.hold_once import PRESS
from booking.models import Appointment
from practice.contact import or_call
from practice.queries import the_practice
from practice.security import limits
from practice.web.errors import too_many

BOOKINGS_AN_HOUR = 20
OF_A_NETWORK = 60  # a clinic, an office or a mobile network: decision 8 had 20 for all of them together
HOUR = dt.timedelta(hours=1)
NETWORK = "book-network"


class TooOften(Exception):
    """Raised when a limit is reached. The message says which one and when it ends; `wait`: in seconds."""

    def __init__(self, message: str, *, wait: int) -> None:
        super().__init__(message)
        self.message, self.wait = message, wait


def visitor_of(request: HttpRequest, *, press: str = "") -> str:
    """Return the key under which holds are counted: the network, then the person or page there (`hold`)."""
    network = limits.visitor_key(request)
    if request.user.is_authenticated:
        return f"{network}:{_hashed(str(request.user.pk))}"
    return f"{network}:{PAGE}" if PRESS.fullmatch(press) else network


@contextmanager
def counted_use(request: HttpRequest, *, now: dt.datetime, named: str = "") -> Iterator[None]:
    """Count a booking or move made within, and undo the count when it is refused.

    `named`: the address a guest types, or whose session they move. Not used for a repeat or for a move to its
    own time: these are not counted. Raises TooOften.
    """
    try:
        with limits.counting(_limits_of(request, named), window=HOUR, now=now):
            yield
    except limits.TooMany as error:
        raise TooOften(_said(error), wait=error.wait) from error


def is_booked_already(held: Appointment | None) -> bool:
    """Return whether the hold was already booked: a repeat shows it and is not counted."""
    return held is not None and not held.is_hold


def limit_page(request: HttpRequest, error: TooOften) -> HttpResponse:
    """Return the page that says which limit is reached."""
    return too_many(request, message=error.message, wait=error.wait)


def _limits_of(request: HttpRequest, named: str) -> dict[str, int]:
    """Return the keys to count under, with their limits: a person's own; for guests, the network's too."""
    if request.user.is_authenticated:
        return {f"book:{_hashed(str(request.user.pk))}": BOOKINGS_AN_HOUR}
    network = limits.visitor_key(request)
    return {
        f"book:{network}:{_hashed(named.strip().lower())}": BOOKINGS_AN_HOUR,
        f"{NETWORK}:{network}": OF_A_NETWORK,
    }


def _said(error: limits.TooMany) -> str:
    said = (
        _("Several people are booking from your network: %(most)s sessions in this hour, which is our limit.")
        if error.key.startswith(NETWORK)
        else _("You’ve booked or moved %(most)s sessions in this hour, which is our limit.")
    ) % {"most": error.limit}
    return f"{said} {again_or_call(error.wait, or_call=or_call(the_practice()))}"


def _hashed(who: str) -> str:
    return salted_hmac("booking.person", who, algorithm="sha256").hexdigest()[:24]
