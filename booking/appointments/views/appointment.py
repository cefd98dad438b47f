"""The pages of one appointment behind its link: show, move, cancel, calendar file. GET changes nothing."""

from __future__ import annotations

import datetime as dt
from contextlib import nullcontext
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from booking import links
from booking.appointments.actions import move_back
from booking.appointments.actions.cancel import cancel
from booking.appointments.actions.move import move, must_be_possible
from booking.appointments.actions.restore import undo_deadline
from booking.appointments.actions.undo import undo
from booking.appointments.views import times
from booking.appointments.views.book import choosing
from booking.appointments.views.emails import emails_about
from booking.appointments.views.rate_limits import TooOften, counted_use, limit_page
from booking.appointments.views.request_params import appointment_path, day_in, reader_of
from booking.attendees.actions.confirm import confirm
from booking.availability import wording as availability_wording
from booking.calendars import ics
from booking.errors import AlreadyCancelled, BookingError, SlotTaken
from booking.holds.actions.hold_once import new_page_key
from booking.intake import queries as intake_queries
from booking.models import Appointment
from booking.packages.queries import is_past_its_package
from booking.places.wording import where_of
from booking.policy.settlement import if_canceled, settlement_of
from booking.policy.terms import moves_left, window_of
from booking.policy.wording import cost_now, price_words, windows_of
from booking.time_zones.clocks import Clocks
from practice.access.pages import origin_checked
from practice.consents import queries as consents_queries
from practice.contact import please_call
from practice.core import clock
from practice.mail.channels.text_messages.table import texts_are_on
from practice.queries import the_practice


def appointment_or_404(token: str) -> Appointment:
    """Return the appointment of a link; 404 for a wrong token, or for one made for another address."""
    appointment = links.appointment_of(token)
    if appointment is None or appointment.is_hold:
        raise Http404
    return appointment


def page_of(request: HttpRequest, appointment: Appointment, token: str) -> dict[str, Any]:
    """Return what every page about this appointment shows."""
    now, practice, agreed = timezone.now(), the_practice(), settlement_of(appointment)
    reader = reader_of(request, practice, request.GET.get("tz", ""), appointment.zone)
    clocks = reader.clocks(appointment)
    return {
        "appointment": appointment,
        "token": token,
        "reader": reader,
        "clocks": clocks,
        "when": clocks.span(appointment.starts_at, appointment.ends_at),
        "start": clocks.moment(appointment.starts_at),
        "there": clocks.beside(appointment.starts_at),
        "price": price_words(agreed, locale=reader.locale),
        "windows": windows_of(appointment, clocks, call=please_call(practice), settlement=agreed, now=now),
        "window": window_of(appointment, now),
        "where": where_of(appointment, practice),
        "ahead": appointment.is_upcoming(now),
        "cost_now": cost_now(if_canceled(appointment, now, agreed=agreed), locale=reader.locale),
        "asked": appointment.state == Appointment.State.PENDING,
        "answer_by": clocks.moment(appointment.answer_by) if appointment.answer_by else "",
        "cancelled": appointment.state == Appointment.State.CANCELLED,
        "letters": emails_about(request, appointment, clocks, now),
        "may_get_texts": texts_are_on() and request.user == appointment.contact,
        "back_until": back_until(request, appointment, clocks, now),
        "moves_left": moves_left(appointment),
        "may_confirm": appointment.confirmed_at is None and acts_as_client(request, appointment, token),
    }


def back_until(request: HttpRequest, appointment: Appointment, clocks: Clocks, now: dt.datetime) -> str:
    """Return until when the reader can undo a cancel, in words; "" when they cannot."""
    until = undo_deadline(appointment, by=signed_in(request))
    if until is None or now > until or appointment.starts_at <= now:
        return ""
    return clocks.time(until)


def undo_move(
    request: HttpRequest, appointment: Appointment, clocks: Clocks, now: dt.datetime
) -> dict[str, str]:
    """Return until when the reader can undo a move, and to which time; empty when they cannot."""
    change = move_back.last_change(appointment)
    found = move_back.undo_deadline(appointment, change, by=signed_in(request))
    if found is None or now > found[0] or found[1] <= now:
        return {}
    return {"until": clocks.time(found[0]), "to": clocks.moment(found[1])}


