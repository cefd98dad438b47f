"""What the timer of an exercise counts: its phases, one after the other, with the bell that begins each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

MOST_REPETITIONS, LONGEST_HOLD, LONGEST_REST = 30, 180, 180
BOTH_SIDES = 2
READY_SECONDS = 5  # to lie down in
LONGEST = 30 * 60  # of the whole timer: its sound is one file
SWITCH_SECONDS = 10  # to turn to the other side
END_SECONDS = 4  # the last bell fades


class Kind(StrEnum):
    """What is done in a phase."""

    READY = "ready"
    HOLD = "hold"
    REST = "rest"
    SWITCH = "switch"
    END = "end"


@dataclass(frozen=True)
class Timing:
    """A dosage in numbers. `rest` is between two times; with 2 `sides` all of it is done on each side."""

    repetitions: int
    hold: int
    rest: int = 0
    sides: int = 1

    @property
    def key(self) -> str:
        """Return the timing as part of an address: other numbers are another track."""
        return f"{self.repetitions}-{self.hold}-{self.rest}-{self.sides}"


@dataclass(frozen=True)
class Phase:
    """A stretch of the timer. `number` and `side` begin with 1; both are 0 where they mean nothing."""

    kind: Kind
    seconds: int
    number: int = 0
    side: int = 0


def phases(timing: Timing) -> list[Phase]:
    """Return all phases from the first second to the last."""
    return list(_phases(timing))


def _phases(timing: Timing) -> Iterator[Phase]:
    yield Phase(Kind.READY, READY_SECONDS)
    for side in range(1, timing.sides + 1):
        if side > 1:
            yield Phase(Kind.SWITCH, SWITCH_SECONDS)
        shown = side if timing.sides == BOTH_SIDES else 0
        for number in range(1, timing.repetitions + 1):
            yield Phase(Kind.HOLD, timing.hold, number, shown)
            if timing.rest and number < timing.repetitions:
                yield Phase(Kind.REST, timing.rest, number, shown)
    yield Phase(Kind.END, END_SECONDS)


def starts(found: list[Phase]) -> list[int]:
    """Return the second at which each phase begins."""
    passed, all_of_them = 0, []
    for phase in found:
        all_of_them.append(passed)
        passed += phase.seconds
    return all_of_them


def total_seconds(found: list[Phase]) -> int:
    """Return how long all of it lasts, without the fading of the last bell."""
    return sum(phase.seconds for phase in found if phase.kind is not Kind.END)
