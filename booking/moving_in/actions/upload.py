"""Keep an uploaded file, with a first guess how to read it; and choose otherwise."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Protocol

from django.conf import settings
from django.db import transaction

from booking.models import Import
from booking.moving_in.engine.table import NoTable
from booking.moving_in.reading import first_choices, packed
from practice.core.plain_text import plain_line
from practice.models import User

State = Import.State


class Incoming(Protocol):
    """A file being uploaded."""

    name: str | None
    size: int | None

    def chunks(self) -> Iterable[bytes]:
        """Return the content, piece by piece."""


class NotReady(Exception):
    """Raised when an import is not in the state in which this can be done: somebody was faster."""


def receive(incoming: Incoming, *, kind: str, by: User, now: datetime) -> Import:
    """Keep the file, encrypted, and guess how it is read. Raises NoTable for what can't be imported."""
    if (incoming.size or 0) > settings.IMPORT_BYTES:
        raise NoTable("file_too_large", most=settings.IMPORT_BYTES // 1_000_000)
    content = b"".join(incoming.chunks())
    choices = first_choices(content, kind)
    name = plain_line(incoming.name or "")[:200]
    return Import.objects.create(
        kind=kind,
        name=name,
        content=packed(content),
        choices=choices,  # type: ignore[misc]  # JSON, encrypted
        by=by,
        created_at=now,
    )


def choose(job: Import, choices: Mapping[str, Any]) -> None:
    """Keep how the file is to be read. Raises NotReady."""
    with transaction.atomic():
        row = in_state(job, State.MATCHING)
        row.choices = dict(choices)
        row.save(update_fields=["choices"])


def in_state(job: Import, *states: str) -> Import:
    """Return the import, locked and without its file. Raises NotReady in any other state."""
    row = Import.objects.select_for_update(no_key=True).filter(pk=job.pk, state__in=states).first()
    if row is None:
        raise NotReady
    return row
