"""Values that a request carries: the reader's zone, the practitioner and the day they want."""

from __future__ import annotations

import datetime as dt

from django.http import HttpRequest
from django.urls import reverse

from booking import links
from booking.appointments.views.times import Reader
from booking.availability.engine.audience import AskerStatus
from booking.models import Appointment, SessionType
from booking.queries import asker_status_of, practitioners_of
from practice.core import clock
from practice.models import Practice, Practitioner
from practice.queries import practice_zone

ANY = "any"


def appointment_path(appointment: Appointment) -> str:
    """Return the path of an appointment's page on this host."""
    return reverse("appointment", args=[links.appointment_token(appointment)])


def hold_path(held: Appointment) -> str:
    """Return the path of the form of a held time."""
    return reverse("hold", args=[held.session_type.slug, links.hold_token(held)])


def reader_of(request: HttpRequest, practice: Practice, *named: str) -> Reader:
    """Return the reader with the first valid zone: named, the signed-in person's own, the practice's."""
    home = practice_zone(practice)
    own = getattr(request.user, "zone", "") if request.user.is_authenticated else ""
    for name in (*named, own):
        try:
            return Reader(clock.zone_named(name), home, practice.locale)
        except clock.UnknownZone:
            continue
    return Reader(home, home, practice.locale)


def asker_in(request: HttpRequest, now: dt.datetime) -> AskerStatus:
    """Return what is known of the reader for the rule of who may book; nothing for a visitor."""
    return asker_status_of(request.user, now=now)


def wanted_practitioners(
    session_type: SessionType, slug: str, everybody: list[Practitioner] | None = None
) -> tuple[list[Practitioner], str]:
    """Return the practitioner with that slug, or all who give this type, and "any"."""
    everybody = practitioners_of(session_type) if everybody is None else everybody
    found = [person for person in everybody if person.slug == slug]
    return (found, slug) if found else (everybody, ANY)


def day_in(raw: str) -> dt.date | None:
    """Return a date from an address; None for anything else and at the ends of the calendar."""
    try:
        found = dt.date.fromisoformat(raw) if len(raw) == 10 else None
    except ValueError:
        return None
    return found if found and dt.MINYEAR < found.year < dt.MAXYEAR else None
