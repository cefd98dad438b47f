"""The owner's page of consent texts: the current and the earlier ones."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from practice.access.pages import owner_only
from practice.consents import queries
from practice.consents.actions.consent import NotPublished, publish
from practice.models import ConsentText


@owner_only
@require_http_methods(["GET", "HEAD", "POST"])
def texts(request: HttpRequest) -> HttpResponse:
    """Show the texts, or replace one, which asks every client again."""
    if request.method != "POST":
        return _page(request)
    kind, words = request.POST.get("kind", ""), request.POST.get("text", "")
    if kind not in queries.KINDS:
        raise Http404
    try:
        before, after = queries.current_text(kind), publish(kind, words, now=timezone.now())
    except NotPublished as refusal:
        return _page(request, wrong={kind: str(refusal)}, typed={kind: words}, status=422)
    if after.version == before.version:
        messages.info(request, _("The text is the same, so clients won’t be asked again."))
    else:
        messages.success(
            request, _("Published. Clients are asked to sign this text before their next session.")
        )
    return redirect("workspace_consent")


def _page(
    request: HttpRequest,
    *,
    wrong: dict[str, str] | None = None,
    typed: dict[str, str] | None = None,
    status: int = 200,
) -> HttpResponse:
    wrong, typed = wrong or {}, typed or {}
    shown: list[dict[str, Any]] = [
        {
            "now": one,
            "text": typed.get(one.kind, one.text),
            "wrong": wrong.get(one.kind, ""),
            "earlier": ConsentText.objects.filter(kind=one.kind, version__lt=one.version),
        }
        for one in queries.current_texts()
    ]
    return render(request, "workspace/consent.html", {"shown": shown, "wrong": wrong}, status=status)