@login_not_required
@require_safe
def show(request: HttpRequest, token: str) -> HttpResponse:
    """Show the appointment and what can be done with it."""
    appointment = appointment_or_404(token)
    page = page_of(request, appointment, token)
    said: dict[str, Any] = {
        name: name in request.GET for name in ("new", "moved", "back", "unmoved", "confirmed")
    }
    said["to_sign"] = said["new"] and has_to_sign(request, appointment)
    said["open_questions"] = said["new"] and has_open_questions(request, appointment)
    said["undo_move"] = undo_move(request, appointment, page["clocks"], timezone.now())
    return render(request, "booking/appointment.html", {**page, **said})


def has_to_sign(request: HttpRequest, appointment: Appointment) -> bool:
    """Return whether the signed-in client has texts to sign; False for the holder of a link."""
    client = signed_in(request)
    return client is not None and client == appointment.client and bool(consents_queries.unsigned(client))


def has_open_questions(request: HttpRequest, appointment: Appointment) -> bool:
    """Return whether the signed-in client has an intake to hand in; others get it by email."""
    client = signed_in(request)
    return client is not None and client == appointment.client and intake_queries.open_of(client) is not None


@login_not_required
@origin_checked
@require_http_methods(["GET", "HEAD", "POST"])
def move_to(request: HttpRequest, token: str) -> HttpResponse:
    """Show other times for the appointment, or move it to one."""
    appointment = appointment_or_404(token)
    page = page_of(request, appointment, token)
    if request.method == "POST":
        return moved(request, appointment, token)
    if not page["ahead"]:
        return redirect(appointment_path(appointment))
    if request.GET.get("start"):
        return confirm_move(request, appointment, token, page)
    first, own = day_in(request.GET.get("from", "")), page["clocks"].day_of(appointment.starts_at)
    chosen = choosing(
        request,
        appointment.session_type,
        with_slug=appointment.practitioner.slug,
        tz=page["reader"].zone.key,
        day=day_in(request.GET.get("day", "")) or (None if first else own),
        first=first,
        moving=appointment,
    )
    return render(request, "booking/move.html", {**chosen, **page})


def confirm_move(
    request: HttpRequest, appointment: Appointment, token: str, page: dict[str, Any]
) -> HttpResponse:
    """Show what a move means before it is made, or why it is not possible."""
    clocks: Clocks = page["clocks"]
    try:
        start = clock.read_instant(request.GET["start"][:40], clocks.first)
        must_be_possible(appointment, start=start, by=signed_in(request))
    except (clock.ClockError, BookingError) as error:
        return not_moved(request, token, error, clocks)
    if start == appointment.starts_at:
        return redirect(appointment_path(appointment))
    to = {
        "value": start.astimezone(clocks.first).isoformat(),
        "when": clocks.moment(start),
        "there": clocks.beside(start),
        "day": clocks.day_of(start),
    }
    left = max(0, page["moves_left"] - 1)
    more = {"to": to, "left": left, "unpaid": is_past_its_package(appointment, start)}
    return render(request, "booking/move_sure.html", {**page, **more})


def moved(request: HttpRequest, appointment: Appointment, token: str) -> HttpResponse:
    """Move the appointment, or say why not; then it keeps its old time."""
    clocks = page_of(request, appointment, token)["clocks"]
    try:
        start = clock.read_instant(request.POST.get("start", "")[:40], clocks.first)
        move_counted(request, appointment, start=start)
    except TooOften as error:
        return limit_page(request, error)
    except (clock.ClockError, BookingError) as error:
        return not_moved(request, token, error, clocks)
    confirm_if_client(request, appointment, token)
    return redirect(f"{appointment_path(appointment)}?moved")


def move_counted(request: HttpRequest, appointment: Appointment, *, start: dt.datetime) -> None:
    """Move the appointment, counted like a booking; a move to its own time is not counted."""
    stays, whose = start == appointment.starts_at, str(appointment.client_id)
    with nullcontext() if stays else counted_use(request, now=timezone.now(), named=whose):
        move(appointment, start=start, by=signed_in(request))


def not_moved(
    request: HttpRequest, token: str, error: clock.ClockError | BookingError, clocks: Clocks
) -> HttpResponse:
    """Show why the appointment was not moved, or could not be; with the nearest free times if it is taken."""
    if isinstance(error, clock.ClockError):
        return not_changed(request, token, availability_wording.of_clock(error, locale=clocks.locale))
    if isinstance(error, SlotTaken):
        near = times.near(error.alternatives, clocks)
        return not_changed(request, token, error.message, status=409, alternatives=near)
    return not_changed(request, token, error.message, status=status_of(error))


