"""Booking what staff chose for a client, or the same page with what is wrong and everything that was typed.

Staff may pass a rule with a reason, but never overlap another session.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from booking.appointments.actions.book import book
from booking.appointments.workspace_views.appointment import note_in
from booking.appointments.workspace_views.book_choices import BookingChoices, choices_in, not_with_them
from booking.appointments.workspace_views.book_page import booking_zone, page_of, person_in
from booking.attendees.attendee import Attendee
from booking.attendees.forms import NewPerson, typed
from booking.errors import AttendeeIncomplete, BookingError, NotBookable, SlotTaken
from booking.holds.actions.hold_once import PRESS
from booking.locking.idempotency import run_once
from booking.models import Appointment

LONGEST_NOTE = 200


def shown(
    request: HttpRequest, wish: BookingChoices, person: NewPerson, *, status: int = 200, **said: Any
) -> HttpResponse:
    """Show the page. `said`: an `error` of booking, or what else is `missing`."""
    missing, error = said.get("missing", ""), said.get("error")
    note = note_in(request) or request.POST.get("kept_note", "")[:LONGEST_NOTE]
    page = page_of(wish, person, note=note, error=error)
    return render(request, "workspace/book.html", {**page, "missing": missing}, status=status)


def looked_at(request: HttpRequest) -> HttpResponse:
    """Show the page with what the pressed button changed: a person, a time, other days."""
    wish = choices_in(request, request.POST)
    if wish.is_gone:
        not_with_them(request)
    return shown(request, wish, person_in(wish, initial=typed(request.POST)))


def booked(request: HttpRequest) -> HttpResponse:
    """Book the chosen time; or say which rule refuses it, and ask for a reason."""
    wish = choices_in(request, request.POST)
    if wish.is_gone:
        person = person_in(wish, initial=typed(request.POST))
        return shown(request, wish, person, status=not_with_them(request))
    if missing := missing_in(wish):
        return shown(request, wish, person_in(wish, initial=typed(request.POST)), status=422, missing=missing)
    person = person_in(wish, request.POST)
    if not person.is_valid():
        return shown(request, wish, person, status=422)
    try:
        uid = book_once(wish, person.attendee(zone=booking_zone()), request)
    except (SlotTaken, NotBookable) as error:
        return shown(request, wish, person, status=409, error=error)
    except AttendeeIncomplete as error:
        person.add_error(error.field if error.field in person.fields else None, error.message)
        return shown(request, wish, person, status=422)
    except BookingError as error:
        messages.error(request, error.message)
        return shown(request, wish, person, status=409)
    messages.success(request, booked_message(wish, person, uid))
    return redirect("workspace_appointment", uid=uid)


def missing_in(wish: BookingChoices) -> str:
    """Return what has to be chosen before it can be booked: "client", "type" or "time"; else ""."""
    if not wish.whom:
        return "client"
    if wish.kind is None:
        return "type"
    return "" if wish.start else "time"


def book_once(wish: BookingChoices, attendee: Attendee, request: HttpRequest) -> str:
    """Book and return the appointment's uid; a second press on the same page returns the same one."""
    kind, start, note = wish.kind, wish.start, note_in(request)
    press = request.POST.get("press", "")
    assert kind is not None
    assert start is not None

    def do() -> tuple[int, str]:
        made = book(
            kind,
            practitioners=wish.practitioners,
            start=start,
            attendee=attendee,
            consent=False,
            by=wish.user,
            client=wish.client,
            override_note=note,
            now=wish.now,
        )
        return 302, str(made.uid)

    if not PRESS.fullmatch(press):
        return do()[1]
    same = urlencode({**wish.query, "start": start.isoformat(), **attendee.answers()})
    key, sender = f"desk:{press}:{start:%Y%m%dT%H%M%S}", f"user:{wish.user.pk}"
    return str(run_once(key, sender=sender, body=same, do=do, now=wish.now)[1])


def booked_message(wish: BookingChoices, person: NewPerson, uid: str) -> str:
    """Return the message: booked, whether an email says so, and if the address is somebody else's."""
    made = Appointment.objects.select_related("correspondent").get(uid=uid)
    if made.correspondent and wish.is_new:
        return _(
            "Booked. That email address belongs to someone with another name, so %(name)s has a "
            "separate record."
        ) % {"name": made.attendee_name}
    address = wish.client.contact.email if wish.client else person.cleaned_data["email"]
    if address:
        return _("Booked. We’ve emailed %(address)s.") % {"address": address}
    return _("Booked. There is no email address, so please tell them yourself.")
