"""The page that says how long each thing is kept and why, for everybody."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from practice.queries import the_practice
from practice.retention.page import public_sections


@login_not_required
@require_safe
def how_long(request: HttpRequest) -> HttpResponse:
    """Show what is kept, for how long, and why."""
    return render(request, "pages/how_long.html", {"sections": public_sections(the_practice())})
