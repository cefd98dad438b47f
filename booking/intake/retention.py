"""Forget intakes that were begun and never handed in, and visitors who held a time and never booked."""

from __future__ import annotations

from datetime import datetime, timedelta

import structlog
from django.db import transaction
from django.db.models import Q, QuerySet

from booking.models import Appointment, Intake
from practice.queries import the_practice
from practice.retention.periods import VISITORS

log = structlog.get_logger(__name__)


def forget_unfinished_intakes(now: datetime, *, dry: bool = False) -> int:
    """Remove intakes that nobody handed in, so many days after their session; return how many."""
    found = expired_intakes(now=now).values_list("pk", flat=True)
    if dry:
        return found.count()
    return sum(forget_one(pk, now=now) for pk in list(found))


def forget_visitors(now: datetime, *, dry: bool = False) -> int:
    """Clear the hashed network key of holds that were never booked; return how many."""
    old = Appointment.objects.filter(state=Appointment.State.RELEASED, created_at__lt=now - VISITORS)
    found = old.exclude(visitor="")
    return found.count() if dry else found.update(visitor="")


def expired_intakes(*, now: datetime) -> QuerySet[Intake]:
    """Return intakes whose session ended long enough ago, and in which nobody has written since.

    How long, the owner chose. A canceled session counts from the day it was for; without a session only the
    last change counts. A warning sign that nobody has looked at stays until somebody has.
    """
    before = now - timedelta(days=the_practice().keep_unfinished_intakes_days)
    session_over = Q(appointment=None) | Q(appointment__ends_at__lt=before)
    nothing_since = Q(saved_at=None, created_at__lt=before) | Q(saved_at__lt=before)
    looked_at = Q(needs_human="") | Q(cleared_at__isnull=False)
    return Intake.objects.filter(session_over, nothing_since, looked_at, handed_in_at=None)


def forget_one(pk: int, *, now: datetime) -> bool:
    """Remove one intake, judged again under its lock (its client may hand it in); return whether it was."""
    with transaction.atomic():
        row = Intake.objects.select_for_update().filter(pk=pk).first()
        if row is None or not expired_intakes(now=now).filter(pk=pk).exists():
            return False
        row.delete()
    log.info("intake: an unfinished one was removed", intake=pk)
    return True
