"""For real processes: a practice in a folder of its own, with a database of the kind the tests run on."""

from __future__ import annotations

import json
import os
import select
import signal
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any, TypeVar

import psycopg
import redis
from celery import Celery

from practice.site.processes import broker as processes_broker
from practice.site.processes import programs
from practice.tests.mail.server import MailServer
from practice.tests.processes.database_template import copy_file
from practice.tests.processes.forked import CELERY, DELIVER, Forked
from practice.tests.processes.up_runner import own_database
from practice.tests.processes.waiting import soon

ROOT = Path(__file__).resolve().parents[3]
POST = """
import datetime as dt, uuid
from practice.tests.mail.builders import make_letter
for number in range({count}):
    letter = make_letter({kind!r}, key=str(uuid.uuid4()), due_at=dt.datetime.now(dt.UTC), **{fields!r})
    print(letter.message_id)
"""
WRITES_WAIT = {"sqlite": "BEGIN IMMEDIATE", "postgresql": "LOCK TABLE practice_letter IN EXCLUSIVE MODE"}
LOCKED_OUT = (
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
)


class PracticeSite:
    """Where it lives, how to run code inside it, and a look into its tables past Django."""

    def __init__(self, folder: Path, database_url: str) -> None:
        self.folder = folder
        self.database_url = database_url
        self.env = {**os.environ, "VAR_DIR": str(folder), "DATABASE_URL": database_url}
        self.started: list[subprocess.Popen[bytes] | Forked] = []
        self.shell: subprocess.Popen[bytes] | None = None
        self.postgres: psycopg.Connection | None = None

    @property
    def sqlite(self) -> bool:
        """Whether its database is a file."""
        return self.database_url.startswith("sqlite")

    def inside(self, *code: str) -> str:
        """Run these lines in an interpreter that the first call starts; what they printed."""
        if self.shell is None:
            command = [sys.executable, "-m", "practice.tests.processes.shell"]
            self.shell = self.start(*command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        assert self.shell.stdin
        assert self.shell.stdout
        self.shell.stdin.write(json.dumps("\n".join(code)).encode() + b"\n")
        self.shell.stdin.flush()
        assert select.select([self.shell.stdout], [], [], 120)[0], self.outputs()
        answer = self.shell.stdout.readline()
        assert answer, self.outputs()
        printed, failed = json.loads(answer)
        assert not failed, failed
        return str(printed)

    def start(self, *command: str, **pipes: int) -> subprocess.Popen[bytes]:
        """Start a process in a group of its own. Its output goes to a file, but for `pipes`."""
        with self.output(len(self.started)).open("wb") as output:
            process = subprocess.Popen(
                command,
                cwd=ROOT,
                env=self.env,
                start_new_session=True,
                **{"stdout": output, "stderr": output, **pipes},
            )
        self.started.append(process)
        return process

    def output(self, number: int) -> Path:
        """The file that holds what the process of this number said."""
        return self.folder / f"output-{number}.txt"

    def said_by(self, process: subprocess.Popen[bytes] | Forked) -> str:
        """What a process of the practice has said so far."""
        return self.output(self.started.index(process)).read_text()

    def sender(self) -> subprocess.Popen[bytes]:
        """A sender without Celery."""
        return self.start(sys.executable, "manage.py", "deliver", "--loop")

    def forked_sender(self) -> Forked:
        """The same, forked from the practice's interpreter: where many are killed, and none need load all."""
        return self.fork(DELIVER)

    def fork(self, runs: str) -> Forked:
        """Fork the practice's interpreter, which then runs this line and ends."""
        self.inside()  # it is the first that was started
        forked = Forked(self, runs, output=str(self.output(len(self.started))))
        self.started.append(forked)
        return forked

    def post(self, kind: str, count: int, **fields: str) -> list[str]:
        """Plan letters that are due now; their Message-IDs."""
        return self.inside(POST.format(kind=kind, count=count, fields=fields)).split()

    def deliver(self) -> None:
        """Send what is due, in the practice's own interpreter."""
        self.inside("from django.core.management import call_command", "call_command('deliver')")

    @contextmanager
    def writes_wait(self) -> Iterator[None]:
        """While the block runs, whoever wants to claim a letter waits."""
        if self.sqlite:
            with closing(sqlite3.connect(self.file, timeout=20, isolation_level=None)) as connection:
                connection.execute(WRITES_WAIT["sqlite"])
                yield
            return
        with psycopg.connect(self.database_url) as connection:
            connection.execute(WRITES_WAIT["postgresql"])
            yield
            connection.rollback()

    def is_locked_out(self, process: subprocess.Popen[bytes] | Forked) -> bool:
        """Whether the process or a child is at the database's door, while `writes_wait`."""
        if self.sqlite:  # which tells nobody who waits: it is open, and nothing can be claimed in it
            return any(str(self.file) in opened_by(pid) for pid in group_of(process.pid))
        return bool(self.sql(LOCKED_OUT)[0][0])

    @property
    def file(self) -> Path:
        """Where the database is, when it is a file."""
        return self.folder / "portal.sqlite3"

    def sql(self, statement: str) -> list[tuple[Any, ...]]:
        """Run one statement of our own."""
        if self.sqlite:
            with closing(sqlite3.connect(self.file, timeout=20, isolation_level=None)) as connection:
                return connection.execute(statement).fetchall()
        if self.postgres is None or self.postgres.closed:  # kept: what is waited for is asked again and again
            self.postgres = psycopg.connect(self.database_url, autocommit=True)
        cursor = self.postgres.execute(statement.encode())
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
        if self.postgres:
            self.postgres.close()
        for process in reversed(self.started):  # what was forked before the interpreter that forked it
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
            for pipe in (process.stdin, process.stdout):
                if pipe:
                    pipe.close()

    def outputs(self) -> str:
        """What its processes said, for a test that fails."""
        return json.dumps(
            {file.name: file.read_text()[-2000:] for file in self.folder.glob("output-*")}, indent=1
        )


class CelerySite(PracticeSite):
    """With a broker of its own, and the worker and the clock as `up` starts them."""

    @property
    def socket(self) -> Path:
        """Where the broker listens."""
        return Path(self.env["REDIS_URL"].removeprefix("unix://"))

    def broker(self) -> subprocess.Popen[bytes]:
        """The broker; it listens on return."""
        program = processes_broker.program(socket=self.socket, data=self.folder / "broker")
        process = self.start(*program.argv)
        assert soon(program.ready, 60), self.outputs()
        return process

    def tick(self) -> None:
        """Send what the clock sends every five seconds."""
        self.send("practice.deliver")

    def send(self, task: str, queue: str = "letters") -> None:
        """Have the worker do this after all that was sent to the queue before."""
        url = self.env["REDIS_URL"].replace("unix://", "redis+socket://", 1)
        with Celery("a test", broker=url, set_as_current=False) as app:
            app.send_task(task, queue=queue, ignore_result=True)

    def works_off(self) -> bool:
        """Whether the worker soon has done all that was sent to it so far: it takes up another task."""
        self.send("booking.release_holds")
        with closing(redis.Redis(unix_socket_path=str(self.socket))) as queue:
            return soon(lambda: not queue.llen("letters") and not queue.hlen("unacked"), 60)

    def looks_again(self, smtp: MailServer) -> bool:
        """Whether the worker soon has gone through all that is due: a letter behind them all arrives."""
        (last,) = self.post("newsletter", 1, to_address="last@example.com", category="encouragement")
        self.tick()
        return soon(lambda: smtp.copies()[last], 120)

    def worker(self) -> subprocess.Popen[bytes]:
        """The worker that delivers letters."""
        return self.start(*programs.command_line(programs.worker(clock=None)))

    def forked_worker(self) -> Forked:
        """The same, forked from the practice's interpreter: where many are killed, and none need load all."""
        return self.fork(CELERY.format(argv=list(programs.worker(clock=None).argv)))

    def beat(self) -> subprocess.Popen[bytes]:
        """The clock alone. Where it ran before and was told to stop, its first tick comes at once."""
        state = ("--schedule", str(self.folder / "beat-schedule"), "--pidfile", "")
        return self.start(sys.executable, "-m", *programs.celery("beat"), *state)


AnyHouse = TypeVar("AnyHouse", bound=PracticeSite)


@contextmanager
def celery_site_in(folder: Path, **env: str) -> Iterator[CelerySite]:
    """A practice that has a broker, a worker and a clock; none is started yet."""
    with tempfile.TemporaryDirectory(prefix="mp-") as short:  # a socket's path may have 108 bytes
        env["REDIS_URL"] = f"unix://{Path(short) / 'broker.sock'}"
        with practice_site_in(folder, CelerySite, **env) as practice_site:
            yield practice_site


@contextmanager
def practice_site_in(
    folder: Path, kind: Callable[[Path, str], AnyHouse] = PracticeSite, **env: str
) -> Iterator[AnyHouse]:
    """A migrated practice while the block runs, on the engine that DATABASE_URL names for these tests."""
    with a_database(folder) as database_url:
        practice_site = kind(folder, database_url)
        practice_site.env.update(env)
        try:
            yield practice_site
        finally:
            practice_site.end()


@contextmanager
def a_database(folder: Path) -> Iterator[str]:
    """A migrated database beside the one that was given: a file, or one on the same PostgreSQL server."""
    with own_database(os.environ.get("DATABASE_URL", ""), migrated=True) as url:
        if not url:
            copy_file(folder / "portal.sqlite3")
        yield url or f"sqlite:///{folder / 'portal.sqlite3'}"


def group_of(leader: int) -> list[int]:
    """The processes of the group that this one leads."""
    found = []
    for entry in Path("/proc").iterdir():
        with suppress(OSError):
            if entry.name.isdigit() and os.getpgid(int(entry.name)) == leader:
                found.append(int(entry.name))
    return found


def opened_by(pid: int) -> set[str]:
    """The files that a process has open."""
    with suppress(OSError):
        return {os.readlink(link) for link in Path(f"/proc/{pid}/fd").iterdir()}
    return set()
