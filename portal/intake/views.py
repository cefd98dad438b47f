"""Pages of a client's intakes, to read or renew, and of the consent texts they sign."""

from __future__ import annotations

import datetime as dt
from http import HTTPStatus
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from booking.intake import queries as intake_queries
from booking.intake.actions import renew
from booking.intake.answers import read
from booking.intake.views import agreed_in
from booking.intake.wording import answered_steps
from booking.links import intake_path
from booking.models import Intake
from portal.client_pages import for_clients
from practice.consents import queries as consents_queries
from practice.consents.actions.consent import NotSigned, sign, withdraw
from practice.core import formatting
from practice.models import User
from practice.queries import the_practice, zone_of

PAGE = 1  # one at a time: it is long enough


@for_clients
@require_http_methods(["GET", "HEAD", "POST"])
def intake(request: HttpRequest, client: User) -> HttpResponse:
    """Show the intakes handed in, the newest first; continue an open one, or begin a new one."""
    now = timezone.now()
    if request.method == "POST":
        return redirect(intake_path(renew(client, now=now)))
    practice = the_practice()
    zone = zone_of(client.zone, practice=practice)
    page = Paginator(intake_queries.handed_in(client), PAGE).get_page(request.GET.get("page"))
    standing = intake_queries.open_of(client)
    return render(
        request,
        "portal/intake.html",
        {
            "page": page,
            "open": standing and intake_path(standing),
            "begun": bool(standing and read(standing.answers).parts),
            "shown": [_shown(one, zone, practice.locale) for one in page],
        },
    )


def _shown(one: Intake, zone: ZoneInfo, locale: str) -> dict[str, Any]:
    assert one.handed_in_at is not None
    when = formatting.moment(one.handed_in_at, zone, locale=locale, year=True)
    return {"when": when, "found": answered_steps(read(one.answers))}


@for_clients
@require_http_methods(["GET", "HEAD", "POST"])
def consent(request: HttpRequest, client: User) -> HttpResponse:
    """Show the texts, what was signed, and forms to sign or withdraw."""
    now = timezone.now()
    if request.method != "POST":
        return _consent_page(request, client)
    kind = request.POST.get("withdraw", "")
    if kind in consents_queries.KINDS:
        withdraw(client, kind, now=now)
        messages.success(request, _("Consent withdrawn. We’ll talk about it before your next session."))
        return redirect("portal_consent")
    try:
        sign(client, agreed_in(request.POST), now=now)
    except NotSigned as refusal:
        return _consent_page(request, client, wrong=str(refusal), wrong_at=f"#{refusal.name or 'texts'}")
    messages.success(request, _("Signed. Thank you."))
    return redirect("portal_consent")


def _consent_page(request: HttpRequest, client: User, **wrong: str) -> HttpResponse:
    practice = the_practice()
    zone = zone_of(client.zone, practice=practice)
    posted, signatures = request.POST, consents_queries.signatures(client)
    unsigned = consents_queries.unsigned(client)
    page = {
        "unsigned": unsigned,
        "signed_before": any(one.kind in signatures for one in unsigned),
        "signed": [
            {"signature": one, "when": _day(one.given_at, zone, practice.locale)}
            for kind, one in signatures.items()
            if kind not in {text.kind for text in unsigned}
        ],
        "signed_name": posted.get("signed_name", "")[:300],
        "ticked": [kind for kind in consents_queries.KINDS if posted.get(f"agree_{kind}")],
        **wrong,
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if wrong else HTTPStatus.OK
    return render(request, "portal/consent.html", page, status=status)


def _day(when: dt.datetime, zone: ZoneInfo, locale: str) -> str:
    return formatting.moment(when, zone, locale=locale, year=True)
