"""Programs that tests start go by one clock, however late each of them first asks for the time."""

from __future__ import annotations

import subprocess
import sys

import pytest

from practice.tests.processes.shifted_clock import TUESDAY_AT_TEN, shift_of_this_run

pytestmark = [pytest.mark.processes, pytest.mark.sqlite]
ASKS_LATE = """
import time
until = time.monotonic() + 0.25
while time.monotonic() < until:
    pass
import _time_machine
print((time.time_ns() - _time_machine.original_time_ns()) / 1e9)
"""


def test_a_program_that_first_asks_late_is_not_behind() -> None:
    asked = subprocess.run([sys.executable, "-c", ASKS_LATE], capture_output=True, text=True, check=True)
    assert float(asked.stdout) == pytest.approx(shift_of_this_run().nanoseconds / 1e9, abs=0.01)


def test_it_is_the_day_that_was_chosen() -> None:
    printed = [sys.executable, "-c", "import datetime as dt; print(dt.datetime.now(dt.UTC).date())"]
    asked = subprocess.run(printed, capture_output=True, text=True, check=True)
    assert asked.stdout.strip() == str(TUESDAY_AT_TEN.date())
