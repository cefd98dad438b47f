"""PURE. What to expect, by how long the pain has been there: which section of a text is for whom.

A section is for those whose span of time its heading names: days or weeks, months, or years. The practice
writes the headings, so a text without such words, or without a heading, is for everyone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Protocol, TypeVar

#: Words of headings, by the span of time they name.
WORDS = {
    "recent": r"days?|weeks?|recent(ly)?",
    "months": r"months?|half a year",
    "years": r"years?|decades?",
}
#: The spans for the answers of the intake (`booking.intake.answers.SINCE`), the nearest first.
SPANS = {
    "days": ("recent",),
    "weeks": ("recent", "months"),
    "months": ("months",),
    "year": ("months", "years"),
    "years": ("years",),
    "ten_years": ("years",),
}


class HasHeading(Protocol):
    """Anything with a heading in words."""

    @property
    def heading(self) -> str: ...


Part = TypeVar("Part", bound=HasHeading)


def spans_of(heading: str) -> set[str]:
    """Return the spans of time that a heading names; none for a heading about something else."""
    folded = heading.casefold()
    found = {name for name, words in WORDS.items() if re.search(rf"\b({words})\b", folded)}
    return {"months"} if "half a year" in folded else found


def sorted_for(parts: Iterable[Part], since: str) -> tuple[list[Part], list[Part]]:
    """Return the sections for somebody who has had pain `since` (an answer of the intake), and the others.

    Sections for everyone are among the first. Where nothing is known, or no section fits, all are.
    """
    told = list(parts)
    for span in SPANS.get(since, ()):
        if any(span in spans_of(one.heading) for one in told):
            theirs = [one for one in told if not spans_of(one.heading) or span in spans_of(one.heading)]
            return theirs, [one for one in told if one not in theirs]
    return told, []
