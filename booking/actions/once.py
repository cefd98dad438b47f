"""One answer for one key: a repeat of the same request is answered as before, and does nothing."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from booking.errors import BookingError
from booking.models import IdempotencyKey

LIVES = dt.timedelta(hours=24)
Answer = tuple[int, Any]


class OtherBody(BookingError):
    """The key was used before, with another body."""


def once(key: str, *, body: str, do: Callable[[], Answer], now: dt.datetime) -> Answer:
    """Do it and keep the answer under `key`, in one transaction; or give the answer kept there (24 hours).

    The key's row is written first: of two at once the second waits for it, and then finds the answer. What
    raises keeps nothing, so that a refused request may be tried again with the same key. Raises OtherBody.
    """
    digest = hashlib.sha256(body.encode()).hexdigest()
    IdempotencyKey.objects.filter(key=key, created_at__lt=now - LIVES).delete()
    try:
        with transaction.atomic():
            row = IdempotencyKey.objects.create(key=key, body_hash=digest, created_at=now)
            row.status, row.answer = do()
            row.save(update_fields=["status", "answer"])
            return row.status, row.answer
    except IntegrityError:
        kept = IdempotencyKey.objects.filter(key=key).first()
        if kept is None or kept.status is None:
            raise
    if kept.body_hash != digest:
        raise OtherBody(_("This key was used before, for another request."), code="other_body")
    return kept.status, kept.answer


def forget_old_keys(*, now: dt.datetime) -> int:
    """Remove keys whose 24 hours are over. How many there were."""
    return IdempotencyKey.objects.filter(created_at__lt=now - LIVES).delete()[0]
