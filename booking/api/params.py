"""Parameters of API requests: a type, people, a zone, dates, an instant; 404 or 422 with a sentence."""

from __future__ import annotations

import datetime as dt
import re
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from booking import queries
from booking.api.errors import RequestError
from booking.availability import wording as availability_wording
from booking.models import SessionType
from practice.core import clock
from practice.models import Practice, Practitioner
from practice.queries import practice_zone, the_practice

MOST_DAYS = 92
DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
CLOCK_CODES: dict[type[clock.ClockError], str] = {
    clock.NonexistentTime: "nonexistent_time",
    clock.AmbiguousTime: "ambiguous_time",
}


def type_named(slug: str) -> SessionType:
    """Return the bookable type with that slug, or raise a 404."""
    return known_type(queries.bookable_type(slug))


def known_type(found: SessionType | None) -> SessionType:
    """Return `found`, or raise a 404 for None."""
    if found is None:
        raise RequestError(
            "unknown_session_type",
            _("There is no session type with this name."),
            field="session_type",
            status=404,
        )
    return found


def type_and_practitioners(slug: str, who: str) -> tuple[SessionType, list[Practitioner]]:
    """Return the type with that slug and the practitioners asked for, in one query, or raise a 404."""
    found, everybody = queries.type_and_givers(slug)
    return known_type(found), practitioners_among(everybody, who)


def practitioners_named(session_type: SessionType, slug: str) -> list[Practitioner]:
    """Return the practitioners of this type: all for "any", one for a slug; else raise a 404."""
    return practitioners_among(list(queries.practitioners_of(session_type)), slug)


def practitioners_among(everybody: list[Practitioner], slug: str) -> list[Practitioner]:
    """Return all for "any", or the one with that slug; raise a 404 for an unknown slug."""
    found = everybody if slug == "any" else [person for person in everybody if person.slug == slug]
    if slug != "any" and not found:
        raise RequestError(
            "unknown_practitioner",
            _("No practitioner with this name offers this session."),
            field="practitioner",
            status=404,
        )
    return found


def zone_asked(name: str | None) -> ZoneInfo:
    """Return the zone with that name, or the practice's; raise a 422 for an unknown name."""
    if not name:
        return practice_zone(the_practice())
    try:
        return clock.zone_named(name)
    except clock.UnknownZone as error:
        raise RequestError(
            "unknown_zone", _("We don’t know this time zone. Try America/Denver."), field="tz"
        ) from error


def instant_asked(raw: str, zone: ZoneInfo, practice: Practice) -> dt.datetime:
    """Return the instant of a start; raise a 422 for one that is unreadable, nonexistent or comes twice."""
    try:
        return clock.read_instant(raw, zone)
    except clock.ClockError as error:
        message = availability_wording.of_clock(error, locale=practice.locale)
        code = CLOCK_CODES.get(type(error), "invalid_time")
        raise RequestError(code, message, field="start") from error


def date_asked(raw: str, field: str, zone: ZoneInfo) -> tuple[dt.date, tuple[dt.datetime, dt.datetime]]:
    """Return a date like 2027-03-13, with the instants of its beginning and end; raise a 422 for others."""
    try:
        if not DATE.fullmatch(raw):
            raise ValueError(raw)
        day = dt.date.fromisoformat(raw)
        return day, clock.day_bounds(day, zone)
    except ValueError as error:
        raise RequestError("invalid_date", _("Please write dates like 2027-03-13."), field=field) from error


def range_asked(first: str, last: str, zone: ZoneInfo) -> tuple[dt.datetime, dt.datetime]:
    """Return the instants between which two dates lie, both included, at most 92 days; else raise a 422."""
    first_day, (begins, _ends) = date_asked(first, "from", zone)
    last_day, (_begins, ends) = date_asked(last, "to", zone)
    if last_day < first_day:
        raise RequestError("reversed_range", _("The last day is before the first."), field="to")
    if (last_day - first_day).days >= MOST_DAYS:
        raise RequestError("range_too_long", _("Please ask for at most 92 days at a time."), field="to")
    return begins, ends
