"""System checks of booking. Run them with `manage.py check --database default`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connections

from booking.locking import overlap_guard, version_triggers


@register(Tags.database)
def guard_is_installed(
    app_configs: object = None, databases: Sequence[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """Return booking.E001 for each database that does not refuse overlapping appointments."""
    return [
        Error(
            f"The database “{alias}” would accept two appointments at one time: its guard is missing.",
            hint="Run `manage.py migrate --skip-checks`; it puts the guard back after every migration.",
            id="booking.E001",
        )
        for alias in databases or []
        if overlap_guard.TABLE in connections[alias].introspection.table_names()
        and not overlap_guard.is_installed(alias)
    ]


@register(Tags.database)
def changes_are_noted(
    app_configs: object = None, databases: Sequence[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """Return booking.E002 for each database that does not note changes of what free times are made of."""
    return [
        Error(
            f"The database “{alias}” does not note what changes free times, so old ones would be shown.",
            hint="Run `manage.py migrate --skip-checks`; it puts the triggers back after every migration.",
            id="booking.E002",
        )
        for alias in databases or []
        if version_triggers.VERSIONS in connections[alias].introspection.table_names()
        and not version_triggers.is_installed(alias)
    ]
