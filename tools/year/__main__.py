"""Live through a year of a practice on both engines and write what was found to docs/year.md.

    make year
    make year SEED=7 DAYS=60 CLIENTS=100 ENGINE=SQLite

A seed gives the same people, days and misfortunes; random jitter of the product's own stays random.
"""

from __future__ import annotations

import argparse
import os
import pickle
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tools.year.outcome import Outcome
from tools.year.table import ROOT, lines, write

ENGINES = ("PostgreSQL", "SQLite")
#: Nothing of this machine's practice.
UNSET = ("DATABASE_URL", "REDIS_URL", "EMAIL_URL", "SITE_URL", "TEXT_MESSAGES_URL", "DEMO", "DEBUG")


def outcomes_on(
    engine: str, form: str, seeds: str, days: int, clients: int, *, database: Path | None = None
) -> list[Outcome]:
    """Return what was found on one engine, in a process of its own; nothing if the run itself broke.

    `database`: a migrated SQLite file to begin with, which saves the time to make one.
    """
    with tempfile.TemporaryDirectory(prefix="year-") as name:
        folder = Path(name)
        own = {
            "VAR_DIR": folder / "var",
            "KEYS_DIR": folder / "keys",
            "DJANGO_SETTINGS_MODULE": "practice.settings",
        }
        environ = {name: value for name, value in os.environ.items() if name not in UNSET}
        environ |= {name: str(value) for name, value in own.items()}
        if database:
            (folder / "var").mkdir(mode=0o700)
            (folder / "var" / "portal.sqlite3").write_bytes(database.read_bytes())
        command = [sys.executable, "-m", "tools.year.on_engine", engine, form, seeds, str(days), str(clients)]
        wrapper = ["tools/with_postgres"] if engine == "PostgreSQL" else []
        result = folder / "outcomes"
        if subprocess.run([*wrapper, *command, str(result)], cwd=ROOT, env=environ).returncode:
            return []
        found = pickle.loads(result.read_bytes())
    return [one for one in found if isinstance(one, Outcome)]


def main() -> int:
    """Return 0 if no promise was broken."""
    parser = argparse.ArgumentParser(prog="make year")
    parser.add_argument("--seed", type=int, default=0, help="repeats a run; default: another one each time")
    parser.add_argument("--days", type=int, default=365)
    parser.add_argument("--clients", type=int, default=400)
    parser.add_argument("--engine", choices=ENGINES, help="only this one")
    asked = parser.parse_args()
    seed, engines = asked.seed or int(time.time()) % 100_000, [asked.engine] if asked.engine else ENGINES
    print(f"seed {seed}", flush=True)

    def on(engine: str) -> list[Outcome]:
        return outcomes_on(engine, "year", str(seed), asked.days, asked.clients)

    with ThreadPoolExecutor() as side_by_side:
        found = [one for outcomes in side_by_side.map(on, engines) for one in outcomes]
    if found:
        print("\n".join(lines(found)))
    if broken_off := set(engines) - {one.engine for one in found}:
        print(f"The year on {' and '.join(sorted(broken_off))} broke off; the error stands above.")
    elif len(found) == len(ENGINES):
        write(found)
    return 1 if broken_off or any(one.faults for one in found) else 0


if __name__ == "__main__":
    sys.exit(main())
