"""The public pages that keep a time and book it.

No cookie: these POSTs are protected by their origin and by the hold's own token, so that they also work
inside another site's frame.
"""

from __future__ import annotations

import datetime as dt
from contextlib import nullcontext
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from booking import links
from booking.appointments.actions.book import book, place_of
from booking.appointments.views import attendee as attendee_views
from booking.appointments.views import times
from booking.appointments.views.book import choosing
from booking.appointments.views.rate_limits import (
    TooOften,
    counted_use,
    is_booked_already,
    limit_page,
    visitor_of,
)
from booking.appointments.views.request_params import (
    appointment_path,
    hold_path,
    reader_of,
    wanted_practitioners,
)
from booking.attendees.forms import AsksWhoComes, typed
from booking.availability import wording as availability_wording
from booking.errors import BookingError, NotBookable, SlotTaken
from booking.holds.actions.hold import release_hold
from booking.holds.actions.hold_once import hold_once, new_page_key
from booking.models import Appointment, SessionType
from booking.places.wording import announced
from booking.policy.settlement import if_booked
from booking.policy.wording import price_words, windows_of
from booking.queries import public_types
from practice.access.pages import origin_checked
from practice.contact import please_call
from practice.core import clock
from practice.queries import one_practice, the_practice
from practice.security import limits
from practice.web.language import compressed

State = Appointment.State


@login_not_required
@origin_checked
@require_POST
def hold_new(request: HttpRequest, slug: str) -> HttpResponse:
    """Keep the chosen time for ten minutes, then ask who is coming."""
    session_type = get_object_or_404(public_types(), slug=slug)
    now, named = timezone.now(), {name: request.POST.get(name, "") for name in ("tz", "practitioner")}
    reader = reader_of(request, the_practice(), named["tz"])
    wanted, found = wanted_practitioners(session_type, named["practitioner"])
    if unknown := why_not_accepted(named, found):
        return refused(request, session_type, reader, unknown, status=422)
    try:
        start = clock.read_instant(request.POST.get("start", "")[:40], reader.clocks(session_type).first)
    except clock.ClockError as error:
        return refused(
            request,
            session_type,
            reader,
            availability_wording.of_clock(error, locale=reader.locale),
            status=422,
        )
    try:
        held = hold_once(
            session_type,
            practitioners=wanted,
            start=start,
            visitor=visitor_of(request, press=request.POST.get("press", "")),
            press=request.POST.get("press", ""),
            by=request.user if request.user.is_authenticated else None,
        )
    except SlotTaken as error:
        if request.POST.get("else") == "day":
            return day_instead(
                request, session_type, reader, error.why, with_slug=found, start=start, status=409
            )
        return time_gone(request, session_type, reader, error, start=start)
    except NotBookable as error:
        if request.POST.get("else") == "day":
            return day_instead(
                request, session_type, reader, error.message, with_slug=found, start=start, status=422
            )
        return refused(request, session_type, reader, error.message, status=422)
    except BookingError as error:
        return refused(request, session_type, reader, error.message, status=422)
    if any((details := typed(request.POST)).values()):
        # Another time was chosen after the first was gone: typed values are kept, without a redirect.
        return details_page(
            request,
            held,
            reader,
            attendee_views.form_for(request, place=held.place, initial=details),
            now=now,
        )
    return redirect(f"{hold_path(held)}?{urlencode({'tz': reader.zone.key})}")


def day_instead(
    request: HttpRequest,
    session_type: SessionType,
    reader: times.Reader,
    message: str,
    *,
    with_slug: str,
    start: dt.datetime,
    status: int,
) -> HttpResponse:
    """Show why a time from another page is gone, and the list of that day."""
    day = start.astimezone(reader.clocks(session_type).first).date()
    page = choosing(request, session_type, with_slug=with_slug, tz=reader.zone.key, day=day, first=None)
    page |= {"message": message, "press": new_page_key()}
    answer = render(request, "booking/times.html", page, status=status)
    answer["Cache-Control"] = "private, no-cache"
    return answer


def why_not_accepted(named: dict[str, str], found: str) -> str:
    """Return why a press is not accepted: an unknown practitioner or time zone; "" when it is."""
    if named["practitioner"] not in ("", found):
        return _("No practitioner with this name offers this session.")
    if named["tz"] and named["tz"] not in clock.zone_names():
        return _("We don’t know this time zone. Try America/Denver.")
    return ""


