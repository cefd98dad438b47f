"""The table of retention as pages show it: by section, in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby

from practice.models import Practice
from practice.retention.rules import RetentionRule, Section, all_rules


@dataclass(frozen=True)
class Line:
    """One line: what is kept, for how long and why. `next_run`: how much goes next; None: no chore's."""

    what: str
    how_long: str
    why: str
    is_chosen: bool
    next_run: int | None


Sections = list[tuple[str, list[Line]]]


def public_sections(practice: Practice) -> Sections:
    """Return what clients and visitors are told."""
    return _sections(practice, [one for one in all_rules() if one.is_public], counts={})


def owner_sections(practice: Practice, counts: Mapping[str, int]) -> Sections:
    """Return every line. `counts`: how much each chore would remove now."""
    return _sections(practice, all_rules(), counts=counts)


def _sections(practice: Practice, lines: list[RetentionRule], *, counts: Mapping[str, int]) -> Sections:
    return [
        (str(section.value), [_line(one, practice, counts) for one in found])
        for section, found in groupby(lines, key=_section_of)
    ]


def _section_of(line: RetentionRule) -> Section:
    return line.section


def _line(line: RetentionRule, practice: Practice, counts: Mapping[str, int]) -> Line:
    known = [counts[name] for name in line.chores if name in counts]
    return Line(
        what=str(line.what),
        how_long=line.how_long(practice),
        why=str(line.why),
        is_chosen=bool(line.setting),
        next_run=sum(known) if known else None,
    )
