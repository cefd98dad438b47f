"""The system check that the database guards append-only rows. Run it with `manage.py check --database`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Error
from django.db import connections

from practice.append_only import door, guard

MIGRATE = "Run `manage.py migrate --skip-checks`; it puts the guard back after every migration."


def appended_rows_are_guarded(
    app_configs: object = None, databases: Sequence[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """Return practice.E010 for each database whose logs could be changed, E011 for a door left open."""
    found: list[CheckMessage] = []
    for alias in databases or []:
        there = set(connections[alias].introspection.table_names())
        if guard.DOOR not in there:
            continue
        if bare := [table for table in guard.missing(alias) if table in there]:
            text = f"The database “{alias}” would let rows be changed that are only added: {', '.join(bare)}."
            found.append(Error(text, hint=MIGRATE, id="practice.E010"))
        if door.left_open(alias):
            text = f"The door to append-only rows of the database “{alias}” was left open."
            hint = f"Find out who wrote to {guard.DOOR}, then set is_open to false there."
            found.append(Error(text, hint=hint, id="practice.E011"))
    return found
