"""A handed-in intake, for those who may open the client's record, and looking at its warning sign."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from booking.access import zone_at_work
from booking.intake import queries as intake_queries
from booking.intake.actions import clear
from booking.intake.answers import read
from booking.intake.wording import answered_steps
from booking.models import Intake
from portal.records.access import client_for
from practice.access.actions.open_record import log_opening
from practice.access.pages import require_staff, staff_only


@staff_only
@require_safe
def intake(request: HttpRequest, pk: int, uid: Any) -> HttpResponse:
    """Show an intake that was handed in; one still being written is the client's own."""
    user = require_staff(request)
    whose = client_for(user, pk)
    found = get_object_or_404(intake_queries.handed_in(whose), uid=uid)
    log_opening(user, whose, "access:intake", now=timezone.now())
    page = {
        "intake": found,
        "client": whose,
        "found": answered_steps(read(found.answers)),
        "zone": zone_at_work(user),
    }
    return render(request, "workspace/intake.html", page)


@staff_only
@require_POST
def looked(request: HttpRequest, pk: int, uid: Any) -> HttpResponse:
    """Record that somebody looked at the warning sign."""
    user = require_staff(request)
    whose = client_for(user, pk)
    found = get_object_or_404(Intake.objects.exclude(needs_human=""), uid=uid, client=whose)
    clear(found, by=user, now=timezone.now())
    messages.success(request, _("Marked as reviewed."))
    if request.POST.get("from") == "client":
        return redirect("workspace_client", pk=whose.pk)
    return redirect("workspace")
