"""The page of a client's calendar feeds: an address to subscribe to, and to revoke."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from booking.calendars.actions.feeds import new_feed, revoke
from booking.calendars.feeds import feeds_of
from portal.client_pages import for_clients
from practice.models import User


@require_http_methods(["GET", "HEAD", "POST"])
@for_clients
def calendar(request: HttpRequest, client: User) -> HttpResponse:
    """Show the feeds in use; make a new one, whose address is shown once, or revoke one."""
    address = ""
    if "revoke" in request.POST:
        number = request.POST["revoke"]
        if not number.isascii() or not number.isdigit() or len(number) > 9:
            raise Http404
        if not revoke(client, int(number), now=timezone.now()):
            raise Http404
        messages.success(request, _("Revoked. The link no longer works."))
        return redirect("portal_calendar")
    if request.method == "POST":
        _feed, address = new_feed(client)
    mine = feeds_of(client).filter(practitioner=None)
    return render(request, "portal/calendar.html", {"feeds": mine, "address": address})
