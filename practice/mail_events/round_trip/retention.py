"""The removal of old emails to ourselves."""

from __future__ import annotations

from datetime import datetime, timedelta

from practice.mail.queries import WAITING
from practice.mail_events.round_trip.queries import with_return
from practice.models import Letter

KEPT = timedelta(days=28)


def old_round_trips(now: datetime, *, dry: bool = False) -> int:
    """Remove old emails to ourselves; the last one that came back stays for the owner's page."""
    last = with_return().filter(back_at__isnull=False).order_by("-created_at").first()
    old = with_return().filter(created_at__lt=now - KEPT).exclude(state__in=WAITING)
    pks = [one.pk for one in old if last is None or one.pk != last.pk]
    if not dry:
        Letter.objects.filter(pk__in=pks).delete()
    return len(pks)
