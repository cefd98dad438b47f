"""The owner's page of text messages: how many went in each month, and what they cost."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from practice.access import rows
from practice.access.pages import require_staff, staff_only
from practice.core import formatting
from practice.mail.channels.text_messages.table import texts_are_on
from practice.models import TextMessage
from practice.queries import practice_zone, the_practice
from practice.texting.queries import MonthOfTexts, months_of_texts

MOST = 36


@staff_only
@require_safe
def costs(request: HttpRequest) -> HttpResponse:
    """Show the cost of text messages by month, as the gateway reported it."""
    user = require_staff(request)
    if not rows.may_all(user, "text_costs") or not (texts_are_on() or TextMessage.objects.exists()):
        raise Http404
    practice = the_practice()
    months = [
        {
            "month": formatting.month_in_words(one.month, locale=practice.locale),
            "cost": _cost(one, practice.locale),
            "row": one,
        }
        for one in months_of_texts(practice_zone(practice), most=MOST, now=timezone.now())
    ]
    return render(request, "workspace/text_messages.html", {"months": months})


def _cost(one: MonthOfTexts, locale: str) -> str:
    """Return what a month cost, to the cent; "" while the gateway has said nothing yet."""
    if one.cost is None:
        return ""
    cents = int((one.cost * 100).quantize(Decimal(1), ROUND_HALF_UP))
    return formatting.money(cents, one.currency, locale=locale)
