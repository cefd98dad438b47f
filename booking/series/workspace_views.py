"""Booking more sessions of the same kind for a client in the workspace, and canceling later ones."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from booking.access import appointment_seen_by, zone_at_work
from booking.appointments.views import times
from booking.attendees.attendee import Attendee
from booking.availability import wording as availability_wording
from booking.availability.engine.weekly import nearest_instant
from booking.errors import BookingError
from booking.models import Appointment
from booking.series.actions import book_series, cancel_from
from booking.series.planning import EVERY, MOST
from booking.series.views.rows import (
    USUAL,
    SeriesChoices,
    judged_rows,
    number_in,
    picked_in,
    series_in,
    series_in_words,
    status_of,
)
from practice.access.pages import require_staff, staff_only
from practice.core import clock
from practice.models import User
from practice.queries import practice_zone, the_practice


@staff_only
@require_http_methods(["GET", "HEAD", "POST"])
def workspace_series(request: HttpRequest, uid: Any) -> HttpResponse:
    """Show what fits and what does not; POST books all that is chosen."""
    user, practice = require_staff(request), the_practice()
    found = appointment_seen_by(user, uid)
    if found.client is None:
        raise Http404
    reader = times.Reader(zone_at_work(user), practice_zone(practice), practice.locale)
    try:
        wish = choices_in(request, found, found.client, reader)
    except clock.ClockError as error:
        message = availability_wording.of_clock(error, locale=reader.locale)
        wish = SeriesChoices(
            found.session_type, found.practitioner, found.client, week_after(found), 1, USUAL
        )
        return page(request, found, wish, reader, status=422, message=message)
    if request.method != "POST":
        return page(request, found, wish, reader, status=200)
    try:
        made = booked(request, found, wish, by=user)
    except BookingError as error:
        return page(request, found, wish, reader, status=status_of(error), message=error.message)
    messages.success(request, series_in_words(len(made)))
    return redirect("workspace_appointment", uid=made[0].uid)


def choices_in(request: HttpRequest, found: Appointment, client: User, reader: times.Reader) -> SeriesChoices:
    """Return what is wished for; at first four, weekly, at the appointment's hour. Raises ClockError."""
    said = request.POST if request.method == "POST" else request.GET
    start = said.get("start", "")[:40]
    return SeriesChoices(
        found.session_type,
        found.practitioner,
        client,
        clock.read_instant(start, reader.zone) if start else week_after(found),
        number_in(said.get("every", ""), most=EVERY[-1], usual=1),
        number_in(said.get("number", ""), most=MOST, usual=USUAL),
    )


def week_after(appointment: Appointment) -> dt.datetime:
    """Return the same hour one week later, on the practitioner's clocks."""
    zone = clock.zone_named(appointment.practitioner.zone)
    wall = appointment.starts_at.astimezone(zone).replace(tzinfo=None, fold=0)
    return nearest_instant(wall + dt.timedelta(weeks=1), zone)


def booked(request: HttpRequest, found: Appointment, wish: SeriesChoices, *, by: User) -> list[Appointment]:
    """Book for the attendee of the appointment it follows, in the practice's zone (`attendee_of`)."""
    who = Attendee.from_appointment(found, client=wish.client, zone=the_practice().zone)
    return book_series(
        wish.session_type,
        practitioner=wish.practitioner,
        starts=picked_in(request),
        attendee=who,
        client=wish.client,
        consent=False,
        series=series_in(request),
        by=by,
    )


def page(
    request: HttpRequest,
    found: Appointment,
    wish: SeriesChoices,
    reader: times.Reader,
    *,
    status: int,
    message: str = "",
) -> HttpResponse:
    """Show the rows, and beside them the other choices."""
    seen = judged_rows(request, wish, reader)
    more = {"appointment": found, "local": wish.start_in(reader)[:16], "message": message}
    return render(request, "workspace/series.html", {**seen, **more}, status=status)


@staff_only
@require_POST
def workspace_cancel_later(request: HttpRequest, uid: Any) -> HttpResponse:
    """Cancel this session and all later ones of its series; one email tells the client."""
    user = require_staff(request)
    try:
        done = cancel_from(appointment_seen_by(user, uid), by=user)
    except BookingError as error:
        messages.error(request, error.message)
    else:
        said = ngettext(
            "One session canceled. We’ve emailed the client.",
            "%(number)s sessions canceled. We’ve emailed the client.",
            len(done.cancelled),
        )
        messages.success(request, said % {"number": len(done.cancelled)})
    return redirect("workspace_appointment", uid=uid)
