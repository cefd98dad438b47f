"""The page on which a client rates their own activities again."""

from __future__ import annotations

import datetime as dt

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from booking.intake.forms import GoalsForm
from portal.client_pages import for_clients
from portal.over_time.actions import rate
from portal.over_time.queries import activity_times, current_activities
from practice.models import User
from practice.queries import the_practice, zone_of
from practice.security.limits import count_use
from practice.web.errors import too_many

RATED, WINDOW = 20, dt.timedelta(hours=1)


@require_http_methods(["GET", "HEAD", "POST"])
@for_clients
def activities(request: HttpRequest, client: User) -> HttpResponse:
    """Show the client's activities with an empty scale each; POST saves the numbers."""
    zone = zone_of(client.zone, practice=the_practice())
    before = current_activities(activity_times(client, zone=zone))
    kept = {"goals": [{"what": what, "now": None} for what in before]}
    form = GoalsForm(request.POST if request.method == "POST" else None, kept=kept, version=0)
    if request.method == "POST" and form.is_valid():
        now = timezone.now()
        if not count_use(f"rate:{client.pk}", limit=RATED, window=WINDOW, now=now):
            return too_many(request)
        if rate(client, form.part()["goals"], now=now):
            messages.info(request, _("Saved."))
            return redirect("portal_history")
        form.add_error(None, _("Please choose a number for at least one of them."))
    status = 422 if form.errors else 200
    return render(request, "portal/activities.html", {"form": form, "again": bool(before)}, status=status)
