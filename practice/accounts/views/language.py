"""The choice of a language for an account; visitors choose by a link (practice/web/language.py)."""

from __future__ import annotations

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from practice.accounts.actions.language import UnknownLanguage, choose_language
from practice.web.language import remember
from practice.web.return_to import page_of_ours


@require_POST
def choose(request: HttpRequest) -> HttpResponse:
    """Keep the language, and go back to the page where it was chosen."""
    assert request.user.is_authenticated  # the middleware asks for it
    try:
        choose_language(request.user, request.POST.get("language", ""))
    except UnknownLanguage as error:
        raise BadRequest("no such language") from error
    remember(request, request.user.language)
    return HttpResponseRedirect(page_of_ours(request, "page") or reverse("home"))
