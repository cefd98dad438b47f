"""No double booking, with real processes on a real database; and that this test would see one.

The control, without guard and lock, has more than one winner in most rounds: in 49 of 60 on SQLite and in 29
of 30 on PostgreSQL, beside much other load. At seven rounds of ten, all six rounds of `make test` (three with
one wish, three with wishes that overlap) would miss such a fault in 7 of ten thousand runs on one database
(0.3 to the sixth), and on both, or with the next commit's run, in 5 of ten million. The control itself has
ten tries to show it.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.conf import settings

from practice.tests.processes.database_template import copy_file
from practice.tests.processes.up_runner import own_database
from practice.tests.sampling import size

# long: fifty processes.
pytestmark = [pytest.mark.processes, pytest.mark.engines, pytest.mark.long]
ROUNDS, MIXED, CONTROL = size(sampled=3, full=20), size(sampled=2, full=10), 10


@contextmanager
def fresh_database(folder: Path) -> Iterator[str]:
    """The address of a migrated database on the engine under test: a file, or one more on that server."""
    if settings.SQLITE:
        copy_file(folder / "contest.sqlite3")
        yield f"sqlite:///{folder / 'contest.sqlite3'}"
        return
    with own_database(settings.DATABASE_URL, migrated=True) as address:
        yield address


def numbers_of(module: str, folder: Path, *words: str) -> dict[str, Any]:
    """Run the module beside this one on a database of its own; print its numbers and return them."""
    with fresh_database(folder) as database:
        environment = {**os.environ, "DATABASE_URL": database, "VAR_DIR": str(folder)}
        done = subprocess.run(
            [sys.executable, "-m", f"booking.tests.processes.{module}", *words],
            env=environment,
            cwd=settings.BASE_DIR,
            capture_output=True,
            text=True,
            timeout=900,
        )
    assert done.returncode == 0, done.stderr[-4000:]
    numbers = json.loads(done.stdout.splitlines()[-1])
    print(f"\n{urlsplit(database).scheme} {module} {' '.join(words)}: {numbers}")
    return numbers


@pytest.fixture(scope="module")
def contest(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What came of all rounds of the fifty."""
    rounds = [f"--same={ROUNDS}", f"--overlapping={ROUNDS}", f"--mixed={MIXED}", f"--control={CONTROL}"]
    return numbers_of("booking_race", tmp_path_factory.mktemp("contest"), *rounds)


@pytest.fixture(scope="module")
def undo(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What came of all rounds of the two."""
    return numbers_of("restore_race", tmp_path_factory.mktemp("undo"), f"--rounds={ROUNDS}", "--control=2")


@pytest.mark.parametrize("kind", ["same", "overlapping"])
def test_case_22_fifty_processes_have_one_winner_a_round(kind, contest):
    numbers = contest[kind]
    assert numbers["winners"] == [1] * ROUNDS
    assert numbers["told"] == {"won": ROUNDS, "SlotTaken": 49 * ROUNDS}
    assert (numbers["appointments"], numbers["confirmations"], numbers["clashes"]) == (ROUNDS, ROUNDS, 0)


def test_control_without_guard_and_lock_the_accident_is_seen(contest):
    assert max(contest["control"]["winners"]) > 1
    assert contest["control"]["clashes"] > 0


def test_holds_bookings_moves_and_cancels_at_once_neither_clash_nor_deadlock(contest):
    numbers = contest["mixed"]
    assert set(numbers["told"]) <= {"won", "SlotTaken", "NotBookable", "TooManyHolds", "TooLate"}
    assert numbers["clashes"] == 0
    assert numbers["appointments"] >= MIXED


def test_an_undo_and_a_booking_at_once_have_one_winner_and_the_other_is_told(undo):
    numbers = undo["rounds"]
    told = numbers["told"]
    back, taken = told.get("bring_back: won", 0), told.get("take: won", 0)
    assert back + taken == ROUNDS
    assert (told.get("bring_back: slot_taken", 0), told.get("take: slot_taken", 0)) == (taken, back)
    assert (numbers["appointments"], numbers["clashes"]) == (ROUNDS, 0)
    # Who has it back hears nothing of a cancel; who has not, hears that it stays cancelled.
    assert (numbers["still_to_say_cancelled"], numbers["confirmations"]) == (taken, taken)


def test_control_without_guard_and_lock_both_would_have_it(undo):
    assert undo["control"]["told"] == {"bring_back: won": 2, "take: won": 2}
    assert undo["control"]["clashes"] == 2
