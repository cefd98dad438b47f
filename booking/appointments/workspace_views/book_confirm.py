"""The last step of booking for a client: the choices, where the email goes, and what a rule says.

Staff may pass a rule with a reason, but never overlap another session. Choices are kept when something is
wrong.
"""

from __future__ import annotations

import datetime as dt
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from booking.access import practitioners_for
from booking.appointments.actions.book import book
from booking.appointments.views import times
from booking.appointments.workspace_views.appointment import note_in
from booking.appointments.workspace_views.book_choices import (
    BookingChoices,
    choices_in,
    not_with_them,
    when_page,
)
from booking.appointments.workspace_views.why import moment_in_words
from booking.attendees.attendee import Attendee
from booking.attendees.forms import NewPerson, typed
from booking.availability import listing
from booking.availability import wording as availability_wording
from booking.availability.diagnosis import Reader as Insider
from booking.availability.diagnosis import Verdict, explain_refusals
from booking.errors import AttendeeIncomplete, BookingError, NotBookable, SlotTaken
from booking.holds.actions.hold_once import PRESS, new_page_key
from booking.locking.idempotency import run_once
from booking.models import Appointment
from practice.core import clock
from practice.queries import the_practice


def start_in(said: Any, wish: BookingChoices) -> dt.datetime:
    """Return the chosen or typed time, in the clocks of the person who books. Raises ClockError."""
    named = next((said[name] for name in ("look", "start", "other") if said.get(name)), "")
    return clock.read_instant(named[:40], wish.reader.zone)


def confirm_page(request: HttpRequest, wish: BookingChoices) -> HttpResponse:
    """Show all choices once more before booking."""
    try:
        start = start_in(request.GET, wish)
    except clock.ClockError as error:
        return unreadable_time_page(request, wish, error)
    return confirm_booking(request, wish, person_in(wish), start)


def unreadable_time_page(request: HttpRequest, wish: BookingChoices, error: clock.ClockError) -> HttpResponse:
    """Show the page of times, with why the typed time cannot be read."""
    said = availability_wording.of_clock(error, locale=wish.reader.locale)
    return when_page(request, wish, status=422, wrong_time=said)


def confirm_booking(
    request: HttpRequest,
    wish: BookingChoices,
    person: NewPerson,
    start: dt.datetime,
    *,
    error: SlotTaken | NotBookable | None = None,
    status: int = 200,
) -> HttpResponse:
    """Show who, what, when, with whom, and the email; or the rule, who has the time, and times nearby.

    `error`: why it was not booked just now.
    """
    reader, kind = wish.reader, wish.kind
    assert kind is not None
    insider = Insider(reader.zone, reader.locale, {one.pk for one in practitioners_for(wish.user)})
    verdicts = explain_refusals(kind, wish.practitioners, start, now=wish.now, asker="staff", reader=insider)
    free = [one.practitioner for one in verdicts if one.refusal is None]
    refused = error is not None or not free
    page = {
        "wish": wish,
        "query": urlencode(wish.query),
        "person": person,
        "when": moment_in_words(start, reader.zone, reader.locale),
        "typed": typed(request.POST),
        "start": start.isoformat(),
        "free": free,
        "verdicts": verdicts,
        "refused": refused,
        "may_pass": may_override(verdicts, error),
        "near": nearest(wish, start) if refused else [],
        "press": new_page_key(),
    }
    return render(request, "workspace/book_sure.html", page, status=status)


def nearest(wish: BookingChoices, start: dt.datetime) -> list[dict[str, object]]:
    """Return the free times closest to `start`, as buttons."""
    assert wish.kind is not None
    found = listing.alternatives(
        wish.kind, wish.practitioners, near=start, now=wish.now, asker="staff", count=6
    )
    return times.near(found, wish.reader.clocks(wish.kind))


def may_override(verdicts: list[Verdict], error: SlotTaken | NotBookable | None) -> bool:
    """Return whether a reason could help: not if all are taken, and not if one was given in vain."""
    taken = error is None or error.refusal.rule == "taken"
    refused = taken and not any(one.refusal is None for one in verdicts)
    return not refused or any(one.refusal and one.refusal.rule != "taken" for one in verdicts)


def booked(request: HttpRequest) -> HttpResponse:
    """Book the chosen time; or say which rule refuses it, and ask for a reason."""
    wish = choices_in(request, request.POST)
    person = person_in(wish, request.POST)
    if wish.kind is None or (wish.client is None and not wish.is_new):
        return redirect(f"{reverse('workspace_book')}?{urlencode(wish.query)}")
    if wish.is_gone:
        return when_page(request, wish, status=not_with_them(request))
    try:
        start = start_in(request.POST, wish)
    except clock.ClockError as error:
        return unreadable_time_page(request, wish, error)
    if "look" in request.POST:  # one of the nearest times: what was typed comes along
        return confirm_booking(request, wish, person_in(wish, initial=request.POST.dict()), start)
    if not person.is_valid():
        return confirm_booking(request, wish, person, start, status=422)
    try:
        uid = book_once(wish, attendee_of(person), start, request)
    except (SlotTaken, NotBookable) as error:
        return confirm_booking(request, wish, person, start, error=error, status=409)
    except AttendeeIncomplete as error:
        person.add_error(error.field if error.field in person.fields else None, error.message)
        return confirm_booking(request, wish, person, start, status=422)
    except BookingError as error:
        messages.error(request, error.message)
        return redirect(f"{reverse('workspace_book')}?{urlencode(wish.query)}")
    messages.success(request, booked_message(wish, person, uid))
    return redirect("workspace_appointment", uid=uid)


def person_in(wish: BookingChoices, said: Any = None, *, initial: Any = None) -> NewPerson:
    """Return the form: everything for a new person, for a client what the session's place needs."""
    place = wish.kind.place if wish.kind else ""
    return NewPerson(said, place=place, client=wish.client, initial=initial)


def attendee_of(person: NewPerson) -> Attendee:
    """Return who comes: the client as known, or the new person. Booked in the practice's time zone.

    Where somebody once booked from does not say where they are now: a caller is told our hours.
    """
    return person.attendee(zone=the_practice().zone)


def book_once(wish: BookingChoices, attendee: Attendee, start: dt.datetime, request: HttpRequest) -> str:
    """Book and return the appointment's uid; a second press on the same page returns the same one."""
    kind, note, press = wish.kind, note_in(request), request.POST.get("press", "")
    assert kind is not None

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
    same = urlencode(
        {
            **wish.query,
            "start": start.isoformat(),
            **attendee.answers(),
        }
    )
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
