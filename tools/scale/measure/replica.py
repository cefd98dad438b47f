"""Two regions for real: PostgreSQL and its replica across a distance: a commit's time, what a failover loses.

In each failover one writer commits rows, and notes what it was told is stored. Then network and primary end
at one instant, the replica is promoted, and what it lacks is counted.
"""

from __future__ import annotations

import statistics
import threading
import time
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

from tools.scale.measure.cluster import Cluster
from tools.scale.measure.distance import distance

DISTANCES, COMMITS, ROUNDS = (0.0, 0.03, 0.07, 0.15), 20, 5
FARTHEST, EVERY, ROWS = DISTANCES[-1], 0.01, 150


@dataclass
class Pair:
    """A primary, its replica, and the network between them."""

    primary: Cluster
    replica: Cluster
    network: ExitStack

    def end(self) -> None:
        """End all of it."""
        self.network.close()
        self.replica.end()
        self.primary.end()


def pair(folder: Path, rtt: float, *, sync: bool) -> Pair:
    """Return a primary with an empty table, and its replica so far away, which follows it."""
    folder.mkdir(parents=True)
    folder.chmod(0o755)
    made = Pair(Cluster(folder / "primary"), Cluster(folder / "replica"), ExitStack())
    made.primary.init()
    made.primary.start()
    with made.primary.connect() as asks:
        asks.execute("CREATE TABLE booked (number int)")
        far = made.network.enter_context(distance(made.primary.folder, rtt / 2))
        far.chmod(0o755)
        made.replica.follow(far)
        made.replica.start()
        while not asks.execute("SELECT 1 FROM pg_stat_replication WHERE state = 'streaming'").fetchone():
            time.sleep(0.05)
        if sync:
            asks.execute("ALTER SYSTEM SET synchronous_standby_names = '*'")
            asks.execute("SELECT pg_reload_conf()")
    time.sleep(0.5)
    return made


def commit_ms(folder: Path, rtt: float) -> float:
    """Return how long a commit takes that waits for the replica, the median of some."""
    made, took = pair(folder, rtt, sync=True), []
    try:
        with made.primary.connect() as writer:
            for number in range(COMMITS):
                began = time.perf_counter()
                writer.execute("INSERT INTO booked VALUES (%s)", [number])
                took.append((time.perf_counter() - began) * 1_000)
    finally:
        made.end()
    return statistics.median(took)


def lost(folder: Path, *, sync: bool) -> tuple[float, int]:
    """Return how many rows a second were told to be stored, and how many the promoted replica lacks."""
    made = pair(folder, FARTHEST, sync=sync)
    stored: list[int] = []

    def write() -> None:
        with suppress(psycopg.Error), made.primary.connect() as writer:
            for number in range(100_000):
                writer.execute("INSERT INTO booked VALUES (%s)", [number])
                stored.append(number)
                time.sleep(EVERY)

    thread, began = threading.Thread(target=write), time.monotonic()
    try:
        thread.start()
        while len(stored) < (ROWS // 5 if sync else ROWS) and thread.is_alive():
            time.sleep(0.003)
        rate = len(stored) / (time.monotonic() - began)
        made.network.close()  # what is on its way does not arrive
        made.primary.end()
        thread.join()
        with made.replica.connect() as asks:
            asks.execute("SELECT pg_promote()")
            there = {number for (number,) in asks.execute("SELECT number FROM booked")}
    finally:
        made.end()
    return rate, len([number for number in stored if number not in there])


def measure(folder: Path) -> dict[str, Any]:
    """Return the time of a commit by distance, and what some failovers across the farthest lost."""
    found: dict[str, Any] = {
        "sync_commit_ms": {str(rtt): commit_ms(folder / f"commit-{rtt}", rtt) for rtt in DISTANCES}
    }
    for name, sync in (("asynchronous", False), ("synchronous", True)):
        rounds = [lost(folder / f"{name}-{number}", sync=sync) for number in range(ROUNDS)]
        found[f"failovers_{name}"] = {
            "rows_per_s": statistics.mean(rate for rate, _ in rounds),
            "lost": [gone for _, gone in rounds],
        }
    return found
