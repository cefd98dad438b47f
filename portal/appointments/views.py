"""A client's appointments in words: on the practice's clock, and their own beside it where it differs."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from booking import links
from booking.appointments.rebooking import rebooking_suggestions
from booking.appointments.views import times
from booking.holds.actions.hold_once import new_page_key
from booking.links import appointment_token
from booking.models import Appointment, Place
from booking.offers import queries as offers_queries
from booking.offers import wording as offers_wording
from booking.packages import queries as packages_queries
from booking.payments.accounts import receipts_of
from booking.places.wording import PlaceInWords, addresses_of, where_of
from booking.policy.settlement import if_canceled
from booking.policy.terms import limits_of, window_of
from booking.policy.wording import sum_of
from booking.time_zones.clocks import Clocks, clocks_of
from portal import queries
from portal.client_pages import for_clients
from practice.core import formatting
from practice.models import Practice, User
from practice.queries import practice_zone, the_practice, zone_of


@dataclass(frozen=True)
class AppointmentRow:
    """An appointment as the client's pages show it. `there`: the practice's time, when its clocks differ.

    `where`: for an appointment that is ahead and not at the practice.
    """

    when: str
    there: str
    what: str
    who: str
    for_whom: str
    terms: str
    token: str
    state: str
    may_change: bool
    is_cancelled: bool
    where: PlaceInWords | None


@require_safe
@for_clients
def appointments(request: HttpRequest, client: User) -> HttpResponse:
    """Show the client's coming and past appointments, waitlist entries and packages."""
    practice, now = the_practice(), timezone.now()
    zone = zone_of(client.zone, practice=practice)
    coming = queries.managed_ahead(client, now=now)
    addresses = addresses_of(coming)
    return render(
        request,
        "portal/appointments.html",
        {
            "again": rebooking_row(client, practice, zone, now),
            "waiting": waitlist_rows(client, practice),
            "receipts": receipts_of(client),
            "packages": [package_shown(one, practice) for one in packages_queries.of_client(client)],
            "coming": [shown(one, client, practice, now, addresses.get(one.pk)) for one in coming],
            "past": [shown(one, client, practice, now) for one in queries.managed_before(client, now=now)],
        },
    )


def waitlist_rows(client: User, practice: Practice) -> list[dict[str, str]]:
    """Return the client's waitlist entries in words, each with the page on which to leave the list."""
    return [
        {"words": offers_wording.entry_in_words(entry, practice.locale), "url": links.waitlist_path(entry)}
        for entry in offers_queries.waitlist_entries_of(client)
    ]


def rebooking_row(
    client: User, practice: Practice, zone: ZoneInfo, now: dt.datetime
) -> dict[str, Any] | None:
    """Return the last session to book again, with free times as buttons; None without a past session."""
    again = rebooking_suggestions(client, now=now)
    if again is None:
        return None
    reader = times.Reader(zone, practice_zone(practice), practice.locale)
    return {
        "what": again.session_type.name,
        "slug": again.session_type.slug,
        "who": again.practitioner.first_name,
        "with": again.practitioner.slug,
        "zone": zone.key,
        "in_series": not again.session_type.needs_approval,
        "times": times.near(again.times, reader.clocks(again.session_type)),
        "press": new_page_key(),
    }


def package_shown(standing: packages_queries.PackageBalance, practice: Practice) -> dict[str, Any]:
    """Return a package in words: of which session type, how many are left, until when."""
    until = standing.package.valid_until
    return {
        "what": standing.package.session_type.name,
        "left": standing.left,
        "sessions": standing.package.sessions,
        "until": until and formatting.day_in_words(until, locale=practice.locale, year=True),
        "over": until is not None and until < timezone.now().astimezone(practice_zone(practice)).date(),
    }


def shown(
    appointment: Appointment, reader: User, practice: Practice, now: dt.datetime, address: str | None = None
) -> AppointmentRow:
    """Return the words of one appointment, for its client or for who booked it for them.

    `address`: of a visit, where it was loaded with others; None: it is loaded here.
    """
    start, clocks = appointment.starts_at, clocks_of(appointment, practice)
    last_year = clocks.day_of(start).year != clocks.day_of(now).year
    locked = appointment.state == Appointment.State.BOOKED and window_of(appointment, now) == "locked"
    return AppointmentRow(
        when=clocks.moment(start, year=last_year),
        there=clocks.beside(start),
        what=appointment.session_type.name,
        who=appointment.practitioner.first_name,
        for_whom="" if is_own(appointment, reader) else appointment.attendee_name,
        terms=_terms(appointment, practice, clocks, now),
        token=appointment_token(appointment),
        state=appointment.state_words,
        may_change=appointment.is_not_ended(now) and not locked,
        is_cancelled=appointment.state == Appointment.State.CANCELLED,
        where=where_of(appointment, practice, address) if is_away(appointment, now) else None,
    )


def is_own(appointment: Appointment, reader: User) -> bool:
    """Return whether the reader is known to be the one who attends."""
    return appointment.client_id == reader.pk and not appointment.attendee_unclear


def is_away(appointment: Appointment, now: dt.datetime) -> bool:
    """Return whether it is ahead and not at the practice, so that its line says where."""
    return appointment.place != Place.PRACTICE and appointment.ends_at > now


def _terms(appointment: Appointment, practice: Practice, clocks: Clocks, now: dt.datetime) -> str:
    """Return the sentence for what moving or canceling means at this moment."""
    free_until, late_until = limits_of(appointment)
    if appointment.state == Appointment.State.PENDING and appointment.answer_by:
        until = clocks.moment(appointment.answer_by)
        return _("Requested. We’ll answer by %(until)s. You can withdraw it at no charge.") % {"until": until}
    if now > max(free_until, late_until):
        return _talk_to_us(practice)
    due = if_canceled(appointment, now)
    if due.is_covered:
        return _("Canceling now uses one session from your package.")
    if not due.cents:  # in the free hours, and later where there is no fee
        until = clocks.moment(free_until if now <= free_until else late_until)
        return _("Free to move or cancel until %(until)s.") % {"until": until}
    fee = sum_of(due, locale=practice.locale)
    until = clocks.moment(late_until)
    costs = _("Canceling now costs %(fee)s.") % {"fee": fee}
    return f"{costs} {_then(until, practice)}"


def _then(until: str, practice: Practice) -> str:
    """Return whom to contact once nothing can be changed here, and from when on."""
    if practice.phone:
        said = _("From %(until)s on, please call us: %(phone)s.")
    elif practice.email:
        said = _("From %(until)s on, please email us: %(email)s.")
    else:
        said = _("From %(until)s on, please contact us.")
    return said % {"until": until, "phone": practice.phone_shown, "email": practice.email}


def _talk_to_us(practice: Practice) -> str:
    """Return whom to contact when nothing can be changed here any more: phone, else email."""
    if practice.phone:
        return _("If something comes up now, call us: %(phone)s.") % {"phone": practice.phone_shown}
    if practice.email:
        return _("If something comes up now, email us: %(email)s.") % {"email": practice.email}
    return _("If something comes up now, please contact us.")
