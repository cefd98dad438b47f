"""Save settings of the practice, unless they were changed since they were shown."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction

from practice.models import Practice


class ChangedSince(Exception):
    """Raised when someone else changed the same settings. `practice`: the row as it is now."""

    def __init__(self, practice: Practice) -> None:
        self.practice = practice
        super().__init__("the settings were changed since they were shown")


def fingerprint(practice: Practice, fields: Iterable[str]) -> str:
    """Return a short text that changes whenever one of these fields does."""
    values = "\0".join(f"{name}={getattr(practice, name)}" for name in sorted(fields))
    return hashlib.sha256(values.encode()).hexdigest()[:16]


def save_settings(values: Mapping[str, Any], *, seen: str) -> Practice:
    """Save these fields of the practice and return it.

    `seen`: the fingerprint of the same fields as they were shown. Raises ChangedSince, and saves nothing,
    when they are no longer so.
    """
    with transaction.atomic():
        practice = Practice.objects.select_for_update().filter(pk=1).first() or Practice()
        if fingerprint(practice, values) != seen:
            raise ChangedSince(practice)
        for name, value in values.items():
            setattr(practice, name, value)
        if practice.pk is None:
            practice.save()
        else:
            practice.save(update_fields=list(values))
    return practice
