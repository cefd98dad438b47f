"""One practice: `manage.py up` on a database of its own, with nobody there, and then with some visitors."""

from __future__ import annotations

import http.client
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tools.scale.measure.databases import TEMPLATE
from tools.scale.measure.meter import Meter, family, memory_mb, times_ms
from tools.scale.measure.surroundings import ROOT, environ

SETTLE, MINUTE, PATIENCE = 20.0, 60.0, 300.0
VISITORS, EACH, PROBES = 12, 10, 100
HOME, HEALTH = "/", "/healthz"
OF_WORKER = 3  # connections: two senders of emails, and the lane for what is slow
CHECKPOINTS = 300.0  # seconds between two; after each, a page is written whole once


def get(port: int, path: str) -> int:
    """Open a page; return its status."""
    asked = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        asked.request("GET", path)
        answer = asked.getresponse()
        answer.read()
        return answer.status
    finally:
        asked.close()


def free_port() -> int:
    """Return a port that is free now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def up(meter: Meter, name: str, folder: Path, **more: str) -> Iterator[tuple[int, int]]:
    """Run a practice on a new database of that name; yield its process and its port."""
    meter.create(name, TEMPLATE)
    port = free_port()
    own = environ(meter.url_of(name), folder / name, PORT=str(port), **more)
    (folder / name).mkdir()
    with (folder / f"{name}.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "manage.py", "up"], cwd=ROOT, env=own, stdout=log, stderr=log
        )
        try:
            wait_until_open(port)
            time.sleep(SETTLE)
            yield process.pid, port
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(60)


def wait_until_open(port: int) -> None:
    """Return once pages are served. Raises TimeoutError."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        try:
            if get(port, "/livez") == 200:
                return
        except (OSError, http.client.HTTPException):
            pass
        time.sleep(0.2)
    raise TimeoutError("the practice does not open")


def own_ms(pid: int) -> float:
    """Return the processor time of a practice's programs; those that ended count as their parents'."""
    return sum(times_ms(one, reaped=True) for one in family(pid))


def pss(pid: int) -> float:
    """Return the memory of a practice's programs, where what is shared counts once."""
    return sum(memory_mb(one, "Pss") for one in family(pid))


def visit(port: int) -> None:
    """Have many visitors open the first page at once, some times each."""
    crowd = [threading.Thread(target=lambda: [get(port, HOME) for _ in range(EACH)]) for _ in range(VISITORS)]
    for one in crowd:
        one.start()
    for one in crowd:
        one.join()


def log_per_s(meter: Meter) -> float:
    """Return the bytes of log in a second, with whole pages after each checkpoint.

    Without autovacuum: a server that is minutes old still analyzes its own catalogs.
    """
    meter.asks.execute("ALTER SYSTEM SET autovacuum = off")
    meter.asks.execute("SELECT pg_reload_conf()")
    time.sleep(MINUTE / 6)
    plain = meter.used_by(lambda: time.sleep(MINUTE / 2))
    meter.asks.execute("CHECKPOINT")
    whole = meter.used_by(lambda: time.sleep(MINUTE / 2))
    meter.asks.execute("ALTER SYSTEM RESET autovacuum")
    meter.asks.execute("SELECT pg_reload_conf()")
    return plain.wal / plain.wall + max(0.0, whole.wal - plain.wal) / CHECKPOINTS


def measure(meter: Meter, folder: Path) -> dict[str, float]:
    """Measure a practice at rest, probed, and after its visitors."""
    name = "rest"
    with up(meter, name, folder) as (pid, port):
        for _ in range(4):
            get(port, HEALTH)  # what the first time loads
        at_rest, own = pss(pid), own_ms(pid)
        used = meter.used_by(lambda: time.sleep(MINUTE), name)
        own = own_ms(pid) - own
        before = own_ms(pid)
        probed = meter.used_by(lambda: [get(port, HEALTH) for _ in range(PROBES)], name)
        own_probed, held = own_ms(pid) - before, len(meter.backends(name))
        rest_backend = backend_mb(meter, name)
        visit(port)
        in_use = pss(pid)
        after_visitors, log = len(meter.backends(name)), log_per_s(meter)
    with up(meter, "one_web", folder, WEB_CONCURRENCY="1") as (pid, _port):
        one_web = pss(pid)
    ticks_db, ticks_own = used.cpu / used.wall, own / used.wall
    return {
        "up_mb": at_rest,
        "up_one_web_mb": one_web,
        "up_in_use_mb": in_use,
        "rest_connects_per_s": used.sessions / used.wall,
        "rest_transactions_per_s": used.transactions / used.wall,
        "rest_database_ms_per_s": ticks_db,
        "rest_portal_ms_per_s": ticks_own,
        "rest_wal_bytes_per_s": log,
        "rest_syncs_per_s": used.syncs / used.wall,
        "held_connections": held,
        "most_connections": after_visitors + OF_WORKER,
        "backend_rest_mb": rest_backend,
        "health_database_ms": (probed.cpu - ticks_db * probed.wall) / PROBES,
        "health_portal_ms": (own_probed - ticks_own * probed.wall) / PROBES,
    }


def backend_mb(meter: Meter, name: str) -> float:
    """Return the mean memory that a connection to a database has for itself."""
    sizes = [memory_mb(pid, "Private_Dirty", "Private_Clean") for pid in meter.backends(name)]
    sizes = [one for one in sizes if one]
    return sum(sizes) / len(sizes) if sizes else 0.0
