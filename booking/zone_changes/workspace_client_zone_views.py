"""The workspace action that sets the time zone a client's emails show beside ours."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from booking.access import appointment_seen_by
from booking.zone_changes.actions.client_zone import set_client_zone
from practice.access.pages import require_staff, staff_only
from practice.core import clock
from practice.core.locales.zone_words import zone_in_words
from practice.queries import the_practice


@staff_only
@require_POST
def zone_of_appointment(request: HttpRequest, uid: Any) -> HttpResponse:
    """Save the zone; emails that wait follow."""
    found = appointment_seen_by(require_staff(request), uid)
    try:
        after = set_client_zone(found, request.POST.get("zone", "")[:64])
    except clock.UnknownZone:
        messages.error(request, _("There is no such time zone. Try America/Denver."))
    else:
        zone = zone_in_words(after.zone, locale=the_practice().locale)
        messages.success(request, _("Saved. Emails also show the time in %(zone)s.") % {"zone": zone})
    return redirect("workspace_appointment", uid=uid)