def not_changed(
    request: HttpRequest,
    token: str,
    message: str,
    *,
    status: int = 422,
    template: str = "booking/not_moved.html",
    **more: Any,
) -> HttpResponse:
    """Show why a change did not happen, with the appointment as it is now."""
    page = page_of(request, appointment_or_404(token), token)
    template = template if page["ahead"] else "booking/appointment.html"
    return render(request, template, {**page, "message": message, **more}, status=status)


def status_of(error: BookingError) -> int:
    """Return 409 if somebody else was first, 422 if a rule forbids it."""
    return 409 if isinstance(error, AlreadyCancelled) else 422


@login_not_required
@origin_checked
@require_http_methods(["GET", "HEAD", "POST"])
def call_off(request: HttpRequest, token: str) -> HttpResponse:
    """Show what canceling means, with the policy in words; POST cancels."""
    appointment = appointment_or_404(token)
    if request.method == "POST":
        try:
            cancel(appointment, by=signed_in(request))
        except BookingError as error:
            template = "booking/cancel.html"
            return not_changed(request, token, error.message, status=status_of(error), template=template)
        return redirect(f"{appointment_path(appointment)}?cancelled")
    page = page_of(request, appointment, token)
    if not page["ahead"]:
        return redirect(appointment_path(appointment))
    return render(request, "booking/cancel.html", page)


@login_not_required
@origin_checked
@require_POST
def bring_back(request: HttpRequest, token: str) -> HttpResponse:
    """Undo a cancel or a move; if somebody else has the time by now, show the nearest free ones."""
    appointment = appointment_or_404(token)
    was_cancelled = appointment.state == Appointment.State.CANCELLED
    try:
        after = undo(appointment, by=signed_in(request))
    except SlotTaken as error:
        if not was_cancelled:
            near = times.near(error.alternatives, page_of(request, appointment, token)["clocks"])
            gone = _("Someone else has taken the original time.")
            return not_changed(request, token, gone, status=409, alternatives=near)
        page = page_of(request, appointment, token)
        more = {"alternatives": times.near(error.alternatives, page["clocks"]), "press": new_page_key()}
        return render(request, "booking/not_back.html", {**page, **more}, status=409)
    except BookingError as error:
        return not_changed(request, token, error.message, status=status_of(error))
    confirm_if_client(request, appointment, token)
    said = "?back" if was_cancelled else "?unmoved" if after.starts_at != appointment.starts_at else ""
    return redirect(f"{appointment_path(appointment)}{said}")


@login_not_required
@origin_checked
@require_POST
def confirmed(request: HttpRequest, token: str) -> HttpResponse:
    """Confirm the appointment as its client; 404 for a link that proves nothing."""
    appointment = appointment_or_404(token)
    if not acts_as_client(request, appointment, token):
        raise Http404
    confirm(appointment, now=timezone.now())
    return redirect(f"{reverse('appointment', args=[token])}?confirmed")


def acts_as_client(request: HttpRequest, appointment: Appointment, token: str) -> bool:
    """Return whether the client acts: signed in, or through their own email. Never people at work."""
    user = signed_in(request)
    if user is not None:
        return user.pk in appointment.managers or (not user.is_staff and links.came_by_mail(token))
    return links.came_by_mail(token)


def confirm_if_client(request: HttpRequest, appointment: Appointment, token: str) -> None:
    """Confirm the appointment if its client acts on it."""
    if appointment.confirmed_at is None and acts_as_client(request, appointment, token):
        confirm(appointment, now=timezone.now())


@login_not_required
@require_safe
def calendar_file(request: HttpRequest, token: str) -> HttpResponse:
    """Return the appointment as a calendar file with its one UID."""
    appointment = appointment_or_404(token)
    is_cancelled = appointment.state == Appointment.State.CANCELLED
    method: ics.Method = "CANCEL" if is_cancelled else "PUBLISH"
    answer = HttpResponse(
        ics.calendar_file(appointment, method=method), content_type="text/calendar; charset=utf-8"
    )
    answer["Content-Disposition"] = 'attachment; filename="appointment.ics"'
    answer["Cache-Control"] = "private, no-cache"
    return answer


def signed_in(request: HttpRequest) -> Any:
    """Return the signed-in person, or None for the holder of a link."""
    return request.user if request.user.is_authenticated else None
