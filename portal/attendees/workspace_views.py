"""The answer to whose session it was, given on the appointment's page at work."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from booking.access import appointment_seen_by, zone_at_work
from booking.errors import BookingError
from booking.models import Appointment
from portal.attendees.actions import (
    file_under_booker,
    give_own_record,
    may_choose,
    must_be_allowed_to_decide,
    note_in_doubt,
)
from portal.attendees.forms import RecordTransferForm
from portal.models import ClientProfile, SessionNote
from practice.access.actions.open_record import log_opening
from practice.access.pages import require_staff, staff_only
from practice.core import formatting
from practice.models import User
from practice.queries import the_practice


@staff_only
@require_POST
def attendee(request: HttpRequest, uid: Any) -> HttpResponse:
    """File the session under the attendee's own record ("own"), or the booker's ("booker").

    For a session that is wrapped up, a page asks first what moves with it.
    """
    user, now = require_staff(request), timezone.now()
    found, whose = appointment_seen_by(user, uid), request.POST.get("whose")
    try:
        if whose == "own":
            note = note_in_doubt(found)
            must_be_allowed_to_decide(note, by=user)
            form = _form(request, note) if note and may_choose(note, by=user) else None
            if form and note and not form.is_valid():
                return _page(request, found, note, form, user=user, now=now)
            filed = give_own_record(found, by=user, now=now, along=form.along() if form else None)
            _said(request, [filed])
        elif whose == "booker":
            _said(request, file_under_booker(found, by=user, now=now))
    except BookingError as error:
        messages.error(request, error.message)
    return redirect("workspace_appointment", uid=uid)


def _said(request: HttpRequest, filed: list[Appointment]) -> None:
    said = ngettext("This session is %(name)s's now.", "%(number)s sessions are %(name)s's now.", len(filed))
    messages.success(request, said % {"number": len(filed), "name": filed[0].attendee_name})


def _form(request: HttpRequest, note: SessionNote) -> RecordTransferForm | None:
    """Return the form of what may move, or None for nothing; its answers count once it was shown."""
    client = note.appointment.client
    assert client is not None
    answered = request.POST if "shown" in request.POST else None
    form = RecordTransferForm(answered, note=note, page=ClientProfile.objects.of(client))
    return form if form.fields else None


def _page(
    request: HttpRequest,
    found: Appointment,
    note: SessionNote,
    form: RecordTransferForm,
    *,
    user: User,
    now: dt.datetime,
) -> HttpResponse:
    """Show the choice of what in the booker's record belongs to the attendee."""
    booker = found.client
    assert booker is not None
    log_opening(user, booker, "access:plan_of_other", now=now)
    locale = the_practice().locale
    when = formatting.span(found.starts_at, found.ends_at, zone_at_work(user), locale=locale)
    page = {"appointment": found, "booker": booker, "when": when, "form": form}
    return render(request, "workspace/attendee_sure.html", page, status=422 if form.is_bound else 200)
