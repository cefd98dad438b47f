"""PURE. A place in a lesson, in an address: `?at=460`, in whole seconds."""

from __future__ import annotations

DIGITS = 6


def read_place(text: str, *, duration_ms: int) -> int | None:
    """Return the seconds in an address, at most the recording's last; None for the beginning or garbage."""
    if not (text.isascii() and text.isdigit() and len(text) <= DIGITS):
        return None
    return min(int(text), max(0, duration_ms // 1000 - 1)) or None


def at_place(url: str, at_ms: int | None) -> str:
    """Return the address of a lesson's page at a place; the page alone within the first second."""
    return f"{url}?at={at_ms // 1000}" if at_ms and at_ms >= 1000 else url
