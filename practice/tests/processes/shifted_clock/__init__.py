"""A clock that stands elsewhere and goes at its own pace, for every process of a practice that is started.

It makes what real processes do independent of the day and the hour at which the tests are run. This folder
on PYTHONPATH makes Python import `sitecustomize.py` when it starts, which shifts the clock of that process by
as much as `environ` says; a process that is forked from it keeps the shift. What measures durations is left
alone (`monotonic`), and so are clocks outside of Python: the database's own, by which leases are judged, and
that of files. For this process: `in_this_process`.
"""

from __future__ import annotations

import datetime as dt
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

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

    def in_this_process(self) -> AbstractContextManager[object]:
        """Shift the clock of the tests themselves while the block runs."""
        return time_machine.travel(
            dt.datetime.now(dt.UTC) + dt.timedelta(microseconds=self.nanoseconds / 1e3)
        )


def shift_to(moment: dt.datetime) -> Shift:
    """The shift by which it is `moment` now, by a clock that has not been shifted."""
    return Shift(round((moment - dt.datetime.now(dt.UTC)).total_seconds()) * 1_000_000_000)
