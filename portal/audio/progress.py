"""How far the preparation of a recording is: which step, and how many percent of all. Pure of Django."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from enum import StrEnum


class Step(StrEnum):
    """What is being done with a recording, in this order."""

    READING = "reading"
    MEASURING = "measuring"
    ENCODING = "encoding"
    CHECKING = "checking"
    PUBLISHING = "publishing"


#: Called with the step and the percent of the whole preparation, many times a second.
Tell = Callable[[Step, int], None]
READ, MEASURED, ENCODED = 6, 15, 95  # percent of all, by the processor time that an hour takes
A_ROUND = 0.7  # of what is left: most recordings need one or two rounds of encoding
_tell: ContextVar[Tell | None] = ContextVar("who is told how far it is", default=None)
_stretch: ContextVar["Stretch | None"] = ContextVar("what a tool that runs is a part of", default=None)


@dataclass(frozen=True)
class Stretch:
    """One run of a tool: its step, its percent of all, and how much sound it goes through (0: unknown)."""

    step: Step
    begin: float
    end: float
    sound_ms: int
    tell: Tell

    def at(self, sound_ms: int) -> None:
        """Tell how far it is, after so much sound."""
        share = min(1.0, max(0, sound_ms) / self.sound_ms) if self.sound_ms else 0.0
        self.tell(self.step, int(self.begin + (self.end - self.begin) * share))


@contextmanager
def followed_by(tell: Tell | None) -> Iterator[None]:
    """Tell everything that is prepared within to `tell`."""
    token = _tell.set(tell)
    try:
        yield
    finally:
        _tell.reset(token)


@contextmanager
def stretch(step: Step, begin: float, end: float, *, sound_ms: int = 0) -> Iterator[None]:
    """Count what runs within as this step, from `begin` to `end` percent."""
    tell = _tell.get()
    if tell is None:
        yield
        return
    tell(step, int(begin))
    token = _stretch.set(Stretch(step, begin, end, sound_ms, tell))
    try:
        yield
    finally:
        _stretch.reset(token)


def current() -> Stretch | None:
    """Return what a tool that runs now is a part of; None when nobody wants to know."""
    return _stretch.get()


def round_of(number: int) -> tuple[float, float, float]:
    """Return where a round of encoding begins, is encoded, and is checked, in percent of all."""
    left = ENCODED - MEASURED
    begin = ENCODED - left * (1 - A_ROUND) ** number
    end = ENCODED - left * (1 - A_ROUND) ** (number + 1)
    return begin, begin + (end - begin) * 0.8, end
