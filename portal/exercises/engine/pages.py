"""How the exercises of a printed sheet are spread over its pages: never one alone where there are more."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

#: Lines that fit on a page of Letter paper by how many exercises are on it, and characters in a line.
LINES = {1: 46, 2: 46, 3: 58}
LETTERS = {1: 58, 2: 58, 3: 74}
AROUND = 4  # lines of title, position and dosage
HEADER = 7


@dataclass(frozen=True)
class Leaf:
    """The exercises of one page by their place in the list. `is_tight`: only small print makes it fit."""

    places: tuple[int, ...]
    is_tight: bool

    @property
    def look(self) -> str:
        """Return the name of its look: how many are on it."""
        return {1: "one", 2: "two"}.get(len(self.places), "three")


def leaves(texts: Sequence[str]) -> list[Leaf]:
    """Return the pages for exercises with these texts: pairs, and three on the first if one is left over."""
    if not texts:
        return []
    first = 3 if len(texts) % 2 and len(texts) > 1 else min(2, len(texts))
    ends = [first, *range(first + 2, len(texts) + 1, 2)]
    found, begin = [], 0
    for end in ends:
        found.append(_leaf(texts, range(begin, end)))
        begin = end
    return found


def _leaf(texts: Sequence[str], places: range) -> Leaf:
    size = len(places)
    lines = sum(AROUND + _lines(texts[place], LETTERS[size]) for place in places)
    room = LINES[size] - (HEADER if places.start == 0 else 0)
    return Leaf(tuple(places), lines > room)


def _lines(text: str, letters: int) -> int:
    return sum(max(1, ceil(len(line) / letters)) for line in text.splitlines() if line.strip())
