"""PURE. The bytes that a `Range` header asks for (RFC 9110, 14.2). No input raises."""

from __future__ import annotations

import re
from dataclasses import dataclass

# Nobody honest needs more; a header of a thousand ranges is not even looked at.
LONGEST = 200
ONE_RANGE = re.compile(r"bytes=[ \t]*([0-9]*)-([0-9]*)[ \t]*", re.IGNORECASE)


@dataclass(frozen=True)
class Span:
    """A stretch of bytes from `first` to `last`, both included."""

    first: int
    last: int

    @property
    def length(self) -> int:
        """Return the number of bytes."""
        return self.last - self.first + 1


@dataclass(frozen=True)
class Unsatisfiable:
    """A range that is well formed and lies outside the file: answered 416."""


def asked_for(header: str | None, *, size: int) -> Span | Unsatisfiable | None:
    """Return the one span asked for of a file of `size` bytes; None means the whole file.

    A header that is not understood (another unit, a backward range, letters) and several ranges at once are
    ignored, as the standard allows: a player that gets the whole file goes on, one that gets an error does
    not.
    """
    if not header or len(header) > LONGEST:
        return None
    found = ONE_RANGE.fullmatch(header.strip())
    if found is None:
        return None
    first, last = found.groups()
    if first:
        return _from(int(first), int(last) if last else size - 1, open_ended=not last, size=size)
    return _suffix(int(last), size=size) if last else None


def _from(first: int, last: int, *, open_ended: bool, size: int) -> Span | Unsatisfiable | None:
    if last < first and not open_ended:
        return None
    if first >= size:
        return Unsatisfiable()
    return Span(first, min(last, size - 1))


def _suffix(length: int, *, size: int) -> Span | Unsatisfiable:
    if length == 0 or size == 0:
        return Unsatisfiable()
    return Span(max(0, size - length), size - 1)


def still_current(if_range: str | None, *, etag: str) -> bool:
    """Return whether `If-Range` keeps the range: it is absent or exactly this strong ETag (with quotes).

    A weak ETag or a date never matches: they do not promise the same bytes.
    """
    return if_range is None or if_range.strip() == etag
