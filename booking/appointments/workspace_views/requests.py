"""One-press decisions in the workspace: answer a request, undo a cancel, a move or another length."""

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
from practice.web.return_to import next_page

WORD_LONGEST = 500


@staff_only
@require_POST
def approve_request(request: HttpRequest, uid: Any) -> HttpResponse:
    """Approve the request; the client gets the confirmation."""
    user = require_staff(request)
    try:
        approve(appointment_seen_by(user, uid), by=user, word=message_in(request))
    except BookingError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, _("Approved. We’ve emailed the client."))
    return back(request, uid)


@staff_only
@require_POST
def decline_request(request: HttpRequest, uid: Any) -> HttpResponse:
    """Decline the request: its time is free again, and the client gets an email."""
    user = require_staff(request)
    try:
        decline(appointment_seen_by(user, uid), by=user, word=message_in(request))
    except BookingError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, _("Declined. We’ve emailed the client."))
    return back(request, uid)


@staff_only
@require_POST
def bring_back(request: HttpRequest, uid: Any) -> HttpResponse:
    """Undo the last cancel, move or other length, and return to where the button was pressed."""
    user = require_staff(request)
    try:
        undo(appointment_seen_by(user, uid), by=user)
    except BookingError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, _("Undone. Everything is back to the way it was."))
    return back(request, uid)


def message_in(request: HttpRequest) -> str:
    """Return the sentence that goes along with an answer."""
    return request.POST.get("word", "").strip()[:WORD_LONGEST]


def back(request: HttpRequest, uid: Any) -> HttpResponse:
    """Redirect to the page where the button was pressed."""
    if path := next_page(request):
        return redirect(path)
    pages = {"today": "workspace", "messages": "workspace_messages"}
    if page := pages.get(request.POST.get("from", "")):
        return redirect(page)
    return redirect("workspace_appointment", uid=uid)
