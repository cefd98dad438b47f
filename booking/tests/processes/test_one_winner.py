"""No double booking, with real processes on a real database; and that this test would see one."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.conf import settings

from practice.tests.processes.template import copy_file
from practice.tests.processes.up_runner import own_database

pytestmark = [pytest.mark.processes, pytest.mark.long]
ROUNDS = 20


@pytest.fixture
def fresh_database(tmp_path: Path) -> Iterator[str]:
    """The address of a migrated database on the engine under test: a file, or one more on that server."""
    if settings.SQLITE:
        copy_file(tmp_path / "contest.sqlite3")
        yield f"sqlite:///{tmp_path / 'contest.sqlite3'}"
        return
    with own_database(settings.DATABASE_URL, migrated=True) as address:
        yield address


def contest(database: str, var: Path, *words: str, of: str = "contest") -> dict[str, Any]:
    """Run a contest (`of`: the module beside this one), print its numbers, return them."""
    environment = {**os.environ, "DATABASE_URL": database, "VAR_DIR": str(var)}
    done = subprocess.run(
        [sys.executable, "-m", f"booking.tests.processes.{of}", *words],
        env=environment,
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        timeout=900,
    )
    assert done.returncode == 0, done.stderr[-4000:]
    numbers = json.loads(done.stdout.splitlines()[-1])
    print(f"\n{urlsplit(database).scheme} {' '.join(words)}: {numbers}")
    return numbers


@pytest.mark.parametrize("mode", ["same", "overlapping"])
def test_case_22_fifty_processes_have_one_winner_a_round(mode, fresh_database, tmp_path):
    numbers = contest(fresh_database, tmp_path, mode, "--rounds", str(ROUNDS))
    assert numbers["winners"] == [1] * ROUNDS
    assert numbers["told"] == {"won": ROUNDS, "SlotTaken": 49 * ROUNDS}
    assert (numbers["appointments"], numbers["confirmations"], numbers["clashes"]) == (ROUNDS, ROUNDS, 0)


def test_control_without_guard_and_lock_the_accident_is_seen(fresh_database, tmp_path):
    numbers = contest(fresh_database, tmp_path, "overlapping", "--rounds", "2", "--without-guard")
    assert max(numbers["winners"]) > 1
    assert numbers["clashes"] > 0


def test_holds_bookings_moves_and_cancels_at_once_neither_clash_nor_deadlock(fresh_database, tmp_path):
    numbers = contest(fresh_database, tmp_path, "mixed", "--rounds", "5")
    assert set(numbers["told"]) <= {"won", "SlotTaken", "NotBookable", "TooManyHolds", "TooLate"}
    assert numbers["clashes"] == 0
    assert numbers["appointments"] >= 5


def test_an_undo_and_a_booking_at_once_have_one_winner_and_the_other_is_told(fresh_database, tmp_path):
    numbers = contest(fresh_database, tmp_path, "--rounds", str(ROUNDS), of="undo")
    told = numbers["told"]
    back, taken = told.get("bring_back: won", 0), told.get("take: won", 0)
    assert back + taken == ROUNDS
    assert (told.get("bring_back: slot_taken", 0), told.get("take: slot_taken", 0)) == (taken, back)
    assert (numbers["appointments"], numbers["clashes"]) == (ROUNDS, 0)
    # Who has it back hears nothing of a cancel; who has not, hears that it stays cancelled.
    assert (numbers["still_to_say_cancelled"], numbers["confirmations"]) == (taken, taken)


def test_control_without_guard_and_lock_both_would_have_it(fresh_database, tmp_path):
    numbers = contest(fresh_database, tmp_path, "--rounds", "2", "--without-guard", of="undo")
    assert numbers["told"] == {"bring_back: won": 2, "take: won": 2}
    assert numbers["clashes"] == 2
