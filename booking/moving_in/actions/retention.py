"""Forget what a file said some days after it was imported, and the import itself after a year."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Q

from booking.models import Import, ImportRow
from practice.retention.periods import IMPORTED as KEEPS_ROWS

KEEPS_IMPORTS = timedelta(days=400)  # longer than appointments are made ahead: its undo needs it


def forget_imported_files(now: datetime, *, dry: bool = False) -> int:
    """Remove files that were never imported, and empty the stored cells of those that were."""
    old = Import.objects.filter(created_at__lt=now - KEEPS_ROWS)
    begun = Q(state__in=[Import.State.MATCHING, Import.State.CHECKING, Import.State.CHECKED])
    left = old.filter(begun)
    over = Import.objects.filter(ended_at__lt=now - KEEPS_ROWS)
    rows = ImportRow.objects.filter(job__in=over, raw__isnull=False)
    ended = Import.objects.filter(ended_at__lt=now - KEEPS_IMPORTS)
    if dry:
        return left.count() + rows.count() + ended.count()
    count = rows.update(raw=None)
    over.update(headings=None)
    return count + sum(found.delete()[1].get("booking.Import", 0) for found in (left, ended))
