"""What somebody at work decides by one press: yes or no to a request, the undo of a cancel."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from booking.access import appointment_seen_by
from booking.appointments.actions.approve import approve, decline
from booking.appointments.actions.undo import undo
from booking.errors import BookingError
from practice.access.pages import require_staff, staff_only

WORD_LONGEST = 500


@staff_only
@require_POST
def approve_request(request: HttpRequest, uid: Any) -> HttpResponse:
    """Yes: it is booked, and the client gets the confirmation."""
    user = require_staff(request)
    try:
        approve(appointment_seen_by(user, uid), by=user, word=word_in(request))
    except BookingError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, _("Approved. We’ve emailed the client."))
    return back(request, uid)


@staff_only
@require_POST
def decline_request(request: HttpRequest, uid: Any) -> HttpResponse:
    """No: its time is free again, and the client gets a letter."""
    user = require_staff(request)
    try:
        decline(appointment_seen_by(user, uid), by=user, word=word_in(request))
    except BookingError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, _("Declined. We’ve emailed the client."))
    return back(request, uid)


@staff_only
@require_POST
def bring_back(request: HttpRequest, uid: Any) -> HttpResponse:
    """It was a slip: what was cancelled stands again, what was moved has its old time."""
    user = require_staff(request)
    try:
        undo(appointment_seen_by(user, uid), by=user)
    except BookingError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, _("Undone. Everything is back to the way it was."))
    return back(request, uid)


def word_in(request: HttpRequest) -> str:
    """The sentence that goes along with an answer."""
    return request.POST.get("word", "").strip()[:WORD_LONGEST]


def back(request: HttpRequest, uid: Any) -> HttpResponse:
    """To the page it was pressed on."""
    if request.POST.get("from") == "today":
        return redirect("workspace")
    return redirect("workspace_appointment", uid=uid)
