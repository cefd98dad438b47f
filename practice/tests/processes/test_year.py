"""The short form of `make year`: some weeks around a clock change, for three seeds, in one process."""

from __future__ import annotations

import pytest

from practice.tests.processes.database_template import migrated_file
from practice.tests.sampling import SEED
from tools.year.__main__ import outcomes_on

pytestmark = [pytest.mark.processes, pytest.mark.sqlite, pytest.mark.long]
DAYS, CLIENTS = 11, 3
#: What the three must have gone through, or the runs would show little.
HAPPENED = (
    *("booked", "came", "broker killed", "worker killed while it delivered", "backup restored"),
    *("address of the practice changed", "zone data updated (302)"),
)


def test_in_some_weeks_around_a_clock_change_no_promise_is_broken():
    seeds = [SEED % 100_000 + number for number in range(3)]
    found = outcomes_on("SQLite", "weeks", ",".join(map(str, seeds)), DAYS, CLIENTS, database=migrated_file())
    assert [one.seed for one in found] == seeds
    assert {one.seed: one.faults for one in found if one.faults} == {}
    assert [what for what in HAPPENED if not any(one.done[what] for one in found)] == []
