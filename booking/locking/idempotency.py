"""One answer for one key: a repeat of the same request gets the same answer, and does nothing.

After the IETF's draft "The Idempotency-Key HTTP Header Field" (06): another body under a used key is 422.
Where the draft would answer 409 to a repeat that comes while the first is at work, the repeat waits here.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Callable
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from booking.errors import BookingError
from booking.models import IdempotencyKey

LIVES = dt.timedelta(hours=24)
Answer = tuple[int, Any]


class BodyMismatch(BookingError):
    """Raised when the key was used before with another body."""


def run_once(key: str, *, sender: str, body: str, do: Callable[[], Answer], now: dt.datetime) -> Answer:
    """Run `do` and keep its answer under the sender's `key`, in one transaction; or return the kept answer.

    Answers are kept for 24 hours. The key's row is written first: of two at once the second waits for it, and
    then finds the answer. An exception keeps nothing, so that a refused request may come again with its key.
    Raises OtherBody.
    """
    name = stored_name(key, sender)
    IdempotencyKey.objects.filter(key=name, created_at__lt=now - LIVES).delete()
    try:
        with transaction.atomic():
            row = IdempotencyKey.objects.create(key=name, body_hash=digest_of(body), created_at=now)
            row.status, row.answer = do()
            row.save(update_fields=["status", "answer"])
            return row.status, row.answer
    except IntegrityError:
        kept = stored_answer(key, sender=sender, body=body, now=now)
        if kept is None:
            raise
        return kept


def stored_answer(key: str, *, sender: str, body: str, now: dt.datetime) -> Answer | None:
    """Return this sender's answer under this key in the last 24 hours, or None. Raises OtherBody."""
    row = IdempotencyKey.objects.filter(key=stored_name(key, sender), created_at__gte=now - LIVES).first()
    if row is None or row.status is None:
        return None
    if row.body_hash != digest_of(body):
        raise BodyMismatch(_("This key was already used for a different request."), code="other_body")
    return row.status, row.answer


def stored_name(key: str, sender: str) -> str:
    """Return the name a key is kept under, one for each sender: an answer opens what was booked."""
    return digest_of(json.dumps([sender, key]))


def digest_of(text: str) -> str:
    """Return a hash that tells two texts apart, without keeping either."""
    return hashlib.sha256(text.encode()).hexdigest()


def forget_old_keys(*, now: dt.datetime) -> int:
    """Remove keys older than 24 hours; return how many there were."""
    return IdempotencyKey.objects.filter(created_at__lt=now - LIVES).delete()[0]
