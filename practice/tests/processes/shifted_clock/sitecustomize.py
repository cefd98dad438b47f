"""Imported by Python itself when it starts: shift the clock of this process by CLOCK_SHIFT nanoseconds."""

from __future__ import annotations

import os
import sys
import time

A_MILLISECOND = 1_000_000


def shift(nanoseconds: int) -> None:
    """From now on; every process to within a millisecond by the same."""
    # Were pytest there to be imported, it would be, in every process: a fifth of a second each.
    sys.modules["pytest"] = None  # type: ignore[assignment]
    import time_machine

    del sys.modules["pytest"]
    while True:
        began = time.monotonic_ns()
        journey = time_machine.travel((time.time_ns() + nanoseconds) / 1e9)
        journey.start()
        time.time()  # its clock stands still until it is read for the first time
        if time.monotonic_ns() - began < A_MILLISECOND:
            return
        journey.stop()  # the machine did something else meanwhile


if "CLOCK_SHIFT" in os.environ:
    shift(int(os.environ["CLOCK_SHIFT"]))
