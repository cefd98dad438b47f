"""Queries about text messages: what they cost, by month."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.db.models import Case, Count, Q, Sum, Value, When

from practice.core.clock import day_bounds
from practice.models import TextMessage

Status = TextMessage.Status


@dataclass(frozen=True)
class MonthOfTexts:
    """A month's text messages in one currency. `unpriced`: how many have no price yet."""

    month: date
    messages: int
    segments: int
    failed: int
    cost: Decimal | None
    currency: str
    unpriced: int


def last_months(day: date, many: int) -> list[date]:
    """Return the first day of that day's month and of those before it, the newest first."""
    months = [day.replace(day=1)]
    while len(months) < many:
        months.append((months[-1] - timedelta(days=1)).replace(day=1))
    return months


def months_of_texts(zone: ZoneInfo, *, most: int, now: datetime) -> list[MonthOfTexts]:
    """Return those of the last months that have text messages, by the practice's clock, the newest first."""
    months = last_months(now.astimezone(zone).date(), most)
    begins = [day_bounds(one, zone)[0] for one in months]
    which = [When(sent_at__gte=start, then=Value(place)) for place, start in enumerate(begins)]
    found = (
        TextMessage.objects.filter(sent_at__gte=begins[-1])
        .order_by()
        .annotate(month=Case(*which))  # by our own clock: a database has its own time zone rules
        .values("month", "currency")
        .annotate(
            messages=Count("id"),
            parts=Sum("segments"),
            failed=Count("id", filter=Q(status=Status.FAILED)),
            cost=Sum("price"),
            unpriced=Count("id", filter=Q(price=None)),
        )
        .order_by("month", "currency")
    )
    return [
        MonthOfTexts(
            months[row["month"]],
            row["messages"],
            row["parts"] or 0,
            row["failed"],
            row["cost"],
            row["currency"],
            row["unpriced"],
        )
        for row in found
    ]
