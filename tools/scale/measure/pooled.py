"""PgBouncer in transaction mode before PostgreSQL: what a tick costs then, and what stops working.

Each answer is a word in the stored costs: "works", or what the database said. Not run without PgBouncer
(Debian: `apt-get install pgbouncer`).
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg

from tools.scale.measure.cluster import as_server, program
from tools.scale.measure.databases import TEMPLATE
from tools.scale.measure.meter import Meter
from tools.scale.measure.surroundings import ROOT, environ

INI = """
[databases]
* = host={server}
[pgbouncer]
unix_socket_dir = {folder}
listen_port = 5432
auth_type = trust
auth_file = {folder}/users
pool_mode = transaction
default_pool_size = {size}
max_client_conn = 1000
log_connections = 0
log_disconnections = 0
"""
TICKS = 300


@dataclass(frozen=True)
class Pooler:
    """PgBouncer: its process, and the address of a database through it."""

    pid: int
    address: str

    def url(self, database: str) -> str:
        """Return the address of another database."""
        return urlsplit(self.address)._replace(path=f"/{database}").geturl()


@contextmanager
def pooler(meter: Meter, *, size: int = 4) -> Iterator[Pooler]:
    """Run PgBouncer before the server."""
    with tempfile.TemporaryDirectory(prefix="pool-") as name:
        folder = Path(name)
        (folder / "users").write_text('"portal" ""\n')
        (folder / "ini").write_text(INI.format(server=meter.folder, folder=folder, size=size))
        wrapper = as_server(folder)
        command = [*wrapper, program("pgbouncer"), "--quiet", str(folder / "ini")]
        server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            while not (folder / ".s.PGSQL.5432").exists():
                assert server.poll() is None, "PgBouncer does not start"
                time.sleep(0.05)
            yield Pooler(server.pid, urlsplit(meter.url)._replace(query=f"host={folder}").geturl())
        finally:
            server.terminate()
            server.wait()


def tried(url: str, code: str, folder: Path) -> str:
    """Return "works" if this code runs in a practice on that database, or the last line that it said."""
    (folder / "pooled").mkdir(exist_ok=True)
    words = [sys.executable, "-c", f"import django; django.setup()\n{code}"]
    own = environ(url, folder / "pooled", BACKUP_TO=str(folder / "backups"))
    (folder / "backups").mkdir(exist_ok=True)
    done = subprocess.run(words, cwd=ROOT, env=own, capture_output=True, text=True)
    return "works" if done.returncode == 0 else done.stderr.strip().splitlines()[-1]


BOOKS = """
from django.db import transaction
from booking.locking.locks import lock, lock_visitor
from practice.models import Practitioner
with transaction.atomic():
    lock_visitor("somebody")
    lock(Practitioner.objects.all())
"""
#: Rows read in portions by a cursor that stays open, while others use the same connections.
READS_ON = """
import threading
from django.contrib.contenttypes.models import ContentType
from django.db import connection
failed = []
def read():
    try:
        for _ in range(60):
            assert sum(1 for _ in ContentType.objects.iterator(chunk_size=5)) > 20
    except Exception as error:
        failed.append(error)
    finally:
        connection.close()
crowd = [threading.Thread(target=read) for _ in range(8)]
[one.start() for one in crowd], [one.join() for one in crowd]
if failed:
    raise failed[0]
"""
BACKS_UP = """
from django.core.management import call_command
call_command("backup")
"""
LOOKS = """
from practice.models import Practice
Practice.objects.count()
"""
MIGRATES = """
from django.core.management import call_command
call_command("migrate", verbosity=0)
"""


def measure(meter: Meter, folder: Path) -> dict[str, Any]:
    """Return what PgBouncer saves and what it breaks; nothing without PgBouncer."""
    if not program("pgbouncer"):
        return {}
    for name in ("pooled", "pooled_dump"):
        meter.create(name, TEMPLATE)
    meter.create("pooled_new")
    found: dict[str, Any] = {}
    with pooler(meter) as pool:
        url = pool.url("pooled")
        found["pooled_locks"] = tried(url, BOOKS, folder)
        found["pooled_cursors"] = tried(url, READS_ON, folder)
        found["pooled_cursors_disabled"] = tried(f"{url}&DISABLE_SERVER_SIDE_CURSORS=True", READS_ON, folder)
        found["pooled_migrate"] = tried(pool.url("pooled_new"), MIGRATES, folder)
        found["pooled_backup"] = tried(pool.url("pooled_dump"), BACKS_UP, folder)
        found["pooled_after_backup"] = tried(pool.url("pooled_dump"), LOOKS, folder)
        found["connect_database_ms_pooled"] = connects(meter, url)
        found["connect_database_ms_plain"] = connects(meter, meter.url_of("pooled"))
        found["pooled_servers_of_8_clients"] = servers(meter, url)
    return found


def connects(meter: Meter, url: str) -> float:
    """Return the ms of PostgreSQL for a connection that is opened, asked one thing, and closed."""

    def connect() -> None:
        for _ in range(TICKS):
            with psycopg.connect(url, prepare_threshold=None) as asks:
                asks.execute("SELECT count(*) FROM practice_practice")

    return meter.used_by(connect).cpu / TICKS


def servers(meter: Meter, url: str) -> int:
    """Return how many connections PostgreSQL has after eight clients asked at once."""
    gate = threading.Barrier(8)

    def ask() -> None:
        with psycopg.connect(url, prepare_threshold=None) as asks:
            gate.wait()
            for _ in range(20):
                asks.execute("SELECT pg_sleep(0.005)")

    crowd = [threading.Thread(target=ask) for _ in range(8)]
    for one in crowd:
        one.start()
    for one in crowd:
        one.join()
    return len(meter.backends("pooled"))
