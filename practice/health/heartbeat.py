"""The heartbeat: when a ticking part last ran, for the health page."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Q

from practice.core.reasons import Reasons
from practice.models import Heartbeat

#: Written at most this often: two workers must not queue up behind one row, and at rest each write is one
#: more wait for the disk. Far below the two minutes after which the health page is red.
AT_MOST_EVERY = timedelta(seconds=30)


def record_beat(name: str, now: datetime) -> None:
    """Note that `name` ran at `now`. One that ran later than now did so before the clock was set back."""
    earlier_or_later = Q(at__lte=now - AT_MOST_EVERY) | Q(at__gt=now + AT_MOST_EVERY)
    if Heartbeat.objects.filter(earlier_or_later, name=name).update(at=now, why=[]):
        return
    if not Heartbeat.objects.filter(name=name).exists():
        Heartbeat.objects.get_or_create(name=name, defaults={"at": now})


def record_trouble(name: str, why: Reasons, now: datetime) -> None:
    """Note why `name` could not do its work at `now`. When it last could stays known."""
    Heartbeat.objects.get_or_create(name=name, defaults={"at": now})
    Heartbeat.objects.filter(name=name).update(why=why)


def last_beat(name: str) -> datetime | None:
    """Return when it last ran; None: never."""
    return Heartbeat.objects.filter(name=name).values_list("at", flat=True).first()
