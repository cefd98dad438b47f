"""No double booking, with real processes on a real database; and that this test would see one."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg
import pytest
from django.conf import settings

pytestmark = pytest.mark.processes
ROUNDS = 20


@pytest.fixture
def fresh_database(tmp_path: Path) -> Iterator[str]:
    """The address of an empty database on the engine under test: a file, or one more on that server."""
    if settings.SQLITE:
        yield f"sqlite:///{tmp_path / 'contest.sqlite3'}"
        return
    name = f"contest_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(settings.DATABASE_URL, autocommit=True) as server:
        server.execute(f'CREATE DATABASE "{name}"')
        yield urlsplit(settings.DATABASE_URL)._replace(path=f"/{name}").geturl()
        server.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def contest(database: str, var: Path, *words: str) -> dict[str, Any]:
    """Run a contest, print its numbers, return them."""
    environment = {**os.environ, "DATABASE_URL": database, "VAR_DIR": str(var)}
    done = subprocess.run(
        [sys.executable, "-m", "booking.tests.processes.contest", *words],
        env=environment,
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        timeout=300,
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
