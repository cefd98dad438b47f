"""After a session: the practitioner's next client today, and where to look for this client's next time."""

from __future__ import annotations

import datetime as dt
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from booking import queries
from booking.models import Appointment, SessionType
from practice.core import clock
from practice.models import Practitioner

LATER = dt.timedelta(weeks=2)  # after a session, the next one is looked for from here on


def next_today(practitioner: Practitioner, *, now: dt.datetime, zone: ZoneInfo) -> Appointment | None:
    """Return this practitioner's next appointment before the day ends in `zone`, or None."""
    ends = clock.day_bounds(now.astimezone(zone).date(), zone)[1]
    coming = queries.day_of([practitioner], first=now, until=ends).expected()
    return coming.filter(starts_at__gte=now).first()


def next_booking_query(session: Appointment, *, now: dt.datetime, zone: ZoneInfo) -> str:
    """Return the query of the booking page for this client: type, practitioner, from two weeks on."""
    kind, from_day = _kind_after(session), (now + LATER).astimezone(zone).date()
    wish = {
        "client": str(session.client_id or ""),
        "type": kind.slug if kind else "",
        "practitioner": session.practitioner.slug,
        "day": from_day.isoformat(),
    }
    return urlencode({name: value for name, value in wish.items() if value})


def _kind_after(session: Appointment) -> SessionType | None:
    """Return the same session type; after a first session, or one no longer offered, another of theirs."""
    begins = queries.first_type()
    given = [
        one
        for one in queries.given_types()
        if one.who != SessionType.Who.NEW and session.practitioner in one.practitioners.all()
    ]
    same = [one for one in given if one.pk == session.session_type_id]
    others = [one for one in given if begins is None or one.pk != begins.pk]
    is_beginning = begins is not None and begins.pk == session.session_type_id
    return next(iter((others if is_beginning else same) or others or same), None)
