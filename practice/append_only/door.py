"""The one door through the guard of append-only rows: opened for a named reason, and always written down."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import structlog
from django.db import DEFAULT_DB_ALIAS, connections, models, transaction
from django.db.models import Func

from practice.models import DoorOpening

log = structlog.get_logger(__name__)
Why = DoorOpening.Why


@contextmanager
def open_door(why: DoorOpening.Why, *, using: str = DEFAULT_DB_ALIAS) -> Iterator[None]:
    """Let append-only rows be changed or removed until the end of the block, in this transaction alone.

    The opening is a row of the same transaction: what passed is written down, or it did not pass. It names
    the reason and the time, never the person.
    """
    mark: Any = 0
    if connections[using].vendor == "postgresql":
        mark = Func(function="txid_current", output_field=models.BigIntegerField())
    with transaction.atomic(using=using):
        opening = DoorOpening.objects.using(using).create(why=why, transaction_id=mark)
        yield
        DoorOpening.objects.using(using).filter(pk=opening.pk).update(is_open=False)
    log.info("append-only rows were changed or removed", why=str(why))


def left_open(using: str = DEFAULT_DB_ALIAS) -> int:
    """Return how many openings were never closed: nothing but other code than `open_door` leaves one."""
    return DoorOpening.objects.using(using).filter(is_open=True).count()
