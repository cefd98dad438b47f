"""PURE. A place in a lesson, in an address: `?at=460`, in whole seconds.

An address that is kept for long, as in an email, names its recording too: `?at=460&of=1a2b3c4d`.
"""

from __future__ import annotations

from collections.abc import Sequence

from portal.audio.carry import Mark, moved

DIGITS = 6
MARK = 8  # characters of a recording's hash


def read_place(text: str, *, duration_ms: int, known: Sequence[Mark] = ()) -> int | None:
    """Return the seconds in an address, at most the recording's last; None for the beginning or garbage.

    `known`: the places that belong together, if the address is of a recording that this one replaced.
    """
    if not (text.isascii() and text.isdigit() and len(text) <= DIGITS):
        return None
    at = moved(int(text) * 1000, known) // 1000 if known else int(text)
    return min(at, max(0, duration_ms // 1000 - 1)) or None


def at_place(url: str, at_ms: int | None, *, sha256: str = "") -> str:
    """Return the address of a lesson's page at a place; the page alone within the first second.

    `sha256`: of the recording, for an address that may outlive it.
    """
    if not at_ms or at_ms < 1000:
        return url
    return f"{url}?at={at_ms // 1000}" + (f"&of={sha256[:MARK]}" if sha256 else "")


def is_of(mark: str, sha256: str) -> bool:
    """Return whether an address's `of` names the recording with this hash."""
    return len(mark) == MARK and sha256.startswith(mark)
