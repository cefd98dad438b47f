"""A clock that stands elsewhere and goes at its own pace, for every process of a practice that is started.

It makes what real processes do independent of the day and the hour at which the tests are run. This folder
on PYTHONPATH makes Python import `sitecustomize.py` when it starts, which shifts the clock of that process by
as much as `environ` says; a process that is forked from it keeps the shift. What measures durations is left
alone (`monotonic`), and so are clocks outside of Python: the database's own, by which leases are judged, and
that of files. For this process: `in_this_process`.
"""

from __future__ import annotations

import datetime as dt
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from unittest.mock import patch

import time_machine

#: A Tuesday, ten in the morning in Denver: everybody's hours are open, nobody's night is near.
TUESDAY_AT_TEN = dt.datetime(2027, 3, 2, 17, tzinfo=dt.UTC)

# For pages: a date of "now" is shifted, every other one is what it is. Timers keep their pace.
IN_PAGES = """(shift => {
    const real = Date, now = () => real.now() + shift;
    globalThis.Date = new Proxy(real, {
        construct: (_, words, made) => Reflect.construct(real, words.length ? words : [now()], made),
        apply: () => new real(now()).toString(),
        get: (_, name) => name === 'now' ? now : Reflect.get(real, name),
    });
})(%d)"""


@dataclass(frozen=True)
class Shift:
    """How far a clock stands from the machine's."""

    nanoseconds: int

    @property
    def environ(self) -> dict[str, str]:
        """What shifts a Python process when it starts."""
        return {"PYTHONPATH": str(Path(__file__).parent), "CLOCK_SHIFT": str(self.nanoseconds)}

    @property
    def in_pages(self) -> str:
        """A script that shifts a page's clock, run before any of the page's own."""
        return IN_PAGES % round(self.nanoseconds / 1e6)

    @contextmanager
    def in_this_process(self) -> Iterator[None]:
        """Shift the clock of the tests themselves while the block runs."""
        there = (time.time_ns() + self.nanoseconds) / 1e9
        with time_machine.travel(there):
            time.time()  # its clock stands still until it is read for the first time
            yield


@cache
def shift_of_this_run() -> Shift:
    """Return the shift that all started programs share; first asked while the clock is the machine's."""
    return shift_to(TUESDAY_AT_TEN)


@contextmanager
def shifted() -> Iterator[None]:
    """Shift the clock of this process, and of every Python program that it starts in the block."""
    shift = shift_of_this_run()
    with patch.dict(os.environ, shift.environ), shift.in_this_process():
        yield


def shift_to(moment: dt.datetime) -> Shift:
    """The shift by which it is `moment` now, by a clock that has not been shifted."""
    return Shift(round((moment - dt.datetime.now(dt.UTC)).total_seconds()) * 1_000_000_000)
