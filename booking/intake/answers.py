"""A client's answers before the first session, as they are stored: one part for each step of the pages.

Pure. A part is a dict of plain values, replaced as a whole by the page that shows it. `kept_at` remembers at
which version of the intake each part was last written: a page conflicts only with those that wrote the same
part. `browser` is the mark of the browser that began it by an email's link.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

Part = Mapping[str, Any]

#: In the order of the pages.
STEPS = ("since", "where", "change", "care", "signs", "goals", "more")
#: Warning signs. Those in TODAY need a doctor on the same day.
SIGNS = ("saddle", "bladder", "fever", "fall", "weight", "night")
TODAY = frozenset({"saddle", "bladder"})
SINCE = ("days", "weeks", "months", "year", "years", "ten_years")
CARE = ("surgery", "physical_therapy", "acupuncture", "chiropractic", "massage", "medicine", "other")
GOALS = 5

LONGEST = 4_000  # characters of one field: some two pages
LINE = 200  # of one activity
FORMAT = 1


class Unreadable(ValueError):
    """Raised when a text is not what `write` wrote."""


@dataclass(frozen=True)
class Answers:
    """All answers so far. Nothing in them is judged here."""

    parts: Mapping[str, Part] = field(default_factory=dict)
    kept_at: Mapping[str, int] = field(default_factory=dict)
    browser: str = ""

    def part(self, step: str) -> Part:
        """Return the answers of one step; empty before anybody wrote there."""
        return self.parts.get(step, {})

    def says(self, step: str) -> bool:
        """Return whether anything was saved on that step, even if it was left empty."""
        return step in self.parts

    def with_part(self, step: str, part: Part, *, version: int) -> Answers:
        """Return the answers with one part replaced, at this version of the intake."""
        return replace(self, parts={**self.parts, step: part}, kept_at={**self.kept_at, step: version})

    def anew(self) -> Answers:
        """Return what a new intake begins with: all but the warning signs, which are asked again."""
        return Answers({step: part for step, part in self.parts.items() if step != "signs"})

    @property
    def signs(self) -> frozenset[str]:
        """Return the warning signs that were answered with yes."""
        said = self.part("signs")
        return frozenset(sign for sign in SIGNS if said.get(sign) == "yes")

    @property
    def unanswered_signs(self) -> tuple[str, ...]:
        """Return the warning signs answered neither with yes nor with no."""
        said = self.part("signs")
        return tuple(sign for sign in SIGNS if said.get(sign) not in ("yes", "no"))


def write(answers: Answers) -> str:
    """Return the answers as JSON."""
    return json.dumps(
        {
            "format": FORMAT,
            "parts": answers.parts,
            "kept_at": answers.kept_at,
            "browser": answers.browser,
        },
        ensure_ascii=False,
    )


def read(text: str) -> Answers:
    """Return what `write` wrote; empty answers for an empty text. Raises Unreadable."""
    if not text:
        return Answers()
    try:
        kept = json.loads(text)
        if kept["format"] != FORMAT:
            raise Unreadable("an intake of another format")
        return Answers(kept["parts"], kept["kept_at"], kept["browser"])
    except (ValueError, KeyError, TypeError) as error:
        raise Unreadable("no intake") from error


def texts_of(part: Part) -> Iterator[str]:
    """Yield all words in a part, at any depth."""
    for value in part.values():
        yield from _texts(value)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        yield from texts_of(value)
    elif isinstance(value, list):
        for one in value:
            yield from _texts(one)
