"""To clients, when the rules of a zone have changed: the session keeps its hour, or clocks show another."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from booking.letters.about import to_client, when, zone_of
from booking.models import Appointment
from practice import text
from practice.models import Letter
from practice.queries import the_practice

KIND = "clocks_changed"


def hour_kept(appointment: Appointment, *, was: Appointment, place: ZoneInfo, now: datetime) -> Letter | None:
    """It begins at the hour that was agreed: what calendars may have shown meanwhile, and the file for them.

    `place`: the zone whose rules have changed. A request has no calendar file.
    """
    asked = appointment.state == Appointment.State.PENDING
    return to_client(
        appointment,
        KIND,
        f"clocks-changed:{appointment.sequence}",
        method=None if asked else "REQUEST",
        now=now,
        kept=True,
        place=text.zone_in_words(place.key),
        was=when(was, zone_of(appointment), the_practice()),
    )


def other_hour_there(
    appointment: Appointment, *, agreed: datetime, place: ZoneInfo, now: datetime
) -> Letter | None:
    """It has not moved; clocks in `place` show another hour for it than the wall time that was `agreed`."""
    locale = the_practice().locale
    hour = text.wall_time(agreed, locale=locale)
    return to_client(
        appointment,
        KIND,
        f"clocks-changed:{appointment.sequence}:{agreed:%Y%m%dT%H%M}",
        now=now,
        kept=False,
        place=text.zone_in_words(place.key),
        was=f"{text.day_in_words(agreed.date(), locale=locale)}, {hour}",
        shows=text.moment(appointment.starts_at, place, locale=locale),
    )
