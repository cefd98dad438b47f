"""Empty databases: how large, how long they take to make, to migrate and to back up."""

from __future__ import annotations

import statistics
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import psycopg

from tools.scale.measure.meter import Meter
from tools.scale.measure.surroundings import manage

TEMPLATE, ROUNDS = "portal_template", 3


def seconds(work: Callable[[], object]) -> float:
    """Return how long it takes."""
    began = time.monotonic()
    work()
    return time.monotonic() - began


def make_template(meter: Meter) -> float:
    """Make the migrated database that all others are copied from; return the seconds its migrations took.

    It is vacuumed, or autovacuum would do that while something else is measured.
    """
    meter.create(TEMPLATE)
    url = meter.url_of(TEMPLATE)
    took = seconds(lambda: manage(url, "migrate", "--verbosity=0"))
    manage(url, "createcachetable", "--verbosity=0")
    with psycopg.connect(url, autocommit=True) as asks:
        asks.execute("VACUUM ANALYZE")
    meter.asks.execute("CHECKPOINT")
    return took


def measure(meter: Meter, folder: Path) -> dict[str, float]:
    """Make the template of all practices, and measure what one copy of it costs."""
    first = make_template(meter)
    nothing = seconds(lambda: manage(meter.url_of(TEMPLATE), "migrate", "--verbosity=0"))
    created = [meter.create(f"empty_{number}", TEMPLATE) for number in range(ROUNDS)]
    dumped = [dump(meter, f"empty_{number}", folder) for number in range(ROUNDS)]
    return {
        "empty_mb": meter.size_mb("empty_0"),
        "empty_files": meter.files("empty_0"),
        "create_s": statistics.median(created),
        "migrate_first_s": first,
        "migrate_nothing_s": nothing,
        "dump_empty_ms": statistics.median(ms for ms, _ in dumped),
        "dump_kb_empty": dumped[0][1] / 1_000,
    }


def dump(meter: Meter, name: str, folder: Path) -> tuple[float, float]:
    """Back a database up as `manage.py backup` does; return ms of processor time of all, and bytes."""
    file = folder / f"{name}.dump"
    words = ["pg_dump", "--format=custom", "--no-owner", "--no-privileges"]
    before, own = meter.cpu(), children_ms()
    subprocess.run([*words, f"--file={file}", f"--dbname={meter.url_of(name)}"], check=True)
    time.sleep(0.3)
    return meter.cpu() - before + children_ms() - own, file.stat().st_size


def children_ms() -> float:
    """Return the processor time of the programs that this process has waited for."""
    import resource  # noqa: PLC0415  (Unix only)

    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return 1_000 * (used.ru_utime + used.ru_stime)
