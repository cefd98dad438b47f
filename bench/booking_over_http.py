"""A measurement of fifty processes that book overlapping times at a real web server, all at once.

Twenty rounds, each on a day of its own: sessions of 60 and of 90 minutes, from 10:00 to 10:45, posted to the
API at the same moment. A round is to have one winner and forty-nine answers of 409, no answer of 5xx, and the
slowest answer of all is to take less than three seconds. The tests beside the server used here hold the same
without looking at the clock (`booking/tests/processes/`).

Runs on SQLite in a temporary folder, or on the PostgreSQL that DATABASE_URL names (`tools/with_postgres`).
"""

from __future__ import annotations

import datetime as dt
import multiprocessing
import os
import statistics
import sys
import tempfile
import time
from collections import Counter
from functools import partial
from multiprocessing.queues import SimpleQueue
from multiprocessing.synchronize import Barrier
from pathlib import Path
from zoneinfo import ZoneInfo

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from booking.tests.processes.web_server import Web, at_once, web

PEOPLE, ROUNDS, FIRST_DAY, WARM_UP = 50, 20, 10, 5
TEN = dt.datetime.now(ZoneInfo("America/Denver")).replace(hour=10, minute=0, second=0, microsecond=0)
Answers = SimpleQueue  # of (round, status, seconds)


def wish(day: int, number: int) -> dict[str, object]:
    """Return one person's request for one day; any two of a day overlap."""
    return {
        "session_type": ("of-60", "of-90")[number % 2],
        "practitioner": "tess",
        "start": (TEN + dt.timedelta(days=day, minutes=number // 2 % 4 * 15)).isoformat(),
        "name": f"Person {number}",
        "email": f"person{number}@bench.example",
        "consent": True,
    }


def person(site: Web, number: int, gate: Barrier, answers: Answers) -> None:
    """Run one process: wait for the others, ask, report the status; 0 without an answer."""
    for turn in range(ROUNDS):
        gate.wait(120)
        began = time.monotonic()
        try:
            status, _ = site.call("POST", "/api/v1/appointments", wish(FIRST_DAY + turn, number))
        except OSError:
            status = 0
        answers.put((turn, status, time.monotonic() - began))


def measure(site: Web) -> list[tuple[int, int, float]]:
    """Return all answers of all rounds: round, status and seconds."""
    first = [wish(WARM_UP, number) for number in range(12)]
    at_once([partial(site.call, "POST", "/api/v1/appointments", body) for body in first])
    fork = multiprocessing.get_context("fork")
    gate, answers = fork.Barrier(PEOPLE), fork.SimpleQueue()
    crowd = [fork.Process(target=person, args=(site, number, gate, answers)) for number in range(PEOPLE)]
    for one in crowd:
        one.start()
    told = [answers.get() for _ in range(PEOPLE * ROUNDS)]
    for one in crowd:
        one.join()
    return told


def main() -> None:
    """Print one line."""
    engine = "postgresql" if os.environ.get("DATABASE_URL", "").startswith("postgres") else "sqlite"
    with tempfile.TemporaryDirectory(prefix="portal-bench-") as folder:
        os.environ["KEYS_DIR"] = f"{folder}/keys"
        os.environ["PYTEST_VAR"] = folder  # the folder of the migrated database that is copied
        with web(Path(folder)) as site:
            told = measure(site)
    winners = Counter(turn for turn, status, _ in told if status == 201)
    one_each = sum(winners[turn] == 1 for turn in range(ROUNDS))
    statuses = dict(sorted(Counter(status for _, status, _ in told).items()))
    taken = [seconds for _, _, seconds in told]
    print(f"POST /api/v1/appointments, {PEOPLE} processes, {ROUNDS} rounds of overlapping times; {engine}")
    print(f"  rounds with one winner: {one_each} of {ROUNDS}; answers by status: {statuses}")
    print(f"  median {statistics.median(taken):.2f} s, slowest {max(taken):.2f} s")


if __name__ == "__main__":
    main()
