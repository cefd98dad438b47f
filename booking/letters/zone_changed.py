"""Emails to clients after a change of zone rules: the session keeps its hour, or clocks show another."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from booking.calendars.ics import Method
from booking.letters.context import to_client
from booking.letters.event import EmailFacts, Wording, times_of
from booking.models import Appointment
from booking.time_zones.clocks import clocks_of
from booking.time_zones.wall_times import read_by_booker
from practice.core import formatting
from practice.core.clock import zone_named
from practice.core.locales.zone_words import city_of
from practice.models import Letter
from practice.queries import the_practice

KIND = "clocks_changed"


def hour_kept(appointment: Appointment, *, was: Appointment, place: ZoneInfo, now: datetime) -> Letter | None:
    """Plan the email that the session begins at the agreed hour after all, with a new calendar file.

    `place`: the zone whose rules have changed. A client who booked from another zone reads the new hour on
    their clocks. A request has no calendar file.
    """
    agreed, reads = read_by_booker(was), read_by_booker(appointment)
    event: dict[str, Any] = {"kept": True, "place": place.key, "was": times_of(was)}
    if agreed and agreed != reads:
        event["agreed"] = agreed.isoformat()
    return to_client(appointment, KIND, f"clocks-changed:{appointment.sequence}", now=now, **event)


def other_hour_there(
    appointment: Appointment, *, agreed: datetime, place: ZoneInfo, now: datetime
) -> Letter | None:
    """Plan the email that clocks in `place` show another hour than was `agreed`; nothing has moved."""
    return to_client(
        appointment,
        KIND,
        f"clocks-changed:{appointment.sequence}:{agreed:%Y%m%dT%H%M}",
        now=now,
        kept=False,
        place=place.key,
        agreed=agreed.isoformat(),
    )


def _changed(facts: EmailFacts) -> dict[str, Any]:
    """Return the words' values. `agreed` is stored as a wall time without a zone, and is read as one."""
    locale, place = the_practice().locale, facts.event["place"]
    agreed, kept = facts.event.get("agreed"), facts.event["kept"]
    theirs = facts.appointment.zone or place if kept else place
    return {
        "kept": kept,
        "place": city_of(place, locale=locale),
        "shown": clocks_of(facts.appointment, the_practice()).span(*facts.was) if facts.was else "",
        "was": formatting.wall_moment(datetime.fromisoformat(agreed), locale=locale) if agreed else "",
        "shows": formatting.moment(facts.appointment.starts_at, zone_named(theirs), locale=locale),
    }


def _kept_and_booked(facts: EmailFacts) -> Method | None:
    """Return the calendar file's method if it moved and is booked; else None."""
    return "REQUEST" if facts.event["kept"] and not facts.is_asked else None


WORDINGS: Mapping[str, Wording] = {KIND: Wording(_changed, _kept_and_booked)}
