"""The lock that hold, book, move and cancel share, and the time they use.

One order for everybody, to avoid deadlocks: the visitor, practitioners by id, rooms by id. On SQLite there is
nothing to lock: its transactions begin IMMEDIATE, so there is one writer at a time.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

from django.db import connection
from django.db.models import QuerySet
from django.utils import timezone

from practice.models import Practitioner, Room


def whole_seconds(start: datetime) -> datetime:
    """Return the instant in UTC as it is judged and stored. Raises ValueError without a zone."""
    if start.tzinfo is None:
        raise ValueError("a start needs a zone")
    return start.astimezone(UTC).replace(microsecond=0)


def moment(now: datetime | None) -> datetime:
    """Return `now`, or the present time if it is None.

    Actions ask for it once they hold the lock: of two at one time, the second would otherwise bring a time
    from before its wait, and the change rows would be in the wrong order.
    """
    return now or timezone.now()


def lock(
    practitioners: Iterable[Practitioner],
    *,
    rooms: Iterable[int | None] = (),
    rows: QuerySet[Practitioner] | None = None,
) -> list[Practitioner]:
    """Lock these practitioners and their rooms (and `rooms`), waiting if needed; return the current rows.

    `rows`: a query of practitioners that reads more about each in passing.
    """
    ids = {practitioner.pk for practitioner in practitioners}
    # NO KEY UPDATE: rows that only point at a practitioner (a foreign key) need not wait for us.
    locked = list(
        (Practitioner.objects.all() if rows is None else rows)
        .select_for_update(no_key=True, of=("self",))
        .select_related("user", "room")
        .filter(pk__in=ids)
        .order_by("pk")
    )
    wanted = {room for room in (*rooms, *(practitioner.room_id for practitioner in locked)) if room}
    if wanted and connection.features.has_select_for_update:
        list(Room.objects.select_for_update(no_key=True).filter(pk__in=wanted).order_by("pk"))
    return locked


def lock_visitor(visitor: str) -> None:
    """Lock a visitor: without it two holds at once could both be counted as the third."""
    if connection.vendor == "postgresql" and visitor:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"visitor:{visitor}"])
