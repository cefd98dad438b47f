"""The practice has a new address: the owner decides once whether booked clients get an email."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from booking.locking.locks import moment
from booking.models import Appointment, Place
from booking.owner_settings.letters import new_address, sessions_ahead
from practice.models import Practice, User


def notify_clients(*, now: datetime | None = None) -> int:
    """Email everybody who has a session ahead, once; return how many people. A second call emails nobody."""
    with transaction.atomic():
        practice = _asked()
        if practice is None or practice.moved_at is None:
            return 0
        now = moment(now)
        people = User.objects.filter(pk__in=booked_ahead(now=now)).exclude(email=None)
        for client in people:
            coming = list(sessions_ahead(client, now=now))
            new_address(client, coming, moved_at=practice.moved_at, now=now)
        _settle()
    return len(people)


def skip_notice() -> None:
    """Settle the question without an email: later emails name the new address anyway."""
    with transaction.atomic():
        if _asked():
            _settle()


def booked_ahead(*, now: datetime) -> set[int]:
    """Return ids of the people to write to about a session ahead at the practice."""
    found = Appointment.objects.not_ended(now).filter(client__isnull=False)
    here = found.filter(place=Place.PRACTICE)
    return {booker or client for client, booker in here.values_list("client_id", "correspondent_id")}


def _asked() -> Practice | None:
    """Return the practice, locked, while the question is open; else None."""
    return Practice.objects.select_for_update().filter(pk=1, moved_at__isnull=False).first()


def _settle() -> None:
    Practice.objects.filter(pk=1).update(moved_at=None)
