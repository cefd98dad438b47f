"""Booking several sessions, week by week: the first time, what fits and what does not, then all at once.

GET judges and writes nothing; the chosen times are judged again by the POST. If one of them has gone
meanwhile, nothing is booked, and the page shows how it stands now, with the same choices.
"""

from __future__ import annotations

from contextlib import nullcontext

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from booking import queries
from booking.appointments.views import attendee as attendee_views
from booking.appointments.views import times
from booking.appointments.views.book import choosing
from booking.appointments.views.rate_limits import TooOften, counted_use, limit_page
from booking.appointments.views.request_params import day_in, reader_of
from booking.attendees.forms import AsksWhoComes
from booking.availability import wording as availability_wording
from booking.errors import BookingError
from booking.models import SessionType
from booking.series.actions import book_series, booked_before
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
from practice.core import clock
from practice.models import Practitioner
from practice.queries import the_practice


@require_http_methods(["GET", "HEAD", "POST"])
def series(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the choice of the first time, then what fits; POST books it."""
    client = attendee_views.client_in(request)
    if client is None:
        return redirect("workspace")
    session_type = get_object_or_404(queries.public_types(), slug=slug, needs_approval=False)
    said = request.POST if request.method == "POST" else request.GET
    practitioner = practitioner_named(session_type, said.get("with", ""))
    reader = reader_of(request, the_practice())
    status = 422 if request.method == "POST" else 200
    if request.method == "POST" and said.get("with", "") not in ("", practitioner.slug):
        messages.error(request, _("This practitioner can’t be booked for this session. Please choose again."))
        return first_time(request, session_type, practitioner, status=409)
    if not (start := said.get("start", "")[:40]):
        return first_time(request, session_type, practitioner)
    try:
        first = clock.read_instant(start, reader.zone)
    except clock.ClockError as error:
        messages.error(request, availability_wording.of_clock(error, locale=reader.locale))
        return first_time(request, session_type, practitioner, status=status)
    every = number_in(said.get("every", ""), most=EVERY[-1], usual=1)
    number = number_in(said.get("number", ""), most=MOST, usual=USUAL)
    wish = SeriesChoices(session_type, practitioner, client, first, every, number)
    form = attendee_views.form_for(request, place=session_type.place)
    if request.method == "POST" and form.is_valid():
        return booked(request, wish, form, reader)
    return judged_page(request, wish, form, reader, status=status)


def practitioner_named(session_type: SessionType, slug: str) -> Practitioner:
    """Return the practitioner with that slug who gives this type, else the first; 404 for none."""
    giving = queries.practitioners_of(session_type)
    if not giving:
        raise Http404
    return next((one for one in giving if one.slug == slug), giving[0])


def first_time(
    request: HttpRequest, session_type: SessionType, practitioner: Practitioner, *, status: int = 200
) -> HttpResponse:
    """Show days and times, as for a single booking: the first of the series."""
    page = choosing(
        request,
        session_type,
        with_slug=practitioner.slug,
        tz="",
        day=day_in(request.GET.get("day", "")),
        first=day_in(request.GET.get("from", "")),
    )
    # No choice of zones: a signed-in client reads times in their own.
    more = {"every": EVERY, "numbers": range(2, MOST + 1), "usual": USUAL, "offers_zones": False}
    return render(request, "booking/series_first.html", {**page, **more}, status=status)


def booked(
    request: HttpRequest, wish: SeriesChoices, form: AsksWhoComes, reader: times.Reader
) -> HttpResponse:
    """Book the chosen times, or show how it stands now."""
    now, series = timezone.now(), series_in(request)
    attendee = form.attendee(zone=reader.zone.key)
    is_repeat = booked_before(series, client=wish.client, attendee=attendee)
    try:
        with nullcontext() if is_repeat else counted_use(request, now=now):
            made = book_series(
                wish.session_type,
                practitioner=wish.practitioner,
                starts=picked_in(request),
                attendee=attendee,
                client=wish.client,
                consent=form.cleaned_data["agree"],
                series=series,
                by=wish.client,
            )
    except TooOften as error:
        return limit_page(request, error)
    except BookingError as error:
        return judged_page(request, wish, form, reader, status=status_of(error), message=error.message)
    messages.success(request, series_in_words(len(made)))
    return redirect("portal_appointments")


def judged_page(
    request: HttpRequest,
    wish: SeriesChoices,
    form: AsksWhoComes,
    reader: times.Reader,
    *,
    status: int,
    message: str = "",
) -> HttpResponse:
    """Show what fits and what does not, the cost, the policy in words, and one button."""
    page = {
        **judged_rows(request, wish, reader),
        "form": form,
        "agreed_on": attendee_views.agreed_on(wish.client, reader),
        "message": message,
    }
    return render(request, "booking/series.html", page, status=status)
