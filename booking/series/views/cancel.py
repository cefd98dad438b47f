"""Canceling one session and all later ones that were booked with it, each by its own policy."""

from __future__ import annotations

import datetime as dt

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from booking.appointments.views.appointment import appointment_or_404, signed_in
from booking.appointments.views.request_params import appointment_path, reader_of
from booking.errors import BookingError
from booking.models import Appointment
from booking.policy.settlement import if_canceled
from booking.policy.terms import window_of
from booking.policy.wording import sum_of
from booking.series.actions import cancel_from
from booking.series.planning import from_here_on
from practice.access.pages import origin_checked
from practice.contact import please_call
from practice.queries import the_practice


@login_not_required
@origin_checked
@require_http_methods(["GET", "HEAD", "POST"])
def cancel_later(request: HttpRequest, token: str) -> HttpResponse:
    """Show what canceling means for each session; POST cancels all that can be."""
    appointment, now = appointment_or_404(token), timezone.now()
    members = from_here_on(appointment)
    if request.method != "POST" and not members:
        return redirect(appointment_path(appointment))
    message = ""
    if request.method == "POST":
        try:
            done = cancel_from(appointment, by=signed_in(request))
        except BookingError as error:
            message = error.message
        else:
            return redirect(f"{appointment_path(done.cancelled[0])}?cancelled")
    reader = reader_of(request, the_practice(), request.GET.get("tz", ""), appointment.zone)
    page = {
        "appointment": appointment,
        "token": token,
        "rows": [(reader.clocks(one).moment(one.starts_at), costs(one, now)) for one in members],
        "possible": any(window_of(one, now) != "locked" for one in members),
        "message": message,
    }
    return render(request, "booking/series_cancel.html", page, status=422 if message else 200)


def costs(appointment: Appointment, now: dt.datetime) -> str:
    """Return what canceling this session means at this moment, in words."""
    window = window_of(appointment, now)
    if window == "locked":
        return _("too close to cancel online, so it stays booked.") + f" {please_call(the_practice())}"
    due = if_canceled(appointment, now)
    if due.is_covered:
        return _("late: counts as one session from your package")
    if not due.cents:  # in the free hours, and later where there is no fee
        return _("no charge")
    return _("late fee: %(sum)s") % {"sum": sum_of(due, locale=the_practice().locale)}
