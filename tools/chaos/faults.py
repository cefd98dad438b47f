"""The faults: each does one thing to the practice while emails are due, and leaves nothing broken behind."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from random import Random

import psycopg

from practice.tests.processes.killing import BEFORE, CLAIMED, TAKEN, kill_once, kill_with_text_taken
from practice.tests.processes.practice_site import group_of
from practice.tests.processes.waiting import soon
from tools.chaos.practice import ChaosPractice, runs

#: The row of the table for each fault.
KILLED_BEFORE, KILLED_CLAIMED, KILLED_TAKEN, KILLED_WITH_TEXT, KILLED_ANY, KILLED_CHILD = (
    "worker killed before it claimed an email",
    "worker killed with an email claimed and not handed over",
    "worker killed with an email handed over and not noted",
    "worker killed with a text message handed over and not noted",
    "worker killed at any moment",
    "the worker’s child process killed at any moment",
)
AIMS = {KILLED_BEFORE: BEFORE, KILLED_CLAIMED: CLAIMED, KILLED_TAKEN: TAKEN}
SHORT, BEGINS_WITHIN = 4.0, 20.0  # seconds that a fault lasts, and until a worker is at work
LOCKED_FOR = (2.0, 22.0)  # seconds; SQLite is waited for for 20
NO_ANSWER_FOR = 31.0  # seconds; the mail server is given 30


@dataclass
class Storm:
    """What the faults work on. `done`: how often each was really done.

    `each`: how many emails of each kind are planned first; `in_front`: how many of the kind a fault meets.
    """

    practice: ChaosPractice
    luck: Random
    done: Counter[str]
    each: int = 10
    in_front: int = 25


def kill_aimed(storm: Storm, row: str) -> None:
    """Kill a worker that is held in one phase of its work. No other runs, so that no other lease is cut."""
    practice = storm.practice
    if row == KILLED_WITH_TEXT:
        kill_with_text_taken(practice.site, practice.gateway, lambda: a_worker(practice))
    else:
        kill_once(practice.site, practice.smtp, AIMS[row], lambda: a_worker(practice), luck=storm.luck)
    practice.killed()
    storm.done[row] += 1


def a_worker(practice: ChaosPractice) -> subprocess.Popen[bytes]:
    """Start a worker that finds a tick waiting."""
    practice.site.tick()
    return practice.site.worker()


def kill_any(storm: Storm, row: str) -> None:
    """Kill a worker with its children, or its child alone, at a random moment."""
    at_work(storm.practice)
    time.sleep(storm.luck.uniform(0, 0.5))
    worker = storm.luck.choice([one for one in storm.practice.workers if runs(one)])
    group = group_of(worker.pid)
    for pid in group if row == KILLED_ANY else [pid for pid in group if pid != worker.pid]:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    storm.practice.killed()
    storm.done[row] += 1


def at_work(practice: ChaosPractice) -> None:
    """Wait until a worker hands something over."""
    before = len(practice.record.arrivals)
    soon(lambda: len(practice.record.arrivals) > before, BEGINS_WITHIN)


def stop_workers(storm: Storm, row: str) -> None:
    """Tell the workers to stop, as a new version does: each finishes its email."""
    at_work(storm.practice)
    storm.done[row] += len(storm.practice.workers)
    storm.practice.stop_workers()


def kill_beat(storm: Storm, row: str) -> None:
    """Kill the clock."""
    kill_program(storm, row, storm.practice.beat)


def kill_broker(storm: Storm, row: str) -> None:
    """Kill the broker, with the ticks it holds."""
    kill_program(storm, row, storm.practice.broker)


def kill_program(storm: Storm, row: str, program: subprocess.Popen[bytes] | None) -> None:
    """Kill a program; it is away for a moment."""
    assert program is not None
    program.kill()
    program.wait()
    storm.done[row] += 1
    time.sleep(storm.luck.uniform(0, SHORT))


def kill_web(storm: Storm, row: str) -> None:
    """Kill a process of the web server; the server starts another."""
    web = storm.practice.web
    assert web is not None
    storm.done[row] += web.kill_one(storm.luck.randrange(8))


def email_fault(what: str) -> Callable[[Storm, str], None]:
    """Return the fault that the mail server does this to a few emails."""

    def fault(storm: Storm, row: str) -> None:
        smtp = storm.practice.smtp
        before = smtp.done[what]
        is_done = smtp.do_to_next(what, storm.luck.randint(1, 4))
        soon(is_done, BEGINS_WITHIN)
        smtp.calm()
        storm.done[row] += smtp.done[what] - before

    return fault


def text_fault(what: str) -> Callable[[Storm, str], None]:
    """Return the fault that the gateway does this to a few texts."""

    def fault(storm: Storm, row: str) -> None:
        gateway = storm.practice.gateway
        before = gateway.done[what]
        gateway.next_ones[what] = 2
        gateway.drops = what == "dropped"
        soon(lambda: gateway.done[what] >= before + 2, BEGINS_WITHIN)
        gateway.next_ones[what], gateway.drops = 0, False
        storm.done[row] += gateway.done[what] - before

    return fault


def slow_server(storm: Storm, row: str) -> None:
    """Have the mail server answer a second later at every stage."""
    smtp = storm.practice.smtp
    at_work(storm.practice)
    smtp.delays = {"MAIL": 0.5, "DATA": 0.5, "TAKEN": storm.luck.uniform(0.5, 2)}
    time.sleep(SHORT)
    smtp.calm()
    storm.done[row] += 1


def silent_server(storm: Storm, row: str) -> None:
    """Have the mail server take emails and never say so, for longer than it is waited for."""
    smtp = storm.practice.smtp
    is_held = smtp.hold("TAKEN")
    if soon(is_held, BEGINS_WITHIN):
        time.sleep(NO_ANSWER_FOR)
        storm.done[row] += 1
    smtp.calm()


def server_away(storm: Storm, row: str) -> None:
    """Have the mail server hang up on whoever connects, for a moment."""
    smtp = storm.practice.smtp
    smtp.is_away = True
    time.sleep(storm.luck.uniform(0.5, SHORT))
    smtp.is_away = False
    storm.done[row] += 1


def lock_database(storm: Storm, row: str) -> None:
    """Let nobody write in the database, once for longer than SQLite is waited for."""
    at_work(storm.practice)
    with storm.practice.site.writes_wait():
        time.sleep(LOCKED_FOR[storm.done[row] % 2 == 0])
    storm.done[row] += 1


def crash_database(storm: Storm, row: str) -> None:
    """Kill a process of PostgreSQL, which ends all connections and recovers from its log."""
    at_work(storm.practice)
    (pid,) = storm.practice.site.sql("SELECT pg_backend_pid()")[0]
    os.kill(pid, signal.SIGKILL)
    assert soon(lambda: is_back(storm.practice), 60)
    storm.done[row] += 1


def close_database(storm: Storm, row: str) -> None:
    """End all connections to the database, and refuse new ones for some seconds."""
    site = storm.practice.site
    at_work(storm.practice)
    name = site.database_url.partition("?")[0].rpartition("/")[2]
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as server:
        server.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false".encode())
        server.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name])
        time.sleep(storm.luck.uniform(1, 2 * SHORT))
        server.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true".encode())
    assert soon(lambda: is_back(storm.practice), 60)
    storm.done[row] += 1


def is_back(practice: ChaosPractice) -> bool:
    """Return whether the database answers."""
    with suppress(psycopg.OperationalError):
        return practice.site.sql("SELECT 1") == [(1,)]
    return False


#: Row of the table → the fault. A storm deals them like cards: each once before any comes again.
EVERYWHERE: dict[str, Callable[[Storm, str], None]] = {
    **dict.fromkeys((*AIMS, KILLED_WITH_TEXT), kill_aimed),
    KILLED_ANY: kill_any,
    KILLED_CHILD: kill_any,
    "worker told to stop": stop_workers,
    "beat killed": kill_beat,
    "broker killed": kill_broker,
    "web process killed": kill_web,
    "SMTP connection dropped before DATA": email_fault("dropped before DATA"),
    "SMTP connection dropped after DATA": email_fault("dropped after DATA"),
    "mail server refused for now (451)": email_fault("4xx"),
    "mail server refused: no such user (550)": email_fault("no such user"),
    "mail server refused: policy (554)": email_fault("policy"),
    "mail server slow": slow_server,
    "mail server silent for 31 seconds": silent_server,
    "mail server hung up on every connection": server_away,
    "gateway dropped the line after it took a text": text_fault("dropped"),
    "gateway refused for now (503)": text_fault("503"),
    "gateway refused: dead number (400)": text_fault("dead number"),
}
ON_SQLITE = {"database locked for 2 or 22 seconds": lock_database}
ON_POSTGRES = {
    "database server crashed": crash_database,
    "database away for some seconds": close_database,
}


def faults_of(practice: ChaosPractice) -> dict[str, Callable[[Storm, str], None]]:
    """Return the faults that can be done to this practice."""
    found = EVERYWHERE | (ON_SQLITE if practice.site.sqlite else ON_POSTGRES)
    return {row: fault for row, fault in found.items() if practice.web or fault is not kill_web}
