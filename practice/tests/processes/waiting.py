"""Wait, with a bound, for something that another process does: a row, a file, an answer."""

from __future__ import annotations

import time
from collections.abc import Callable

LOOK_EVERY = 0.05  # seconds


def soon(true: Callable[[], object], seconds: float) -> bool:
    """Return whether it becomes true within so many seconds, as soon as it does."""
    end = time.monotonic() + seconds
    while not true():
        if time.monotonic() > end:
            return False
        time.sleep(LOOK_EVERY)
    return True


def wait_for(true: Callable[[], object], *, seconds: float) -> None:
    """Wait until it is true; fail after so many seconds."""
    assert soon(true, seconds), f"not within {seconds} seconds"
