"""What was paid on a day or in a month, what is outstanding, and the same as a spreadsheet."""

from __future__ import annotations

import calendar
import datetime as dt

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from booking.access import zone_at_work
from booking.payments.accounts import MOST_LISTED, outstanding_seen_by, seen_by
from booking.payments.day_list import outstanding_rows, paid_rows, totals_of
from booking.payments.forms import ReceiptSettingsForm
from booking.payments.spreadsheet import spreadsheet_of
from practice.access import rows
from practice.access.pages import owner_only, require_staff, staff_only
from practice.core import formatting
from practice.models import User
from practice.queries import practice_zone, the_practice

A_DAY = dt.timedelta(days=1)


def bookkeeper(request: HttpRequest) -> User:
    """Return the staff member who asks, if they see payments; 404 for all others."""
    user = require_staff(request)
    if not rows.may(user, "payments"):
        raise Http404
    return user


@staff_only
@require_safe
def day_page(request: HttpRequest) -> HttpResponse:
    """Show what was paid on a day, today unless said otherwise, and what is outstanding."""
    return day_shown(request)


def day_shown(
    request: HttpRequest, *, settings_form: ReceiptSettingsForm | None = None, status: int = 200
) -> HttpResponse:
    """Show the page of a day. `settings_form`: the owner's, when it was refused."""
    user, today = bookkeeper(request), today_here()
    day = day_in(request.GET.get("day", ""), otherwise=today)
    paid = list(seen_by(user, day, day))
    owed = outstanding_seen_by(user, now=timezone.now())
    page = {
        "day": day,
        "is_today": day == today,
        "before": day - A_DAY,
        "after": day + A_DAY if day < today else None,
        "rows": paid_rows(paid),
        "totals": totals_of(paid),
        "outstanding": outstanding_rows(owed),
        "most": MOST_LISTED if len(owed) == MOST_LISTED else None,
        "zone": zone_at_work(user),
        "form": settings_form or own_settings(user),
        "is_refused": settings_form is not None,
    }
    return render(request, "workspace/payments.html", page, status=status)


def own_settings(user: User) -> ReceiptSettingsForm | None:
    """Return the form of what receipts say, for the owner."""
    return ReceiptSettingsForm(instance=the_practice()) if user.is_superuser else None


@staff_only
@require_safe
def month_page(request: HttpRequest) -> HttpResponse:
    """Show what was paid in a month, this one unless said otherwise."""
    user, today = bookkeeper(request), today_here()
    first, last = month_in(request.GET.get("month", ""), otherwise=today)
    paid = list(seen_by(user, first, last))
    page = {
        "first": first,
        "words": formatting.month_in_words(first, locale=the_practice().locale),
        "before": first - A_DAY,
        "after": last + A_DAY if last < today else None,
        "rows": paid_rows(paid),
        "totals": totals_of(paid),
        "zone": practice_zone(the_practice()),
    }
    return render(request, "workspace/payments_month.html", page)


@staff_only
@require_safe
def month_file(request: HttpRequest) -> HttpResponse:
    """Return what was paid in a month as a spreadsheet; in a day, if one is asked for."""
    user, today = bookkeeper(request), today_here()
    if "day" in request.GET:
        first = last = day_in(request.GET["day"], otherwise=today)
        name = f"{first:%Y-%m-%d}"
    else:
        first, last = month_in(request.GET.get("month", ""), otherwise=today)
        name = f"{first:%Y-%m}"
    answer = HttpResponse(spreadsheet_of(seen_by(user, first, last)), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="payments-{name}.csv"'
    return answer


@owner_only
@require_POST
def receipt_settings(request: HttpRequest) -> HttpResponse:
    """Save what all receipts say from now on."""
    form = ReceiptSettingsForm(request.POST, instance=the_practice())
    if not form.is_valid():
        return day_shown(request, settings_form=form, status=422)
    form.instance.save(update_fields=list(form.cleaned_data))
    messages.success(request, _("Saved. Receipts issued before stay as they are."))
    return redirect("workspace_payments")


def today_here() -> dt.date:
    """Return today, in the practice's zone."""
    return timezone.now().astimezone(practice_zone(the_practice())).date()


def day_in(text: str, *, otherwise: dt.date) -> dt.date:
    """Return the day of an address like ?day=2027-03-02; `otherwise` for anything else."""
    return _date(text, "%Y-%m-%d") or otherwise


def month_in(text: str, *, otherwise: dt.date) -> tuple[dt.date, dt.date]:
    """Return the first and last day of an address like ?month=2027-03, or of the month of `otherwise`."""
    first = (_date(text, "%Y-%m") or otherwise).replace(day=1)
    return first, first.replace(day=calendar.monthrange(first.year, first.month)[1])


def _date(text: str, form: str) -> dt.date | None:
    try:
        found = dt.datetime.strptime(text[:10], form).date()
    except ValueError:
        return None
    return found if 2000 <= found.year <= 2100 else None
