"""The search box of the workspace: its page, and what it suggests while somebody types."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from booking.access import clients_found, zone_at_work
from booking.search.queries import found_clients
from practice.access.pages import require_staff, staff_only

SHOWN, SUGGESTED = 30, 8
LONGEST = 150


@staff_only
@require_safe
@never_cache
def search(request: HttpRequest) -> HttpResponse:
    """Show the clients found, each with their next appointment, and where to go from there."""
    user, words = require_staff(request), words_in(request)
    found = found_clients(user, words, count=SHOWN + 1, now=timezone.now())
    page = {
        "q": words,
        "found": found[:SHOWN],
        "more": len(found) > SHOWN,
        "zone": zone_at_work(user),
    }
    return render(request, "workspace/search.html", page)


@staff_only
@require_safe
@never_cache
def suggest(request: HttpRequest) -> HttpResponse:
    """Return the first clients found as a piece of a page: links, or buttons of the booking form."""
    user, words = require_staff(request), words_in(request)
    found = clients_found(user, words, count=SUGGESTED + 1)
    page = {"found": found[:SUGGESTED], "more": len(found) > SUGGESTED, "q": words}
    to_book = request.GET.get("to") == "book"
    return render(request, f"workspace/_found_{'to_book' if to_book else 'links'}.html", page)


def words_in(request: HttpRequest) -> str:
    """Return what is looked for. It is part of the address, which no log shows (`log_redaction.py`)."""
    return request.GET.get("q", "").strip()[:LONGEST]
