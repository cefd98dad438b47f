"""What a client tells before the first session, as it is kept: one part for each step of the pages.

Pure. A part is a dict of plain values, replaced as a whole by the page that shows it. `kept_at` remembers at
which version of the intake each part was last written: a page is held only against those that wrote the same
part. `browser` is the mark of the browser that began it by a letter's link.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

Part = Mapping[str, Any]

#: In the order of the pages.
STEPS = ("since", "where", "change", "care", "signs", "goals", "more")
#: Warning signs. Those in TODAY do not wait until tomorrow.
SIGNS = ("saddle", "bladder", "fever", "fall", "weight", "night")
TODAY = frozenset({"saddle", "bladder"})
SINCE = ("days", "weeks", "months", "year", "years", "ten_years")
CARE = ("surgery", "physical_therapy", "acupuncture", "chiropractic", "massage", "medicine", "other")
GOALS = 5

LONGEST = 4_000  # characters of one field: some two pages
LINE = 200  # of one activity
FORMAT = 1


class Unreadable(ValueError):
    """Not what `write` wrote."""


@dataclass(frozen=True)
class Answers:
    """All that is told so far. Nothing in it is judged here."""

    parts: Mapping[str, Part] = field(default_factory=dict)
    kept_at: Mapping[str, int] = field(default_factory=dict)
    browser: str = ""

    def part(self, step: str) -> Part:
        """What one step says; empty before anybody wrote there."""
        return self.parts.get(step, {})

    def says(self, step: str) -> bool:
        """Whether anything was kept on that step, be it that nothing was to be said."""
        return step in self.parts

    def with_part(self, step: str, part: Part, *, version: int) -> Answers:
        """The same with one part replaced, at this version of the intake."""
        return replace(self, parts={**self.parts, step: part}, kept_at={**self.kept_at, step: version})

    def anew(self) -> Answers:
        """What a new intake begins from: all of it but the warning signs, which are asked afresh."""
        return Answers({step: part for step, part in self.parts.items() if step != "signs"})

    @property
    def signs(self) -> frozenset[str]:
        """The warning signs that were answered with yes."""
        said = self.part("signs")
        return frozenset(sign for sign in SIGNS if said.get(sign) == "yes")

    @property
    def unanswered_signs(self) -> tuple[str, ...]:
        """Those answered neither with yes nor with no."""
        said = self.part("signs")
        return tuple(sign for sign in SIGNS if said.get(sign) not in ("yes", "no"))


def write(answers: Answers) -> str:
    """One JSON."""
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
    """What `write` wrote; nothing at all is an intake nobody has begun. Raises Unreadable."""
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
    """All words in a part, wherever in it."""
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
