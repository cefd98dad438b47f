"""Booking for a client, in the workspace: choose whom, what and when, look at it once more, then book."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from booking.access import clients_named
from booking.appointments.workspace_views.book_choices import (
    BookingChoices,
    choices_in,
    not_with_them,
    when_page,
)
from booking.appointments.workspace_views.book_confirm import booked, confirm_page
from practice.access.pages import staff_only

FOUND = 10


@staff_only
@require_http_methods(["GET", "HEAD", "POST"])
def choose(request: HttpRequest) -> HttpResponse:
    """Show the next step: whom, then what, then when. Each step is an address; only the last one writes."""
    if request.method == "POST":
        return booked(request)
    wish = choices_in(request, request.GET)
    if wish.client is None and not wish.is_new:
        return render(request, "workspace/book_whom.html", client_choices(request, wish))
    if wish.is_gone:
        return when_page(request, wish, status=not_with_them(request))
    if wish.kind and ("start" in request.GET or "other" in request.GET):
        return confirm_page(request, wish)
    return when_page(request, wish)


def client_choices(request: HttpRequest, wish: BookingChoices) -> dict[str, Any]:
    """Return people found by name or address, and the choices made so far."""
    called = request.GET.get("called", "").strip()[:150]
    found = list(clients_named(wish.user, called)[: FOUND + 1]) if called else []
    rest = {name: value for name, value in wish.query.items() if value and name != "client"}
    return {
        "called": called,
        "found": found[:FOUND],
        "more": len(found) > FOUND,
        "rest": rest,
        "query": urlencode(rest),
    }
