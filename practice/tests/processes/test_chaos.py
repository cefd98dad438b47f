"""One short storm of `make chaos`: a worker dies with a follow-up handed over, and connections drop."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from random import Random

import pytest

from practice.tests.sampling import SEED
from tools.chaos.faults import KILLED_TAKEN, Storm
from tools.chaos.oracle import Record, judge
from tools.chaos.practice import chaos_practice
from tools.chaos.rounds import storm

pytestmark = [pytest.mark.processes, pytest.mark.sqlite]
DROPPED = "SMTP connection dropped after DATA"


def test_after_a_short_storm_nothing_is_lost_and_nothing_arrives_twice_that_must_not(tmp_path: Path) -> None:
    record, done = Record(), Counter[str]()
    with chaos_practice(tmp_path, record) as practice:
        practice.most_workers, practice.has_clock = 1, False  # each takes two seconds to start
        it = Storm(practice, Random(SEED), done, each=0, in_front=5)
        storm(it, [(KILLED_TAKEN, "follow_up"), (DROPPED, "reminder")], None)
        assert practice.comes_to_rest()
        found = judge(record, practice.rows())
    assert found.faults == []
    assert found.ends["follow_up", "unknown"] == 1
    assert found.ends["reminder", "twice"] == done[DROPPED] >= 1
