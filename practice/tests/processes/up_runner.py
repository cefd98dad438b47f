"""A practice of its own to start, watch, hurt and stop: its var/, its port, its database."""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg

from practice.tests.processes.database_template import copy_file, copy_in_postgres
from practice.tests.processes.ports import reserve, reserved_port
from practice.tests.processes.waiting import soon, wait_for

ROOT = Path(__file__).resolve().parents[3]
#: What a practice takes over from the tests: where things are, and the clock they share.
ITS_SURROUNDINGS, ITS_CLOCK = ("PATH", "HOME", "LANG", "TMPDIR"), ("PYTHONPATH", "CLOCK_SHIFT")
READY = "Press Ctrl-C to stop everything."


class Up:
    """`manage.py up` on a var/ of its own. `said` is what it printed so far."""

    def __init__(self, environ: dict[str, str], log: Path) -> None:
        self.environ, self.log = environ, log
        self.process: subprocess.Popen[bytes] | None = None
        self._programs: dict[str, Any] = {}

    @property
    def said(self) -> str:
        return self.log.read_text(encoding="utf-8") if self.log.exists() else ""

    @property
    def url(self) -> str:
        return f"http://localhost:{self.environ['PORT']}"

    @property
    def pids(self) -> dict[str, int]:
        """Name → pid of the programs it started."""
        wait_for(self._read_programs, seconds=60)
        return {name: entry["pid"] for name, entry in self._programs.items()}

    def _read_programs(self) -> bool:
        """Read what it wrote down; False when that was caught half-way: it is rewritten in place."""
        text = Path(self.environ["VAR_DIR"], "up.json").read_text(encoding="utf-8")
        with contextlib.suppress(json.JSONDecodeError):
            self._programs = json.loads(text)["programs"]
            return True
        return False

    def start(self) -> Up:
        """Start it; do not wait."""
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "manage.py", "up"], cwd=ROOT, env=self.environ, stdout=log, stderr=log
            )
        return self

    def ready(self) -> Up:
        """Wait until it says how it is stopped."""
        wait_for(lambda: READY in self.said or self.process.poll() is not None, seconds=180)
        assert READY in self.said, self.said
        return self

    def stop(self, number: int = signal.SIGTERM) -> int:
        """Send a signal and return the exit code."""
        self.process.send_signal(number)
        return self.process.wait(60)

    def get(self, path: str) -> int:
        """The status of a page; 0 when nobody answers."""
        try:
            with urllib.request.urlopen(self.url + path, timeout=60) as answer:
                return answer.status
        except urllib.error.HTTPError as error:
            return error.code
        except OSError:
            return 0

    def ask(self, path: str) -> dict[str, Any]:
        """What a page that speaks JSON says, whatever its status."""
        try:
            with urllib.request.urlopen(self.url + path, timeout=60) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as error:
            return json.load(error)


def end_all(programs: dict[str, int]) -> None:
    """They were told to end when their parent died. Whoever takes a minute over it is named, and killed."""
    soon(lambda: not any(lives(pid) for pid in programs.values()), 60)
    if left := {name: pid for name, pid in programs.items() if lives(pid)}:
        warnings.warn(f"a minute after their parent died there still are: {', '.join(left)}", stacklevel=2)
    for pid in left.values():
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def lives(pid: int) -> bool:
    """Whether the process is there and no zombie."""
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    return False


_reserved: list[socket.socket] = []


def free_port() -> int:
    """Return a port that is reserved until this process ends; `reserved_port` lets go of it earlier."""
    _reserved.append(reserve())
    return int(_reserved[-1].getsockname()[1])


@contextlib.contextmanager
def own_database(database_url: str, *, migrated: bool = False) -> Iterator[str]:
    """A database beside the one in the URL, empty or `migrated`; "" (SQLite under var/) stays ""."""
    if not database_url.startswith("postgres"):
        yield ""
        return
    name = f"up_{secrets.token_hex(6)}"
    with psycopg.connect(database_url, autocommit=True) as server:
        if migrated:
            copy_in_postgres(server, database_url, name)
        else:
            server.execute(f"CREATE DATABASE {name}")
    try:
        yield urlsplit(database_url)._replace(path=f"/{name}").geturl()
    finally:  # on another connection: the server may have been restarted meanwhile
        with psycopg.connect(database_url, autocommit=True) as server:
            server.execute(f"DROP DATABASE {name} WITH (FORCE)")


@contextlib.contextmanager
def running(folder: Path, *, migrated: bool = False, **settings: str) -> Iterator[Up]:
    """A practice ready to be started; whatever is left of it at the end is killed.

    `migrated`: with its tables, where nothing depends on `up` making them.
    """
    kept = {name: os.environ[name] for name in (*ITS_SURROUNDINGS, *ITS_CLOCK) if name in os.environ}
    with (
        reserved_port() as port,
        own_database(os.environ.get("DATABASE_URL", ""), migrated=migrated) as database_url,
    ):
        if migrated and not settings.get("DATABASE_URL", database_url):
            copy_file(folder / "var" / "portal.sqlite3")
        environ = kept | {
            "VAR_DIR": str(folder / "var"),
            "PORT": str(port),
            "DATABASE_URL": database_url,
        }
        up = Up(environ | settings, folder / "up.log")
        try:
            yield up
        finally:
            if up.process and up.process.poll() is None:
                left = {}
                with contextlib.suppress(OSError, ValueError):  # it had not come so far as to write them down
                    left = up.pids
                up.process.kill()
                up.process.wait()
                end_all(left)