@login_not_required
@compressed
@origin_checked
@require_http_methods(["GET", "HEAD", "POST"])
@one_practice()
def held_time(request: HttpRequest, slug: str, token: str) -> HttpResponse:
    """Show the form of a held time, or book it."""
    held = links.hold_of(token)
    if held is None or held.session_type.slug != slug:
        raise Http404
    now = timezone.now()
    reader = reader_of(request, the_practice(), request.POST.get("tz", ""), request.GET.get("tz", ""))
    if not held.is_hold and request.method != "POST":
        return redirect(appointment_path(held))
    place = place_of(held.session_type, held, now=now)
    if request.method != "POST":
        return details_page(request, held, reader, attendee_views.form_for(request, place=place), now=now)
    form = attendee_views.form_for(request, place=place)
    if not form.is_valid():
        return details_page(request, held, reader, form, now=now, status=422)
    return booked(request, held, reader, form, now=now)


def booked(
    request: HttpRequest, held: Appointment, reader: times.Reader, form: AsksWhoComes, *, now: dt.datetime
) -> HttpResponse:
    """Book the held time and go to the appointment's page; or say why not, and keep what was typed."""
    try:
        appointment = book_held(request, held, reader, form, now=now)
    except TooOften as error:
        return limit_page(request, error)
    except SlotTaken as error:
        return time_gone(request, held.session_type, reader, error, start=held.starts_at)
    except BookingError as error:
        form.add_error(None, error.message)
        return details_page(request, held, reader, form, now=now, status=422)
    return redirect(f"{appointment_path(appointment)}?new")


def book_held(
    request: HttpRequest, held: Appointment, reader: times.Reader, form: AsksWhoComes, *, now: dt.datetime
) -> Appointment:
    """Book the held time and count it; a repeat returns the same appointment and is not counted."""
    attendee = form.attendee(zone=reader.zone.key)
    with nullcontext() if is_booked_already(held) else counted_use(request, now=now, named=attendee.email):
        return book(
            held.session_type,
            practitioners=[held.practitioner],
            start=held.starts_at,
            attendee=attendee,
            consent=form.cleaned_data["agree"],
            held=held,
            by=request.user if request.user.is_authenticated else None,
            client=attendee_views.client_in(request),
            visitor=limits.visitor_key(request),
        )


@login_not_required
@origin_checked
@require_POST
def hold_let_go(request: HttpRequest, slug: str, token: str) -> HttpResponse:
    """Release a hold and return to the free times of its day, in the same clocks."""
    held = links.hold_of(token)
    if held is None or held.session_type.slug != slug:
        raise Http404
    release_hold(held)
    reader = reader_of(request, the_practice(), request.POST.get("tz", ""))
    day = held.starts_at.astimezone(reader.clocks(held.session_type).first).date()
    query = urlencode({"tz": reader.zone.key, "day": day.isoformat()})
    return HttpResponseRedirect(f"{held.session_type.get_absolute_url()}?{query}#times")


def details_page(
    request: HttpRequest,
    held: Appointment,
    reader: times.Reader,
    form: AsksWhoComes,
    *,
    now: dt.datetime,
    status: int = 200,
) -> HttpResponse:
    """Show the form, with the held time and until when it is held."""
    left = max(0, int(((held.hold_expires_at or now) - now).total_seconds()))
    known, practice = attendee_views.known_of(request, held, reader), the_practice()
    clocks, place = reader.clocks(held), place_of(held.session_type, held, now=now)
    settlement = if_booked(held, left=known["left"])
    page: dict[str, Any] = {
        **known,
        "held": held,
        "token": links.hold_token(held),
        "form": form,
        "reader": reader,
        "when": clocks.moment(held.starts_at),
        "there": clocks.beside(held.starts_at),
        "left_seconds": left,
        "left_minutes": -(-left // 60),
        "over": left == 0 or held.state != State.HELD,
        "let_go": left > 0 and held.state == State.RELEASED,
        "windows": windows_of(held, clocks, call=please_call(practice), settlement=settlement, now=now),
        "price": price_words(settlement, locale=reader.locale),
        "place": place,
        "announced": announced(place, held.practitioner.first_name),
    }
    return render(request, "booking/details.html", page, status=status)


def time_gone(
    request: HttpRequest,
    session_type: SessionType,
    reader: times.Reader,
    error: SlotTaken,
    *,
    start: dt.datetime,
) -> HttpResponse:
    """Show that somebody else has the time (409), with the nearest times; typed values are kept."""
    clocks = reader.clocks(session_type)
    page = {
        "session_type": session_type,
        "reader": reader,
        "when": clocks.moment(start),
        "there": clocks.beside(start),
        "message": error.message,
        "alternatives": times.near(error.alternatives, clocks),
        "typed": typed(request.POST),
        "press": request.POST.get("press", "")[:32] or new_page_key(),
    }
    return render(request, "booking/time_gone.html", page, status=409)


def refused(
    request: HttpRequest, session_type: SessionType, reader: times.Reader, message: str, *, status: int
) -> HttpResponse:
    """Show why a rule refuses the time, with a link back to the free times."""
    page = {"session_type": session_type, "message": message, "reader": reader}
    return render(request, "booking/refused.html", page, status=status)
