"""The public pages of the waitlist: a wish, its page, the offer of a freed time. Reading changes nothing."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from booking import links, queries
from booking.appointments.views import attendee, times
from booking.appointments.views.request_params import appointment_path, asker_in, reader_of
from booking.attendees.attendee import Attendee
from booking.attendees.forms import OfferForm
from booking.availability.engine.audience import admits
from booking.errors import AttendeeIncomplete, BookingError, OfferClosed, WishUnclear, again_or_call
from booking.models import Appointment, Offer, SessionType, WaitlistEntry
from booking.offers import wording as offers_wording
from booking.places.wording import announced
from booking.policy.settlement import priced
from booking.policy.terms import terms_of_practice
from booking.policy.wording import policy_in_general, price_words, windows_of
from booking.time_zones.clocks import Clocks
from booking.waitlist.actions import answer, join
from booking.waitlist.forms import WaitlistForm
from practice.access.pages import origin_checked
from practice.contact import or_call, please_call
from practice.queries import the_practice
from practice.security import limits
from practice.web.errors import too_many

HOUR = dt.timedelta(hours=1)
WISHES_AN_HOUR = 20
State = Offer.State


def type_or_404(slug: str) -> SessionType:
    """Return the bookable session type with that slug, or 404."""
    found = queries.bookable_type(slug)
    if found is None:
        raise Http404
    return found


@login_not_required
@origin_checked
@require_http_methods(["GET", "HEAD", "POST"])
def join_waitlist(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the form of a wish; POST saves it, and an email confirms it."""
    session_type, now = type_or_404(slug), timezone.now()
    if not admits(session_type.who, asker_in(request, now)):
        return redirect(session_type)  # that page says who may book the type
    reader = reader_of(
        request, the_practice(), request.POST.get("tz", "")[:64], request.GET.get("tz", "")[:64]
    )
    form = form_for(request, session_type, reader, now=now)
    if request.method != "POST":
        return join_page(request, session_type, reader, form)
    if not form.is_valid():
        return join_page(request, session_type, reader, form, status=422)
    client, who = form.known_client, limits.visitor_key(request)
    try:
        with limits.counting({f"wait:{who}": WISHES_AN_HOUR}, window=HOUR, now=now):
            join.join(
                session_type,
                form.wanted(),
                attendee=form.attendee(zone=reader.zone.key),
                by=client,
                swaps=form.cleaned_data.get("swaps"),
                now=now,
            )
    except limits.TooMany as error:
        said = _("Your network has joined the waitlist %(most)s times in this hour, which is our limit.")
        again = again_or_call(error.wait, or_call=or_call(the_practice()))
        return too_many(request, message=f"{said % {'most': error.limit}} {again}", wait=error.wait)
    except (WishUnclear, AttendeeIncomplete) as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
        return join_page(request, session_type, reader, form, status=422)
    # The same answer for all: it must not tell whether the address is known or has enough wishes.
    address = client.email if client else form.cleaned_data["email"]
    return render(request, "booking/wait_done.html", {"session_type": session_type, "address": address})


def form_for(
    request: HttpRequest, session_type: SessionType, reader: times.Reader, *, now: dt.datetime
) -> WaitlistForm:
    """Return the form, for a signed-in client or for a visitor."""
    client = attendee.client_in(request)
    mine = (
        list(queries.not_ended_of(client, now=now).filter(state=Appointment.State.BOOKED)) if client else []
    )
    last = now.astimezone(reader.practice_zone).date() + dt.timedelta(days=session_type.horizon_days)
    return WaitlistForm(
        request.POST if request.method == "POST" else None,
        initial={
            "practitioner": request.GET.get("with", "any"),
            "last_day": last,
            "swaps": "",
            **({} if client else attendee.known_fields(request)),
        },
        practitioners=queries.practitioners_of(session_type),
        mine=mine,
        say=lambda one: _("Yes, the one on %(when)s") % {"when": reader.clocks(one).moment(one.starts_at)},
        locale=reader.locale,
        client=client,
        place=session_type.place,
    )


def join_page(
    request: HttpRequest,
    session_type: SessionType,
    reader: times.Reader,
    form: WaitlistForm,
    *,
    status: int = 200,
) -> HttpResponse:
    """Show the form of a wish."""
    practice = the_practice()
    page = {
        "session_type": session_type,
        "reader": reader,
        "clocks": Clocks(reader.practice_zone, reader.zone, reader.locale),  # a wish is in the first one
        "form": form,
        "windows": policy_in_general(terms_of_practice(practice), call=please_call(practice)),
        "minutes": practice.offer_minutes,
    }
    return render(request, "booking/wait.html", page, status=status)


