"""What was begun and never handed in, or kept and never booked, is not kept for ever."""

from __future__ import annotations

from datetime import datetime, timedelta

import structlog
from django.db import transaction
from django.db.models import Q, QuerySet

from booking.models import Appointment, Intake
from practice.queries import the_practice
from practice.retention.periods import VISITORS

log = structlog.get_logger(__name__)


def forget_unfinished_intakes(now: datetime) -> int:
    """Remove intakes that nobody handed in, so many days after their session. How many."""
    found = forgettable(now=now).values_list("pk", flat=True)
    return sum(forget_one(pk, now=now) for pk in list(found))


def forget_visitors(now: datetime, *, dry: bool = False) -> int:
    """Forget who kept a time and did not book it: the scrambled number of a connection. How many."""
    old = Appointment.objects.filter(state=Appointment.State.RELEASED, created_at__lt=now - VISITORS)
    found = old.exclude(visitor="")
    return found.count() if dry else found.update(visitor="")


def forgettable(*, now: datetime) -> QuerySet[Intake]:
    """Those whose session is as long over as the owner chose, and in which nobody has written since.

    A cancelled session counts from the day it was for; without one only the last word counts. A warning sign
    at which nobody has looked stays until somebody has.
    """
    before = now - timedelta(days=the_practice().keep_unfinished_intakes_days)
    session_over = Q(appointment=None) | Q(appointment__ends_at__lt=before)
    nothing_since = Q(saved_at=None, created_at__lt=before) | Q(saved_at__lt=before)
    looked_at = Q(needs_human="") | Q(cleared_at__isnull=False)
    return Intake.objects.filter(session_over, nothing_since, looked_at, handed_in_at=None)


def forget_one(pk: int, *, now: datetime) -> bool:
    """Whether this one was removed; judged again under its lock, for its client may hand it in just now."""
    with transaction.atomic():
        row = Intake.objects.select_for_update().filter(pk=pk).first()
        if row is None or not forgettable(now=now).filter(pk=pk).exists():
            return False
        row.delete()
    log.info("intake: an unfinished one was removed", intake=pk)
    return True
