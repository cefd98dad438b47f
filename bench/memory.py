"""A measurement of `manage.py up`: its memory, and the time until its first page, beside an earlier build.

The earlier build (the last in which each program loaded everything for itself) and HEAD run in turn with
the demo, each from a new checkout and on its own data: once from nothing, then ROUNDS times with what is
there. Memory is the sum of PSS over all its processes, which counts shared memory once, at rest and after
REQUESTS requests for the first page. Linux only.
"""

from __future__ import annotations

import os
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench.earlier_build import BASE, earlier_code

ROUNDS, REQUESTS, PATIENCE = 3, 200, 900


@dataclass(frozen=True)
class Found:
    """What one start took: seconds to the first page, megabytes at rest and in use, processes."""

    seconds: float
    at_rest: float
    in_use: float
    processes: int


def free_port() -> int:
    """Return a port that is free now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def family(pid: int) -> list[int]:
    """Return a process and all that descend from it."""
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:
        return []
    return [pid, *(one for child in children for one in family(int(child)))]


def megabytes(pids: list[int]) -> float:
    """Return the sum of the PSS of these processes."""
    lines = [line for pid in pids for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()]
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024


def answers(url: str) -> bool:
    """Return whether the page is served."""
    try:
        with urllib.request.urlopen(url, timeout=60) as answer:
            answer.read()
        return True
    except (OSError, urllib.error.HTTPError):
        return False


def start_once(code: Path, data: Path) -> Found:
    """Start a build on its data, measure, and stop it."""
    port = free_port()
    environ = {**os.environ, "VAR_DIR": str(data), "PORT": str(port), "DEMO": "1", "PYTHONPATH": str(code)}
    environ |= {"DATABASE_URL": "", "REDIS_URL": "", "EMAIL_URL": ""}
    with (data.parent / f"{data.name}.log").open("wb") as log:
        began = time.monotonic()
        up = subprocess.Popen(
            [sys.executable, "manage.py", "up"], cwd=code, env=environ, stdout=log, stderr=log
        )
        try:
            while not answers(f"http://127.0.0.1:{port}/"):
                assert up.poll() is None, log.name
                assert time.monotonic() < began + PATIENCE, log.name
                time.sleep(0.02)
            seconds = time.monotonic() - began
            time.sleep(15)  # three ticks: the workers have done what they do at rest
            at_rest = megabytes(family(up.pid))
            for _ in range(REQUESTS):
                answers(f"http://127.0.0.1:{port}/")
            found = family(up.pid)
            return Found(seconds, at_rest, megabytes(found), len(found))
        finally:
            up.send_signal(signal.SIGTERM)
            up.wait(60)


def line(name: str, before: list[float], now: list[float], unit: str) -> str:
    """Return a line of the table: medians, and the ratio of one run."""
    old, new = statistics.median(before), statistics.median(now)
    return f"  {name:34} {old:8.1f} {unit:2} {new:8.1f} {unit:2}  {new / old:5.2f} x"


def main() -> None:
    """Measure both builds in turn, and print the table."""
    with (
        tempfile.TemporaryDirectory(prefix="portal-bench-") as name,
        earlier_code(Path(name) / "code-before") as code,
        earlier_code(Path(name) / "code-now", "HEAD") as head,  # like a fresh clone: nothing is compiled yet
    ):
        builds = {"before": code, "now": head}
        fresh = {key: start_once(build, Path(name) / key) for key, build in builds.items()}
        warm: dict[str, list[Found]] = {key: [] for key in builds}
        for _ in range(ROUNDS):
            for key, build in builds.items():
                warm[key].append(start_once(build, Path(name) / key))
    before, now = warm["before"], warm["now"]
    print(
        f"manage.py up with the demo, beside {BASE}: {before[0].processes} and {now[0].processes} processes"
    )
    print(line("first page, from nothing", [fresh["before"].seconds], [fresh["now"].seconds], "s"))
    print(
        line(
            "first page, with what is there",
            [one.seconds for one in before],
            [one.seconds for one in now],
            "s",
        )
    )
    print(line("memory at rest", [one.at_rest for one in before], [one.at_rest for one in now], "MB"))
    in_use = [one.in_use for one in before], [one.in_use for one in now]
    print(line(f"memory after {REQUESTS} requests", *in_use, "MB"))


if __name__ == "__main__":
    main()
