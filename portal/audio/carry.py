"""PURE. Where a place of one recording is in another recording of the same lesson.

Two recordings of the same length differ in their sound only: a place stays. If both have the same chapters,
the places of a chapter go to that chapter; else the whole is stretched.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

SAME_MS = 2_000  # lengths that differ by less are the same: an encoder's padding, a trimmed breath


@dataclass(frozen=True)
class Outline:
    """A recording's length and its chapters as (start, title), in ms, in order."""

    duration_ms: int
    chapters: Sequence[tuple[int, str]] = field(default_factory=tuple)


Mark = tuple[int, int]  # a place in the one recording, and the same place in the other


def is_same_length(old: Outline, new: Outline) -> bool:
    """Return whether times of one recording can be used for the other unchanged."""
    return abs(old.duration_ms - new.duration_ms) <= SAME_MS


def marks(old: Outline, new: Outline) -> list[Mark]:
    """Return places that belong together, from the beginning to the end, both rising.

    Between two of them a place is found by proportion.
    """
    ends = (old.duration_ms, new.duration_ms)
    found: list[Mark] = [(0, 0)]
    if [title for _, title in old.chapters] == [title for _, title in new.chapters]:
        pairs = zip(old.chapters, new.chapters, strict=True)
        middle = [(before, after) for (before, _), (after, _) in pairs]
    else:
        middle = []
    if not middle and is_same_length(old, new):
        least = min(ends)
        middle = [(least, least)]
    for before, after in [*middle, ends]:
        last_before, last_after = found[-1]
        if before > last_before and after >= last_after and before <= ends[0] and after <= ends[1]:
            found.append((before, after))
    return found


def moved(at_ms: int, known: Sequence[Mark]) -> int:
    """Return where a place is in the other recording; before the beginning and after the end are cut off."""
    at = min(max(0, at_ms), known[-1][0])
    for (begin, new_begin), (end, new_end) in pairwise(known):
        if at <= end:
            return new_begin + round((at - begin) * (new_end - new_begin) / (end - begin))
    return known[-1][1]
