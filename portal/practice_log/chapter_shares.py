"""PURE. How much of each chapter of a recording was not heard yet, over all times it was played."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

#: Missing this much of a chapter, it counts as heard: a skip of a rest, the last breath before a pause.
FORGIVEN_MS = 10_000
FORGIVEN_SHARE = 0.1


@dataclass(frozen=True)
class ChapterShare:
    """A chapter's length, and how much of it was never heard, in ms."""

    length_ms: int
    unheard_ms: int

    @property
    def is_heard(self) -> bool:
        """Return whether nothing worth mentioning is missing."""
        return self.unheard_ms <= min(FORGIVEN_MS, self.length_ms * FORGIVEN_SHARE)

    @property
    def is_untouched(self) -> bool:
        """Return whether nothing worth mentioning was heard."""
        heard = self.length_ms - self.unheard_ms
        return not self.is_heard and heard <= min(FORGIVEN_MS, self.length_ms * FORGIVEN_SHARE)

    @property
    def unheard_minutes(self) -> int:
        """Return the missing time in minutes, rounded; 0 for less than half a minute."""
        return round(self.unheard_ms / 60_000)


def chapter_shares(
    starts: Sequence[int], spans: Iterable[tuple[int, int]], *, duration_ms: int
) -> list[ChapterShare]:
    """Return a share for each chapter, in their order; `starts` ascend, `spans` are what was heard.

    A chapter ends where the next one begins, the last one with the recording. Spans may overlap, repeat, come
    in any order and lie outside the recording.
    """
    heard = _joined(spans)
    ends = [*starts, duration_ms][1:]
    shares = []
    for start, end in zip(starts, ends, strict=True):
        length = max(0, min(end, duration_ms) - start)
        overlaps = (min(end, until, duration_ms) - max(start, since) for since, until in heard)
        shares.append(ChapterShare(length, length - sum(max(0, one) for one in overlaps)))
    return shares


def _joined(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the same time as spans in order that do not overlap."""
    joined: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        elif end > start:
            joined.append((start, end))
    return joined
