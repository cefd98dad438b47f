"""The way out, behind a link that stands in every letter between sessions: no sign-in, no cookie.

A GET changes nothing, however often a scanner asks. The token is the authority, so a POST needs no CSRF token:
whoever could forge one has the letter.
"""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from practice.actions.wishes import decline_letters
from practice.mail.way_out import read_token
from practice.models import User


@login_not_required
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def email_wishes(request: HttpRequest, token: str) -> HttpResponse:
    """What comes, and how it stops."""
    pk = read_token(token)
    if pk is None:
        raise Http404
    user = User.objects.filter(pk=pk).first()
    if request.method == "POST" and user is not None:
        decline_letters(user, now=timezone.now(), why=_("They asked for no more letters between sessions."))
    return render(request, "email/wishes.html", {"user": None})
