"""Whether this web process was told to stop. `/livez` says so, so that a load balancer sends it no more."""

from __future__ import annotations

import threading

_told = threading.Event()


def begin() -> None:
    """Note that this process was told to stop."""
    _told.set()


def is_leaving() -> bool:
    """Return whether this process was told to stop."""
    return _told.is_set()
