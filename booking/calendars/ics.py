"""Calendar files (RFC 5545, 5546): one UID for life, a rising SEQUENCE, CANCEL for a cancel.

Times are in UTC, so no file depends on another program's zones; a calendar shows them in its reader's zone,
so the description says what the clock at the practice shows. Nothing about anybody's health, not even the
session type's name, since a calendar is shown to colleagues; nor the address of a visit.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Literal
from urllib.parse import urlsplit

import icalendar
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from booking.models import Appointment, BlockedTime, Place
from booking.places.wording import title_of_visit, where_of
from booking.time_zones.clocks import place_has_a_clock
from practice.core.formatting import moment
from practice.core.plain_text import plain_line
from practice.mail.composing.headers import own_address
from practice.models import Practice
from practice.queries import practice_zone, the_practice

Method = Literal["REQUEST", "CANCEL", "PUBLISH"]
STATUS: dict[str, str] = {Appointment.State.CANCELLED: "CANCELLED", Appointment.State.PENDING: "TENTATIVE"}


def calendar_file(appointment: Appointment, *, method: Method, now: datetime | None = None) -> str:
    """Return the appointment as an iCalendar text, lines ended by CRLF and folded at 75 octets.

    REQUEST and CANCEL go along with emails and name the attendee; PUBLISH is for downloading and, as RFC 5546
    asks, names none.
    """
    practice = the_practice()
    event = icalendar.Event()
    event.add("uid", uid_of(appointment))
    event.add("sequence", appointment.sequence)
    event.add("dtstamp", (now or timezone.now()).astimezone(UTC).replace(microsecond=0))
    event.add("dtstart", appointment.starts_at.astimezone(UTC))
    event.add("dtend", appointment.ends_at.astimezone(UTC))
    event.add(
        "summary",
        _("%(practice)s, with %(name)s")
        % {"practice": practice.name, "name": appointment.practitioner.first_name},
    )
    add_place(event, appointment, practice)
    event.add("description", " ".join(_described(appointment, practice)))
    event.add("status", STATUS.get(appointment.state, "CONFIRMED"))
    event.add("organizer", _address(practice.email or own_address(), practice.name), encode=False)
    if method != "PUBLISH":
        _invite(event, appointment)
    return _wrapped(event, method, practice)


def add_place(event: icalendar.Event, appointment: Appointment, practice: Practice) -> None:
    """Add the session's place, but never the address of a visit, since calendars are shared.

    URL: the video call.
    """
    if appointment.place == Place.CLIENT:
        event.add("location", title_of_visit(appointment))
        return
    found = where_of(appointment, practice)
    event.add("location", found.line if appointment.place == Place.PRACTICE else found.title)
    if found.link:
        event.add("url", found.link)


def _described(appointment: Appointment, practice: Practice) -> Iterator[str]:
    """Yield the time on the practice's clock, whatever zone a calendar shows, and how to change it."""
    if place_has_a_clock(appointment):
        zone = practice_zone(practice)
        when = moment(appointment.starts_at, zone, locale=practice.locale, name_zone=True)
        yield _("%(when)s, practice time.") % {"when": when}
    if appointment.place in (Place.PHONE, Place.VIDEO):
        found = where_of(appointment, practice)
        yield from filter(None, (*found.lines, found.link))
    if practice.phone:
        yield _("To make changes, use the link in our email or call %s.") % practice.phone_shown


def uid_of(appointment: Appointment) -> str:
    """Return the appointment's UID for life, unique to this site: `<uuid>@<host of SITE_URL>`."""
    return f"{appointment.uid}@{urlsplit(settings.SITE_URL).hostname}"


def blocked_uid(blocked: BlockedTime) -> str:
    """Return the UID of a blocked time in feeds, unique to this site."""
    return f"blocked-{blocked.pk}@{urlsplit(settings.SITE_URL).hostname}"


def _invite(event: icalendar.Event, appointment: Appointment) -> None:
    if appointment.contact is None or not appointment.contact.email:
        return
    attendee = _address(appointment.contact.email, appointment.attendee_name)
    attendee.params["ROLE"] = icalendar.vText("REQ-PARTICIPANT")
    attendee.params["PARTSTAT"] = icalendar.vText("ACCEPTED")
    event.add("attendee", attendee, encode=False)


def _address(email: str, name: str) -> icalendar.vCalAddress:
    address = icalendar.vCalAddress(f"mailto:{email}")
    # A quotation mark cannot be written in a parameter at all.
    address.params["CN"] = icalendar.vText(plain_line(name).replace('"', "'"))
    return address


def _wrapped(event: icalendar.Event, method: Method, practice: Practice) -> str:
    calendar = icalendar.Calendar()
    calendar.add("prodid", f"-//{plain_line(practice.name)}//Myopractic Portal//EN")
    calendar.add("version", "2.0")
    calendar.add("method", method)
    calendar.add_component(event)
    return calendar.to_ical().decode()
