"""Two ways to the same answer, timed side by side, and whether a watch tells them apart."""

from __future__ import annotations

import gc
import random
import statistics
import time
from collections.abc import Callable, Sequence

from practice.tests.sampling import SEED

#: The part of pairs in which one of two like times is the longer lies within this of a half. 400 pairs of the
#: same leave it about once in a million runs (its standard deviation is 0.02); the difference that was found
#: in 2026, 84 against 108 ms at the fastest, gives 0.9 and more.
NEAR_HALF = 0.1
#: How far apart the same quantile of both may lie: half of what the security contract allows for one number.
NEAR = 0.1
QUANTILES = (0.1, 0.25, 0.5, 0.75)


class Timed:
    """How long each of two takes, in seconds: one after the other, in an order by chance."""

    def __init__(self, first: Callable[[], object], second: Callable[[], object]) -> None:
        self.both, self.first, self.second = (first, second), list[float](), list[float]()

    def run(self, pairs: int, *, before: int = 20) -> None:
        """Take the time of so many pairs; `before`: pairs nobody looks at, until all is warm."""
        order = random.Random(SEED)
        for number in range(-before, pairs):
            turns = [(0, self.first), (1, self.second)]
            order.shuffle(turns)
            gc.collect(1)
            gc.disable()
            for which, times in turns:
                began = time.perf_counter()
                self.both[which]()
                took = time.perf_counter() - began
                if number >= 0:
                    times.append(took)
            gc.enable()

    def __str__(self) -> str:
        rows = [
            f"{name}: " + ", ".join(f"{1000 * quantile(times, part):.2f} ms" for part in QUANTILES)
            for name, times in (("first", self.first), ("second", self.second))
        ]
        return "\n".join([*rows, f"first longer in {longer(self.first, self.second):.3f} of all pairs"])


def quantile(times: Sequence[float], part: float) -> float:
    """The time below which this part of them lies."""
    return statistics.quantiles(times, n=100, method="inclusive")[round(part * 100) - 1]


def longer(first: Sequence[float], second: Sequence[float]) -> float:
    """The part of all pairs in which the first is the longer: Mann and Whitney's U, as a part."""
    ranked = sorted([(took, 0) for took in first] + [(took, 1) for took in second])
    ranks = sum(rank for rank, (_, which) in enumerate(ranked, start=1) if which == 0)
    return (ranks - len(first) * (len(first) + 1) / 2) / (len(first) * len(second))


def is_distinguishable(first: Sequence[float], second: Sequence[float]) -> list[str]:
    """By what a watch tells the two apart; nothing when it does not."""
    found = []
    if abs((share := longer(first, second)) - 0.5) > NEAR_HALF:
        found.append(f"the first is longer in {share:.2f} of all pairs")
    for part in QUANTILES:
        one, other = quantile(first, part), quantile(second, part)
        if max(one, other) / min(one, other) > 1 + NEAR:
            found.append(f"{part:.0%} lie below {1000 * one:.1f} and {1000 * other:.1f} ms")
    return found
