"""Keep one time per page: a double click keeps it once, and another time replaces the first."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from booking.holds.actions.hold import hold
from booking.locking.locks import moment
from booking.models import Appointment, IdempotencyKey, SessionType
from practice.models import Practitioner, User

PRESS = re.compile(r"[0-9a-f]{32}")
FOUND = 302  # a status the API never answers, so that its keys and these cannot be mixed up


def new_page_key() -> str:
    """Return a random key for a page of times, which identifies that page when it is sent back."""
    return secrets.token_hex(16)


def hold_once(
    session_type: SessionType,
    *,
    practitioners: Iterable[Practitioner],
    start: datetime,
    visitor: str,
    press: str,
    now: datetime | None = None,
    by: User | None = None,
) -> Appointment:
    """Keep `start` as `hold` does, at most one per page: the same time again returns the same hold.

    Another time releases the first one. Two presses at once wait for each other at the row of their page.
    Anything but a `new_page_key` is counted as no page.
    """
    practitioners = list(practitioners)
    if not PRESS.fullmatch(press):
        return hold(session_type, practitioners=practitioners, start=start, visitor=visitor, now=now, by=by)
    key = f"press:{visitor.partition(':')[0]}:{press}"
    with transaction.atomic():
        page = IdempotencyKey(key=key, body_hash="press", status=FOUND, created_at=moment(now))
        IdempotencyKey.objects.bulk_create([page], ignore_conflicts=True)
        page = IdempotencyKey.objects.select_for_update().get(key=key)
        kept = hold_of_page(page, now=moment(now))
        if kept and is_same_time(kept, session_type, practitioners, start):
            return kept
        held = hold(
            session_type,
            practitioners=practitioners,
            start=start,
            visitor=visitor,
            now=now,
            by=by,
            instead_of=kept,
        )
        page.answer = {"hold": str(held.uid)}
        page.save(update_fields=["answer"])
    return held


def hold_of_page(page: IdempotencyKey, *, now: datetime) -> Appointment | None:
    """Return the hold this page still keeps, or None."""
    if not page.answer:
        return None
    return (
        Appointment.objects.select_related(
            "session_type", "practitioner__user", "room", "client", "correspondent"
        )
        .filter(uid=page.answer["hold"])
        .open_holds(now)
        .first()
    )


def is_same_time(
    kept: Appointment, session_type: SessionType, practitioners: list[Practitioner], start: datetime
) -> bool:
    """Return whether the kept time is the one asked for now."""
    return (
        kept.session_type_id == session_type.pk
        and kept.starts_at == start
        and kept.practitioner_id in {person.pk for person in practitioners}
    )
