"""Run storms of faults on both engines and write what was found to docs/chaos.md.

    make chaos
    make chaos SEED=7 MINUTES=20

A seed gives the same faults in the same order; when exactly a signal comes is left to the machine.
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

from tools.chaos.outcome import Outcome
from tools.chaos.table import ROOT, lines, write

ENGINES = ("PostgreSQL", "SQLite")
#: Nothing of this machine's practice.
UNSET = ("DATABASE_URL", "REDIS_URL", "EMAIL_URL", "SITE_URL", "TEXT_MESSAGES_URL", "DEMO", "DEBUG")


def outcome_on(engine: str, seed: int, seconds: float) -> Outcome | None:
    """Return what was found on one engine, in a process of its own; None if the run itself broke."""
    with tempfile.TemporaryDirectory(prefix="chaos-") as name:
        folder = Path(name)
        settings = {"PYTEST_VAR": folder, "VAR_DIR": folder / "var", "KEYS_DIR": folder / "keys"}
        environ = {name: value for name, value in os.environ.items() if name not in UNSET}
        environ |= {name: str(value) for name, value in settings.items()}
        environ["DJANGO_SETTINGS_MODULE"] = "practice.settings"
        result = folder / "outcome"
        command = [sys.executable, "-m", "tools.chaos.on_engine", engine, str(seed), str(seconds)]
        wrapper = ["tools/with_postgres"] if engine == "PostgreSQL" else []
        if subprocess.run([*wrapper, *command, str(result)], cwd=ROOT, env=environ).returncode:
            return None
        found = pickle.loads(result.read_bytes())
    return found if isinstance(found, Outcome) else None


def main() -> int:
    """Return 0 if no promise was broken."""
    parser = argparse.ArgumentParser(prog="make chaos")
    parser.add_argument("--seed", type=int, default=0, help="repeats a run; default: another one each time")
    parser.add_argument("--minutes", type=float, default=24, help="on all engines side by side")
    parser.add_argument("--engine", choices=ENGINES, help="only this one")
    asked = parser.parse_args()
    seed, engines = asked.seed or int(time.time()) % 100_000, [asked.engine] if asked.engine else ENGINES
    print(f"seed {seed}", flush=True)
    with ThreadPoolExecutor() as side_by_side:
        outcomes = list(
            side_by_side.map(lambda engine: outcome_on(engine, seed, asked.minutes * 60), engines)
        )
    found = [one for one in outcomes if one]
    if found:
        print("\n".join(lines(found, seed)))
    for engine, outcome in zip(engines, outcomes, strict=True):
        if outcome is None:
            print(f"The run on {engine} broke off; its error is above. docs/chaos.md stays as it was.")
    if len(found) == len(ENGINES):
        write(found, seed=seed)
    return 1 if len(found) < len(outcomes) or any(one.faults for one in found) else 0


if __name__ == "__main__":
    sys.exit(main())
