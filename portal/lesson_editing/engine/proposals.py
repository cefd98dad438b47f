"""PURE. Chapters proposed from the silences of a recording: where speech begins again after a rest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

MOST = 12
APART_MS = 20_000  # from another chapter, and from each other
BEFORE_SPEECH_MS = 300  # so that no first sound is cut
END_MS = 15_000  # the bell is no chapter


@dataclass(frozen=True)
class Proposal:
    """A silence, and where a chapter may begin after it; all in ms."""

    quiet_from: int
    quiet_to: int
    at: int


def proposals(
    silences: Sequence[tuple[int, int]], *, chapters: Sequence[int], length_ms: int
) -> list[Proposal]:
    """Return the longest silences after which a chapter may begin, in order of time.

    None at the start or the end, none close to a chapter that is there or to another proposal.
    """
    taken = list(chapters)
    found: list[Proposal] = []
    for start, end in sorted(silences, key=lambda one: (one[0] - one[1], one[0])):
        at = (max(start, end - BEFORE_SPEECH_MS)) // 100 * 100
        near = any(abs(at - other) < APART_MS for other in (0, *taken))
        if near or at > length_ms - END_MS or len(found) == MOST:
            continue
        found.append(Proposal(start, end, at))
        taken.append(at)
    return sorted(found, key=lambda one: one.at)
