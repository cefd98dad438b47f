"""PURE. What logs may not hold: a link that signs somebody in, or opens an appointment, is a key."""

from __future__ import annotations

import re
from collections.abc import MutableMapping
from typing import Any

MASK = "…"
# Keys of links follow one of these words in a path; a key elsewhere is long and mixes letters with digits.
BEHIND = re.compile(
    r"((?:/|%2F)(?:appointments|intake|held|offers|email|calendar|enter|set-up|holds)(?:/|%2F))"
    r"(?=[^/\s?\"'%]*[\d:])[^/\s?\"'%]{12,}"
)
KEYLIKE = re.compile(
    r"(?<![\w./-])(?=[\w:-]*\d)(?=[\w:-]*[A-Za-z])(?:[\w-]{8,}:[\w-]{4,}:|\w{32}\.)[\w-]{20,}"
)


def without_keys(text: str) -> str:
    """The text with the keys of private links blanked."""
    return KEYLIKE.sub(MASK, BEHIND.sub(rf"\1{MASK}", text))


def mask_keys(logger: object, name: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """A structlog processor: no text of a line holds the key of a link."""
    for key, value in event.items():
        if isinstance(value, str) and key != "request_id":
            event[key] = without_keys(value)
        elif key == "positional_args" and isinstance(value, tuple):
            event[key] = tuple(without_keys(part) if isinstance(part, str) else part for part in value)
    return event
