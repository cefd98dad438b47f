"""Measure everything, and store it in tools/scale/costs.json: `python -m tools.scale.measure [STEP …]`.

A step alone (databases, rest, work, growth, many, far, pooled, pooled_many, read_only, replica) replaces its
own costs. PostgreSQL runs as it would for a practice: it waits for the disk, and writes whole pages after a
checkpoint.
"""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tools.scale.costs import STORED
from tools.scale.measure import at_rest, databases, pooled, replica
from tools.scale.measure.cluster import program
from tools.scale.measure.meter import Meter, times_ms
from tools.scale.measure.surroundings import ROOT, asked

DURABLE = "-c fsync=on -c full_page_writes=on -c max_connections=400"
MANY = ("60", "60")  # practices, seconds
WEEKS_OF_YEAR = ("25", "60")
Step = Callable[[Meter, Path], dict[str, Any]]


def work(meter: Meter, folder: Path) -> dict[str, Any]:
    """Measure one of each."""
    meter.create("work", databases.TEMPLATE)
    return asked("tools.scale.measure.work", meter.url_of("work"))


def growth(meter: Meter, folder: Path) -> dict[str, Any]:
    """Measure how much a session adds, and what a backup of that costs."""
    meter.create("growth", databases.TEMPLATE)
    empty = meter.size_mb("growth")
    found = asked("tools.scale.measure.growth", meter.url_of("growth"), *WEEKS_OF_YEAR)
    more = meter.size_mb("growth") - empty
    ms, size = databases.dump(meter, "growth", folder)
    none_ms, none_size = databases.dump(meter, databases.TEMPLATE, folder)
    return found | {"dump_ms_per_mb": (ms - none_ms) / more, "dump_share": (size - none_size) / 1e6 / more}


def many(meter: Meter, folder: Path) -> dict[str, Any]:
    """Measure many practices at rest."""
    return asked("tools.scale.measure.many", meter.url, *MANY)


def pooled_many(meter: Meter, folder: Path) -> dict[str, Any]:
    """Measure many practices at rest again, each tick through PgBouncer."""
    if not program("pgbouncer"):
        return {}
    with pooled.pooler(meter) as pool:
        found = asked("tools.scale.measure.many", pool.url("postgres"), *MANY, SCALE_SERVER=meter.url)
        own = times_ms(pool.pid) / (float(MANY[1]) + 5) / int(MANY[0])  # with the five seconds before
        backends = meter.value("SELECT count(*) FROM pg_stat_activity WHERE datname LIKE 'many%%'")
    cost = found["rest_database_ms_per_s_of_many"]
    return {
        "rest_database_ms_per_s_pooled": cost,
        "rest_pooler_ms_per_s": own,
        "pooled_connections_each": backends / int(MANY[0]),
    }


def far(meter: Meter, folder: Path) -> dict[str, Any]:
    """Measure a booking across a distance."""
    meter.create("far", databases.TEMPLATE)
    return asked("tools.scale.measure.far", meter.url_of("far"))


def read_only(meter: Meter, folder: Path) -> dict[str, Any]:
    """Look which pages a replica could serve."""
    meter.create("read_only", databases.TEMPLATE)
    return asked("tools.scale.measure.read_only", meter.url_of("read_only"))


STEPS: dict[str, Step] = {
    "databases": databases.measure,
    "rest": at_rest.measure,
    "work": work,
    "growth": growth,
    "many": many,
    "far": far,
    "pooled": pooled.measure,
    "pooled_many": pooled_many,
    "read_only": read_only,
    "replica": lambda _meter, folder: replica.measure(folder / "replica"),
}


def machine(meter: Meter) -> str:
    """Return where and when this is, in a sentence."""
    model = next(
        line.partition(":")[2].strip()
        for line in Path("/proc/cpuinfo").read_text().splitlines()
        if line.startswith("model name")
    )
    version = str(meter.value("SHOW server_version")).split()[0]
    return (
        f"{time.strftime('%B %-d, %Y')}, {os.cpu_count()} cores ({model}), "
        f"PostgreSQL {version}, Python {platform.python_version()}"
    )


def keep(found: dict[str, Any], where: str) -> None:
    """Put these costs among the stored ones."""
    stored = json.loads(STORED.read_text()) if STORED.exists() else {"costs": {}}
    kept = {"costs": stored["costs"] | found, "machine": where}
    STORED.write_text(json.dumps(kept, indent=1, sort_keys=True) + "\n")


def measure(names: list[str]) -> None:
    """Carry the steps out, and store what each found as soon as it is known."""
    meter = Meter(os.environ["DATABASE_URL"])
    with tempfile.TemporaryDirectory(prefix="scale-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        if "databases" not in names:
            databases.make_template(meter)
        for step in names:
            began = time.monotonic()
            found = STEPS[step](meter, folder)
            keep(found, machine(meter))
            print(f"{step}: {time.monotonic() - began:.0f} s\n{json.dumps(found, indent=1)}", flush=True)


def main() -> int:
    """Return 0 when all was measured."""
    names = sys.argv[1:] or list(STEPS)
    if unknown := [name for name in names if name not in STEPS]:
        print(f"There is no step {unknown[0]}: {', '.join(STEPS)}.", file=sys.stderr)
        return 2
    if os.environ.get("POSTGRES_OPTIONS") == DURABLE:
        measure(names)
        return 0
    own = {**os.environ, "POSTGRES_OPTIONS": DURABLE}
    command = ["tools/with_postgres", sys.executable, "-m", "tools.scale.measure", *names]
    return subprocess.run(command, cwd=ROOT, env=own).returncode


if __name__ == "__main__":
    sys.exit(main())
