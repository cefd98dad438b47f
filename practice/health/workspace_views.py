"""The owner's page of how the site is doing."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from practice.access.pages import owner_only
from practice.health.findings import look_at_all, not_well
from practice.queries import practice_zone, the_practice


@owner_only
@require_safe
def status(request: HttpRequest) -> HttpResponse:
    """Show "All is well", or in words what is not, since when, and what to do."""
    found = look_at_all(timezone.now())
    return render(
        request,
        "workspace/status.html",
        {
            "troubles": not_well(found),
            "well": [one for one in found if not one.state],
            "zone": practice_zone(the_practice()),
        },
    )
