"""Erasing clients who have not been here for as many years as the owner chose; by default nobody."""

from __future__ import annotations

import datetime as dt

import structlog
from django.db.models import Exists, OuterRef, Q, QuerySet

from booking.models import Appointment, Intake, Package, WaitlistEntry
from portal.erasure.actions.erase import NotErased, erase
from portal.models import ActivityRating, PracticeEntry, Question, RecordNote
from practice.models import User
from practice.queries import the_practice

log = structlog.get_logger(__name__)
#: At most so many in one hour: each is a transaction of its own, and the rest goes in the next.
AT_ONCE = 50


def forget_inactive(now: dt.datetime, *, dry: bool = False) -> int:
    """Erase clients who have not been here for too long, and return how many; `dry` only counts them."""
    years = the_practice().keep_records_years
    if not years:
        return 0
    found = inactive_since(years_before(now, years))
    if dry:
        return found.count()
    return sum(_erased(one, now=now) for one in found.order_by("pk")[:AT_ONCE])


def years_before(now: dt.datetime, years: int) -> dt.datetime:
    """Return the same day so many years ago; February 29 counts as the 28th."""
    try:
        return now.replace(year=now.year - years)
    except ValueError:
        return now.replace(year=now.year - years, day=28)


def inactive_since(before: dt.datetime) -> QuerySet[User]:
    """Return clients of whom nothing is newer: no session, sign-in, practice, question, intake or purchase.

    Sessions that they booked for somebody else count as theirs.
    """
    me = OuterRef("pk")
    newer = (
        Appointment.objects.filter(Q(client=me) | Q(correspondent=me), ends_at__gte=before),
        Intake.objects.filter(Q(saved_at__gte=before) | Q(created_at__gte=before), client=me),
        WaitlistEntry.objects.filter(client=me, created_at__gte=before),
        Package.objects.filter(client=me, sold_at__gte=before),
        PracticeEntry.objects.filter(client=me, created_at__gte=before),
        ActivityRating.objects.filter(client=me, rated_at__gte=before),
        Question.objects.filter(client=me, asked_at__gte=before),
        RecordNote.objects.filter(client=me, at__gte=before),
    )
    unseen = Q(last_login=None) | Q(last_login__lt=before)
    return (
        User.objects.clients()
        .filter(unseen, created_at__lt=before, merged_into=None)
        .exclude(practitioner__isnull=False)
        .filter(*(~Exists(rows) for rows in newer))
    )


def _erased(client: User, *, now: dt.datetime) -> bool:
    try:
        erase(client, now=now)
    except NotErased as error:
        log.warning("an erasure waits", client=client.pk, why=type(error).__name__)
        return False
    return True
