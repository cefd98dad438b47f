"""The page that the link in a test email opens: a button confirms, since mail scanners open links."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from portal.first_steps.actions import NoSuchEmail, note_arrival
from portal.first_steps.letters import read_token
from practice.access.pages import origin_checked


@login_not_required
@never_cache
@origin_checked
@require_http_methods(["GET", "HEAD", "POST"])
def arrived(request: HttpRequest, token: str) -> HttpResponse:
    """Ask whether the email arrived, and note it when the button is pressed. Nobody has to be signed in."""
    key = read_token(token)
    if key is None:
        raise Http404
    if request.method != "POST":
        return render(request, "account/test_email.html")
    try:
        note_arrival(key, now=timezone.now())
    except NoSuchEmail as error:
        raise Http404 from error
    return render(request, "account/test_email.html", {"is_noted": True})
