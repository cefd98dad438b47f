"""To clients, when the rules of a zone have changed: the session keeps its hour, or clocks show another."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from booking.letters.about import to_client, when, zone_of
from booking.models import Appointment
from booking.walls import read_by_booker
from practice import text
from practice.clock import zone_named
from practice.models import Letter
from practice.queries import the_practice

KIND = "clocks_changed"


def hour_kept(appointment: Appointment, *, was: Appointment, place: ZoneInfo, now: datetime) -> Letter | None:
    """It begins at the hour that was agreed: what calendars may have shown meanwhile, and the file for them.

    `place`: the zone whose rules have changed. Who booked from another zone is told the hour on their clocks,
    which is another one then. A request has no calendar file.
    """
    practice, asked = the_practice(), appointment.state == Appointment.State.PENDING
    agreed, reads = read_by_booker(was), read_by_booker(appointment)
    theirs = zone_named(appointment.zone or place.key)
    return to_client(
        appointment,
        KIND,
        f"clocks-changed:{appointment.sequence}",
        method=None if asked else "REQUEST",
        now=now,
        kept=True,
        place=text.zone_in_words(place.key),
        shown=when(was, zone_of(appointment), practice),
        was=text.wall_moment(agreed, locale=practice.locale) if agreed and agreed != reads else "",
        shows=text.moment(appointment.starts_at, theirs, locale=practice.locale),
    )


def other_hour_there(
    appointment: Appointment, *, agreed: datetime, place: ZoneInfo, now: datetime
) -> Letter | None:
    """It has not moved; clocks in `place` show another hour for it than the wall time that was `agreed`."""
    locale = the_practice().locale
    return to_client(
        appointment,
        KIND,
        f"clocks-changed:{appointment.sequence}:{agreed:%Y%m%dT%H%M}",
        now=now,
        kept=False,
        place=text.zone_in_words(place.key),
        was=text.wall_moment(agreed, locale=locale),
        shows=text.moment(appointment.starts_at, place, locale=locale),
    )
