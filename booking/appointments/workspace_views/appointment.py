"""The workspace's lists of a day's appointments, and the page of one with its history."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from booking import links, queries
from booking.access import appointment_seen_by, clients_seen_by, reason_for, zone_at_work
from booking.appointments.actions import change_length, move_back
from booking.appointments.actions.cancel import cancel
from booking.appointments.actions.change_attendee import in_the_same_doubt
from booking.appointments.actions.restore import undo_deadline
from booking.attendees.questions import facts_of
from booking.errors import BookingError
from booking.intake.status import IntakeStatus, intake_status
from booking.models import Appointment
from booking.payments.account_page import account_page
from booking.payments.accounts import account_of
from booking.places.wording import PlaceInWords, addresses_of, where_at_work
from booking.policy.wording import price_words, windows_of
from booking.time_zones.clocks import Clocks
from practice.access import rows
from practice.access.pages import require_staff, staff_only
from practice.contact import please_call
from practice.core import formatting
from practice.mail import queries as letters
from practice.mail.workspace_views import shown_to
from practice.models import User
from practice.queries import the_practice


@dataclass(frozen=True)
class DayEntry:
    """A line of the day's list. `where`: where the practitioner has to be, if not at the practice."""

    appointment: Appointment
    time: str
    kind: str
    is_next: bool
    is_first: bool
    where: PlaceInWords | None = None


def entries(found: list[Appointment], zone: ZoneInfo, now: dt.datetime) -> list[DayEntry]:
    """Return the lines of a day, in the practice's clock; the first still to come today is *next*."""
    locale = the_practice().locale
    today = now.astimezone(zone).date()
    to_come = (one for one in found if one.starts_at > now)
    ahead = next((one.pk for one in to_come if one.starts_at.astimezone(zone).date() == today), None)
    newcomers = queries.first_times({one.client_id for one in found if one.client_id})
    addresses = addresses_of(found)
    return [
        DayEntry(
            appointment=one,
            time=formatting.clock_time(one.starts_at, zone, locale=locale),
            kind=formatting.short_duration(one.minutes, locale=locale),
            is_next=one.pk == ahead,
            is_first=one.client_id is not None and newcomers.get(one.client_id) == one.pk,
            where=where_at_work(one, addresses.get(one.pk)),
        )
        for one in found
    ]


@staff_only
@require_safe
def appointment(request: HttpRequest, uid: Any) -> HttpResponse:
    """Show one appointment: who, when, its changes, its emails sent and planned."""
    user = require_staff(request)
    found = appointment_seen_by(user, uid)
    zone = zone_at_work(user)
    practice, account = the_practice(), account_of(found)
    settlement = account.settlement
    now, clocks = timezone.now(), Clocks(zone, zone, practice.locale)
    booked = found.state == Appointment.State.BOOKED
    return render(
        request,
        "workspace/appointment.html",
        {
            "appointment": found,
            "zone": zone,
            "own_zone": own_zone(user, found),
            "when": formatting.span(found.starts_at, found.ends_at, zone, locale=practice.locale),
            "price": price_words(settlement, locale=practice.locale),
            "windows": windows_of(found, clocks, call=please_call(practice), settlement=settlement),
            "changes": [(one, reason_for(user, one)) for one in found.changes.select_related("by")],
            "letters": shown_to(user, rows.for_person(user, letters.emails_about(*found.subjects))),
            "ahead": booked and found.starts_at > now,
            "has_begun": found.is_decided or (booked and found.starts_at <= now),
            "asked": found.state == Appointment.State.PENDING,
            "back": can_restore(found, user, now),
            "moved_from": can_move_back(found, user, now),
            "longer_from": can_change_back(found, now),
            "open_end": booked and found.is_not_ended(now),
            "link": links.manage_url(found),
            "beforehand": intake_status_of(user, found),
            "in_doubt": len(in_the_same_doubt(found, by=user)),
            "may_be_one": found.correspondent_id is not None and found.is_expected,
            "is_closed": is_closed(user, found),
            "where": where_at_work(found),
            "told": facts_of(found),
            "paid": account_page(user, account) if rows.may(user, "payments") else None,
            "local": found.starts_at.astimezone(zone).strftime("%Y-%m-%dT%H:%M"),
        },
    )


def own_zone(user: User, found: Appointment) -> str:
    """Return the zone chosen by the person who gets the emails, if the reader knows them by name; else ""."""
    contact = found.contact
    if contact is None or not contact.zone or not clients_seen_by(user).filter(pk=contact.pk).exists():
        return ""
    return contact.zone


def can_restore(appointment: Appointment, user: User, now: dt.datetime) -> bool:
    """Return whether a cancel of the appointment can still be undone."""
    until = undo_deadline(appointment, by=user)
    return until is not None and now <= until and appointment.starts_at > now


def can_move_back(appointment: Appointment, user: User, now: dt.datetime) -> dt.datetime | None:
    """Return the appointment's old start while its move can still be undone, else None."""
    found = move_back.undo_deadline(appointment, move_back.last_change(appointment), by=user)
    return found[1] if found and now <= found[0] and found[1] > now else None


def can_change_back(appointment: Appointment, now: dt.datetime) -> int | None:
    """Return the appointment's old length in minutes while its change can still be undone, else None."""
    found = change_length.undo_deadline(appointment, move_back.last_change(appointment))
    return int(found[1]["minutes"]) if found and now <= found[0] and appointment.ends_at > now else None


def is_closed(user: User, found: Appointment) -> bool:
    """Return whether to tell a practitioner why they see only this session of the client."""
    if found.client is None or not found.is_claim or found.confirmed_at is not None:
        return False
    return rows.may(user, "records") and not rows.opens_record(user, found.client)


def intake_status_of(user: User, found: Appointment) -> IntakeStatus | None:
    """Return what the client has handed in and signed; None for the front desk."""
    if found.client_id is None or found.attendee_unclear or not rows.may(user, "records"):
        return None
    if not clients_seen_by(user).filter(pk=found.client_id).exists():
        return None  # under somebody's address, who has not confirmed it
    return intake_status([found.client_id])[found.client_id]


@staff_only
@require_POST
def cancel_appointment(request: HttpRequest, uid: Any) -> HttpResponse:
    """Cancel the appointment; the client gets an email."""
    user = require_staff(request)
    try:
        cancel(appointment_seen_by(user, uid), by=user, override_note=note_in(request))
    except BookingError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, _("Canceled. We’ve emailed the client."))
    return redirect("workspace_appointment", uid=uid)


def note_in(request: HttpRequest) -> str:
    """Return the reason written for passing a rule."""
    return request.POST.get("note", "").strip()[:200]
