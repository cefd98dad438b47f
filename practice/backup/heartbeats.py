"""When the last good backup was made, and what kept the next one from being made."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import transaction

from practice.backup.engine.keeping import is_due, is_too_old
from practice.core.reasons import because, reason_in_words
from practice.models import Heartbeat

#: Two rows, since a failure says nothing about when the last good one was made.
MADE, FAILED = "backup", "backup_failed"


@dataclass(frozen=True)
class BackupState:
    """When the last good backup was made (None: never), and the failure after it, if one failed."""

    made: datetime | None
    failure: Heartbeat | None

    @property
    def reason(self) -> str:
        """Return why the last try failed, as a sentence; "" when it did not."""
        return reason_in_words(self.failure.why) if self.failure else ""

    def is_due(self, now: datetime) -> bool:
        """Return whether the schedule asks for a backup now."""
        failed = self.failure.at if self.failure else None
        return is_due(self.made, failed, every=settings.BACKUP_EVERY, now=now)

    def needs_a_person(self, now: datetime) -> bool:
        """Return whether the last good backup is too old, or the very first one failed."""
        if self.made is None:
            return self.failure is not None
        return is_too_old(self.made, every=settings.BACKUP_EVERY, now=now)


def state() -> BackupState:
    """Return how backups are doing. One query."""
    rows = {one.name: one for one in Heartbeat.objects.filter(name__in=(MADE, FAILED))}
    return BackupState(rows[MADE].at if MADE in rows else None, rows.get(FAILED))


def record_made(at: datetime) -> None:
    """Note a good backup that holds everything up to this moment."""
    with transaction.atomic():
        Heartbeat.objects.update_or_create(name=MADE, defaults={"at": at, "why": []})
        Heartbeat.objects.filter(name=FAILED).delete()


def record_failed(why: str, at: datetime) -> None:
    """Note why a backup could not be made."""
    Heartbeat.objects.update_or_create(
        name=FAILED, defaults={"at": at, "why": because("backup_failed", said=why)}
    )
