"""PURE. Which lessons of the library match what a reader is looking for."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from portal.lessons.posture import Posture
from practice.core.body import BY_SLUG
from practice.search.words import APOSTROPHES, folded

UNDER, OVER = 10, 20  # minutes between which a lesson is neither short nor long
LONGEST_QUERY = 100
BETWEEN_WORDS = re.compile(r"[\W_]+")


class Length(StrEnum):
    """How long a lesson is: under 10 minutes, 10 to 20, over 20."""

    SHORT = "short"
    MEDIUM = "medium"
    LONG = "long"


def length_of(minutes: int) -> Length:
    """Return the length of a lesson with so many minutes."""
    if minutes < UNDER:
        return Length.SHORT
    return Length.MEDIUM if minutes <= OVER else Length.LONG


def plain_words(text: str) -> list[str]:
    """Return the words of a text without accents, capitals and apostrophes."""
    return BETWEEN_WORDS.sub(" ", folded(text.translate(APOSTROPHES))).split()


@dataclass(frozen=True)
class LessonFacts:
    """What a lesson is found by. `length` is None while it has no recording."""

    regions: frozenset[str]
    length: Length | None
    posture: Posture
    collections: frozenset[str]
    words: frozenset[str]


@dataclass(frozen=True)
class Filters:
    """What a reader is looking for: the lesson has to match everything that is not empty."""

    words: str = ""
    region: str = ""
    length: Length | None = None
    posture: Posture | None = None
    collection: str = ""

    def __bool__(self) -> bool:
        return self != Filters()

    def matches(self, lesson: LessonFacts) -> bool:
        """Return whether the lesson matches. Each word is the beginning of one in its title or text."""
        return (
            (not self.region or self.region in lesson.regions)
            and (self.length is None or self.length == lesson.length)
            and (self.posture is None or self.posture == lesson.posture)
            and (not self.collection or self.collection in lesson.collections)
            and all(any(one.startswith(word) for one in lesson.words) for word in plain_words(self.words))
        )


def read_filters(given: Mapping[str, str]) -> Filters:
    """Return the filters of a query; a region, length or position that doesn't exist is left out."""
    region, length, posture = (given.get(name, "") for name in ("region", "length", "position"))
    return Filters(
        words=" ".join(given.get("words", "")[:LONGEST_QUERY].split()),
        region=region if region in BY_SLUG else "",
        length=Length(length) if length in set(Length) else None,
        posture=Posture(posture) if posture in set(Posture) else None,
        collection=given.get("collection", "")[:LONGEST_QUERY],
    )
