"""The heartbeat: when a ticking part last ran, for the health page."""

from __future__ import annotations

from datetime import datetime, timedelta

from practice.models import Pulse

#: Written at most this often: two workers must not queue up behind one row.
AT_MOST_EVERY = timedelta(seconds=5)


def mark(name: str, now: datetime) -> None:
    """Note that `name` ran at `now`."""
    if Pulse.objects.filter(name=name, at__lte=now - AT_MOST_EVERY).update(at=now):
        return
    if not Pulse.objects.filter(name=name).exists():
        Pulse.objects.get_or_create(name=name, defaults={"at": now})


def last(name: str) -> datetime | None:
    """Return when it last ran; None: never."""
    return Pulse.objects.filter(name=name).values_list("at", flat=True).first()