@login_not_required
@origin_checked
@require_http_methods(["GET", "HEAD", "POST"])
def waitlist_entry(request: HttpRequest, token: str) -> HttpResponse:
    """Show a wish by its link, with a button to leave the list."""
    entry = links.waitlist_entry_of(token)
    if entry is None:
        raise Http404
    if request.method == "POST":
        join.leave(entry)
        return redirect("wish", token=token)
    practice = the_practice()
    page = {
        "entry": entry,
        "waits": entry.state == WaitlistEntry.State.WAITING,
        "with_whom": offers_wording.with_whom(entry),
        "days": offers_wording.which_days(entry, practice.locale),
        "times": offers_wording.which_times(entry, practice.locale),
        "minutes": practice.offer_minutes,
    }
    return render(request, "booking/wish.html", page)


@login_not_required
@origin_checked
@require_http_methods(["GET", "HEAD", "POST"])
def offer(request: HttpRequest, token: str) -> HttpResponse:
    """Show a freed time that is kept for one person; POST accepts or declines it."""
    found = links.offer_of(token)
    if found is None:
        raise Http404
    now = timezone.now()
    if request.method != "POST":
        return offer_page(request, found, now=now)
    try:
        if "decline" in request.POST:
            answer.decline(found)
            return redirect("offer", token=token)
        form = offer_form(request, found)
        complete = form.is_valid()
        if is_open(found, now) and not complete:
            return offer_page(request, found, form=form, now=now, status=422)
        booked = answer.accept(found, by=attendee.client_in(request), said=form.cleaned_data)
    except OfferClosed as closed:
        return offer_page(request, closed.offer, message=closed.message, now=now, status=409)
    except BookingError as refusal:
        return offer_page(request, found, message=refusal.message, now=now, status=409)
    return redirect(f"{appointment_path(booked)}?new")


def time_limit(end: dt.datetime, clocks: Clocks, *, now: dt.datetime) -> str:
    """Return words like "1:37 PM", with the day where that is not today."""
    return clocks.time(end) if clocks.day_of(end) == clocks.day_of(now) else clocks.moment(end)


def is_open(found: Offer, now: dt.datetime) -> bool:
    """Return whether the offer can be accepted now."""
    return found.state == State.OPEN and found.expires_at > now


def offer_form(request: HttpRequest, found: Offer) -> OfferForm:
    """Return the form for what is still needed before it can be accepted; usually nothing."""
    data = request.POST if request.method == "POST" else None
    return OfferForm(data, place=found.appointment.place, known=Attendee.from_entry(found.entry))


def offer_page(
    request: HttpRequest,
    found: Offer,
    *,
    now: dt.datetime,
    form: OfferForm | None = None,
    message: str = "",
    status: int = 200,
) -> HttpResponse:
    """Show what is offered, until when, and what follows; or what became of it."""
    held = found.appointment
    practice = the_practice()
    reader = reader_of(request, practice, found.entry.zone)
    clocks = reader.clocks(held)
    swaps = found.entry.swaps if found.entry.swaps and found.entry.swaps.state == "booked" else None
    left = max(0, int((found.expires_at - now).total_seconds())) if is_open(found, now) else 0
    page: dict[str, Any] = {
        "offer": found,
        "held": held,
        "announced": announced(held.place, held.practitioner.first_name),
        "is_open": is_open(found, now),
        "form": form or offer_form(request, found),
        "accepted": found.state == State.ACCEPTED,
        "declined": found.state == State.DECLINED,
        "withdrawn": found.state == State.WITHDRAWN,
        "message": message,
        "reader": reader,
        "when": clocks.moment(held.starts_at),
        "there": clocks.beside(held.starts_at),
        "until": time_limit(found.expires_at, clocks, now=now),
        "left_minutes": -(-left // 60),
        "price": price_words(priced(held), locale=reader.locale),
        "swaps": clocks.moment(swaps.starts_at) if swaps else "",
        "windows": windows_of(held, clocks, call=please_call(practice), settlement=priced(held), now=now),
        "wish_url": links.waitlist_path(found.entry),
        "appointment_url": appointment_path(held) if found.state == State.ACCEPTED else "",
    }
    return render(request, "booking/offer.html", page, status=status)
