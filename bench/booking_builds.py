"""A measurement of booking and of free times, beside the build before issue 15, in turns in one run.

*New* and *known*: the POST that books a held time, by a guest whose address nobody knows and by somebody who
is signed in, with what it asks of the database and its processor time. *Fifty*: that many people book fifty
held times at once, through a real web server; the median of their answers. *Slots*: 90 days of five
practitioners, made anew, and asked again with nothing changed.

Both builds run the same program, `booking_costs.py`, each with a database of its own: SQLite in a temporary
folder, or databases of the PostgreSQL that DATABASE_URL names (`tools/with_postgres`).
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench.earlier_build import ROOT, earlier_code

ROUNDS = 3
COSTS = ROOT / "bench" / "booking_costs.py"


class Build:
    """One build, and the program that measures it, which answers one line to each line."""

    def __init__(self, code: Path, folder: Path, database: str) -> None:
        mine = {
            **{"VAR_DIR": str(folder), "KEYS_DIR": f"{folder}-keys", "DATABASE_URL": database},
            **{"PYTHONPATH": str(code), "DJANGO_SETTINGS_MODULE": "practice.settings", "SITE_URL": ""},
            **{"EMAIL_URL": "", "REDIS_URL": "", "DEMO": "0", "RATE_LIMITS": "on"},
        }
        self.process = subprocess.Popen(
            [sys.executable, str(COSTS)],
            cwd=code,
            env={**os.environ, **mine},
            text=True,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=(folder.parent / f"{folder.name}.log").open("w"),
        )

    def ask(self, what: str) -> dict[str, float]:
        """Return what the program has measured."""
        assert self.process.stdin
        assert self.process.stdout
        print(what, file=self.process.stdin, flush=True)
        line = self.process.stdout.readline()
        assert line, f"the program that measures has ended at {what}"
        found: dict[str, float] = json.loads(line)
        return found

    def end(self) -> None:
        """End the program, which ends its web server."""
        assert self.process.stdin
        self.process.stdin.close()
        self.process.wait(60)


def databases(folder: Path) -> tuple[str, str]:
    """Return the addresses of two databases; on PostgreSQL the second one is made."""
    given = os.environ.get("DATABASE_URL", "")
    if not given.startswith("postgres"):
        return f"sqlite:///{folder}/before.sqlite3", f"sqlite:///{folder}/now.sqlite3"
    import psycopg  # noqa: PLC0415  only where there is one

    with psycopg.connect(given.replace("/portal?", "/postgres?"), autocommit=True) as connection:
        connection.execute("CREATE DATABASE portal_now")
    return given, given.replace("/portal?", "/portal_now?")


def rows(before: Sequence[dict[str, float]], now: Sequence[dict[str, float]]) -> list[tuple[Any, ...]]:
    """Return name, both medians and their ratio of each number."""
    found = []
    for name in before[0]:
        was, is_now = (statistics.median(one[name] for one in both) for both in (before, now))
        found.append((name, was, is_now, is_now / was if was else 0))
    return found


def main() -> None:
    """Print the table."""
    engine = "postgresql" if os.environ.get("DATABASE_URL", "").startswith("postgres") else "sqlite"
    with tempfile.TemporaryDirectory(prefix="portal-bench-") as name:
        folder = Path(name)
        addresses = databases(folder)
        with earlier_code(folder / "code") as code:
            builds = [Build(code, folder / "before", addresses[0]), Build(ROOT, folder / "now", addresses[1])]
            try:
                print(f"Booking and free times, this build beside the one before; {engine}")
                print(f"{'':34} {'before':>9} {'now':>9} {'ratio':>6}")
                for what in ("bookings", "fifty", "slots"):
                    answers: tuple[list[dict[str, float]], ...] = ([], [])
                    for _turn in range(ROUNDS):
                        for build, kept in zip(builds, answers, strict=True):
                            kept.append(build.ask(what))
                    for label, was, is_now, ratio in rows(*answers):
                        print(f"{label:34} {was:9.2f} {is_now:9.2f} {ratio:6.2f}", flush=True)
            finally:
                for build in builds:
                    build.end()


if __name__ == "__main__":
    main()
