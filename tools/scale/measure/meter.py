"""What a PostgreSQL on this machine has used so far, and its databases. Linux only."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import psycopg

TICKS_MS = 1_000 / os.sysconf("SC_CLK_TCK")


def times_ms(pid: int, *, reaped: bool = False) -> float:
    """Return the processor time of a process in ms; with that of its children that ended. 0: it is gone."""
    try:
        said = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return sum(map(int, said[11 : 15 if reaped else 13])) * TICKS_MS


def memory_mb(pid: int, *kinds: str) -> float:
    """Return the memory of a process in MB: the sum of these lines of its smaps, such as `Pss`."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0.0
    return sum(int(line.split()[1]) for line in lines if line.partition(":")[0] in kinds) * 1024 / 1e6


def family(pid: int) -> list[int]:
    """Return a process and all that descend from it."""
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:
        return []
    return [pid, *(one for child in children for one in family(int(child)))]


@dataclass(frozen=True)
class Used:
    """What was used between two looks. `wall`: seconds; `cpu`: ms of PostgreSQL; `wal`: bytes."""

    wall: float
    cpu: float
    wal: float
    syncs: float
    sessions: float
    transactions: float

    def since(self, before: Used) -> Used:
        """Return what was used since an earlier look."""
        return Used(*(getattr(self, name) - getattr(before, name) for name in self.__dataclass_fields__))


class Meter:
    """The server that DATABASE_URL names, asked over a connection to another database of it."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.folder = Path(parse_qs(urlsplit(url).query)["host"][0])
        self.pid = int((self.folder / "data/postmaster.pid").read_text().split()[0])
        self.asks = psycopg.connect(self.url_of("postgres"), autocommit=True)

    def url_of(self, name: str) -> str:
        """Return the address of another database of this server."""
        return urlsplit(self.url)._replace(path=f"/{name}").geturl()

    def value(self, sql: str, *params: Any) -> Any:
        """Return the first value that a query gives."""
        row = self.asks.execute(sql, params).fetchone()
        return row[0] if row else None

    def cpu(self) -> float:
        """Return the processor time of the whole server in ms, of backends that ended too."""
        living = sum(times_ms(pid) for pid in family(self.pid)[1:])
        return times_ms(self.pid, reaped=True) + living

    def look(self, like: str = "%") -> Used:
        """Return what was used so far; sessions and transactions of databases with such a name."""
        sessions, transactions = self.asks.execute(
            "SELECT sum(sessions), sum(xact_commit + xact_rollback) FROM pg_stat_database "
            "WHERE datname LIKE %s",
            [like],
        ).fetchone() or (0, 0)
        return Used(
            wall=time.monotonic(),
            cpu=self.cpu(),
            wal=float(self.value("SELECT pg_current_wal_lsn() - '0/0'::pg_lsn")),
            syncs=float(self.value("SELECT wal_sync FROM pg_stat_wal")),
            sessions=float(sessions),
            transactions=float(transactions),
        )

    def used_by(self, work: Callable[[], object], like: str = "%") -> Used:
        """Return what was used while this was done."""
        before = self.look(like)
        work()
        time.sleep(0.3)  # a backend that ends tells its numbers last
        return self.look(like).since(before)

    def backends(self, database: str) -> list[int]:
        """Return the processes that serve a database, without those of PostgreSQL's own."""
        return [
            pid
            for (pid,) in self.asks.execute(
                "SELECT pid FROM pg_stat_activity WHERE datname = %s AND backend_type = 'client backend'",
                [database],
            )
        ]

    def create(self, name: str, template: str = "template0") -> float:
        """Create a database; return the seconds it took."""
        began = time.monotonic()
        self.asks.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"'.encode())
        return time.monotonic() - began

    def size_mb(self, name: str) -> float:
        """Return how large a database is."""
        return float(self.value("SELECT pg_database_size(%s)", name)) / 1e6

    def files(self, name: str) -> int:
        """Return of how many files a database is made."""
        number = self.value("SELECT oid FROM pg_database WHERE datname = %s", name)
        return sum(1 for _ in (self.folder / "data/base" / str(number)).iterdir())
