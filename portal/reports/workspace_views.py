"""The owner's page of a month and the twelve up to it, and the same as a spreadsheet."""

from __future__ import annotations

import datetime as dt

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from portal.reports.charts import charts_of
from portal.reports.engine.figures import MonthFigures
from portal.reports.engine.months import EARLIEST, MonthSpan, month_named, months_until
from portal.reports.queries import figures_in
from portal.reports.spreadsheet import spreadsheet_of
from portal.reports.wording import groups_of
from practice.access.pages import owner_only
from practice.core import formatting
from practice.queries import practice_zone, the_practice

#: A page shows so many months.
MONTHS = 12


@owner_only
@require_safe
def reports(request: HttpRequest) -> HttpResponse:
    """Show how a month went, this one unless said otherwise, and the twelve up to it."""
    now, locale = timezone.now(), the_practice().locale
    months, this = _months(request, now=now)
    figures, month = figures_in(months, now=now), months[-1]
    page = {
        "month": month,
        "words": formatting.month_in_words(month.first, locale=locale),
        "is_this": month.first == this,
        "before": month.before if month.first > EARLIEST else None,
        "after": month.after if month.first < this else None,
        "is_empty": figures[-1].is_empty,
        "is_new": all(one.is_empty for one in figures),
        "groups": groups_of(figures[-1], locale=locale),
        "charts": charts_of(figures, locale=locale),
    }
    return render(request, "workspace/reports.html", page)


@owner_only
@require_safe
def reports_file(request: HttpRequest) -> HttpResponse:
    """Return the twelve months up to the one asked for as a spreadsheet."""
    now = timezone.now()
    months, _this = _months(request, now=now)
    figures: tuple[MonthFigures, ...] = figures_in(months, now=now)
    answer = HttpResponse(spreadsheet_of(figures), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="reports-{months[-1].first:%Y-%m}.csv"'
    return answer


def _months(request: HttpRequest, *, now: dt.datetime) -> tuple[tuple[MonthSpan, ...], dt.date]:
    """Return the months up to the one asked for, on the practice's clocks, and this month's first day."""
    zone = practice_zone(the_practice())
    today = now.astimezone(zone).date()
    last = month_named(request.GET.get("month", ""), today=today)
    return months_until(last, zone, count=MONTHS), today.replace(day=1)
