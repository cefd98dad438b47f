"""Whose session it is: said with one of two buttons on its page, by whoever sees the appointment."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from booking.actions.attendee import give_own_record, is_the_booker
from booking.errors import BookingError
from booking.views.workspace import seen_by
from practice.access import require_staff, staff_only


@staff_only
@require_POST
def attendee(request: HttpRequest, uid: Any) -> HttpResponse:
    """File it under a record of their own ("own"), or under that of who booked ("booker")."""
    user = require_staff(request)
    found, decide = seen_by(user, uid), {"own": give_own_record, "booker": is_the_booker}
    try:
        if whose := decide.get(request.POST.get("whose", "")):
            after = whose(found, by=user, now=timezone.now())
            messages.success(request, _("This session is %(name)s's now.") % {"name": after.attendee_name})
    except BookingError as error:
        messages.error(request, error.message)
    return redirect("workspace_appointment", uid=uid)
