"""What a new practice starts with: each app registers a function that adds its part at the set-up."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

#: Adds content for the owner to keep, change or delete; the instant is that of the set-up.
Part = Callable[[dt.datetime], None]
_parts: list[Part] = []


def register(part: Part) -> Part:
    """Have `part(now)` called when a practice is set up. Called by apps in `ready()`."""
    if part not in _parts:
        _parts.append(part)
    return part


def add_all(now: dt.datetime) -> None:
    """Add all parts."""
    for part in _parts:
        part(now)
