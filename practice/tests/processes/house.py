"""For real processes: a practice in a folder of its own, with a database of the kind the tests run on."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import psycopg

from practice.processes import broker, programs
from practice.tests.processes.template import copy_file
from practice.tests.processes.up_runner import own_database

ROOT = Path(__file__).resolve().parents[3]
POST = """
import datetime as dt, uuid
from practice.tests.mail.builders import make_letter
for number in range({count}):
    make_letter({kind!r}, key=str(uuid.uuid4()), due_at=dt.datetime.now(dt.UTC))
"""


class House:
    """Where it lives, how to run its commands, and a look into its tables past Django."""

    def __init__(self, folder: Path, database_url: str) -> None:
        self.folder = folder
        self.database_url = database_url
        self.env = {**os.environ, "VAR_DIR": str(folder), "DATABASE_URL": database_url}
        self.started: list[subprocess.Popen[bytes]] = []

    def manage(self, *words: str) -> str:
        """Run `manage.py …` to its end; what it printed."""
        return subprocess.run(
            [sys.executable, "manage.py", *words],
            cwd=ROOT,
            env=self.env,
            check=True,
            capture_output=True,
            text=True,
            timeout=120,
        ).stdout

    def start(self, *command: str) -> subprocess.Popen[bytes]:
        """Start a process in a group of its own; its output goes to a file in the folder."""
        with (self.folder / f"output-{len(self.started)}.txt").open("wb") as output:
            process = subprocess.Popen(
                command, cwd=ROOT, env=self.env, stdout=output, stderr=output, start_new_session=True
            )
        self.started.append(process)
        return process

    def sender(self) -> subprocess.Popen[bytes]:
        """A sender without Celery."""
        return self.start(sys.executable, "manage.py", "deliver", "--loop")

    def post(self, kind: str, count: int) -> None:
        """Plan letters that are due now."""
        self.manage("shell", "--no-imports", "-c", POST.format(kind=kind, count=count))

    def sql(self, statement: str) -> list[tuple[Any, ...]]:
        """Run one statement of our own."""
        if self.database_url.startswith("sqlite"):
            path = self.folder / "portal.sqlite3"
            with sqlite3.connect(path, timeout=20, isolation_level=None) as connection:
                rows = connection.execute(statement).fetchall()
            connection.close()
            return rows
        with psycopg.connect(self.database_url, autocommit=True) as connection:
            cursor = connection.execute(statement.encode())
            return cursor.fetchall() if cursor.description else []

    def letters(self) -> dict[str, tuple[str, str]]:
        """Message-ID → kind and state of every letter."""
        return {
            row[0]: (row[1], row[2])
            for row in self.sql("SELECT message_id, kind, state FROM practice_letter")
        }

    def age_leases(self) -> None:
        """As if the lease of every claimed letter were over."""
        self.sql("UPDATE practice_letter SET leased_until = '2020-01-01 00:00:00' WHERE state = 'claimed'")

    def end(self) -> None:
        """Stop what is still running."""
        for process in self.started:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()

    def outputs(self) -> str:
        """What its processes said, for a test that fails."""
        return json.dumps(
            {file.name: file.read_text()[-2000:] for file in self.folder.glob("output-*")}, indent=1
        )


class CeleryHouse(House):
    """With a broker of its own, and the worker and the clock as `up` starts them."""

    @property
    def socket(self) -> Path:
        """Where the broker listens."""
        return Path(self.env["REDIS_URL"].removeprefix("unix://"))

    def broker(self) -> subprocess.Popen[bytes]:
        """The broker; it listens on return."""
        program = broker.program(socket=self.socket, data=self.folder / "broker")
        process = self.start(*program.argv)
        assert soon(program.ready, 60), self.outputs()
        return process

    def worker(self) -> subprocess.Popen[bytes]:
        """The worker that delivers letters."""
        return self.start(*programs.worker("letters").argv)

    def beat(self) -> subprocess.Popen[bytes]:
        """The clock. Where it ran before and was told to stop, its first tick comes at once."""
        return self.start(*programs.beat(self.folder / "beat").argv)


AnyHouse = TypeVar("AnyHouse", bound=House)


@contextmanager
def celery_house_in(folder: Path, **env: str) -> Iterator[CeleryHouse]:
    """A practice that has a broker, a worker and a clock; none is started yet."""
    with tempfile.TemporaryDirectory(prefix="mp-") as short:  # a socket's path may have 108 bytes
        env["REDIS_URL"] = f"unix://{Path(short) / 'broker.sock'}"
        with house_in(folder, CeleryHouse, **env) as house:
            yield house


@contextmanager
def house_in(folder: Path, kind: Callable[[Path, str], AnyHouse] = House, **env: str) -> Iterator[AnyHouse]:
    """A migrated practice while the block runs, on the engine that DATABASE_URL names for these tests."""
    with a_database(folder) as database_url:
        house = kind(folder, database_url)
        house.env.update(env)
        try:
            yield house
        finally:
            house.end()


@contextmanager
def a_database(folder: Path) -> Iterator[str]:
    """A migrated database beside the one that was given: a file, or one on the same PostgreSQL server."""
    with own_database(os.environ.get("DATABASE_URL", ""), migrated=True) as url:
        if not url:
            copy_file(folder / "portal.sqlite3")
        yield url or f"sqlite:///{folder / 'portal.sqlite3'}"


def soon(true: Callable[[], bool], seconds: float) -> bool:
    """Whether it becomes true within so many seconds."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if true():
            return True
        time.sleep(0.05)
    return true()
