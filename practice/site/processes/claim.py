"""The claim on a var/, so that one `up` runs for each, and the remains of a run that was killed.

The claim is a POSIX record lock: it goes with the process that took it, however that ends, and is not
inherited by the programs it starts. The file names those programs, so that the next start finds them.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO

from practice.site.processes.program import Ended


class AlreadyRunning(Exception):
    """Raised when another `up` holds this var/. `pid`: its process, if known."""

    def __init__(self, pid: int | None) -> None:
        self.pid = pid
        super().__init__("another “up” is running here" + (f" (process {pid})" if pid else ""))


class Claim:
    """The claim on a var/, held until the process ends. It knows what the last holder started."""

    def __init__(self, file: IO[str]) -> None:
        self._file = file

    @property
    def left_over(self) -> dict[str, int]:
        """Return name → pid of the programs that the last run started and that are still alive."""
        return {
            name: entry["pid"]
            for name, entry in _read(self._file).get("programs", {}).items()
            if process_started_at(entry["pid"]) == entry["born"]
        }

    def note(self, programs: Mapping[str, int], ended: Mapping[str, Ended] | None = None) -> None:
        """Write down what is running (name → pid) and what died meanwhile. Empty after a clean stop."""
        known = {name: {"pid": pid, "born": process_started_at(pid)} for name, pid in programs.items()}
        self._file.seek(0)
        self._file.truncate()
        died = {name: asdict(one) for name, one in (ended or {}).items()}
        json.dump({"pid": os.getpid(), "programs": known, "ended": died}, self._file)
        self._file.flush()


@contextlib.contextmanager
def claimed(var: Path) -> Iterator[Claim]:
    """Hold the claim on `var`. Raises AlreadyRunning at once when somebody else does."""
    var.mkdir(parents=True, exist_ok=True)
    with (var / "up.json").open("a+", encoding="utf-8") as file:
        try:
            fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise AlreadyRunning(_read(file).get("pid")) from error
        yield Claim(file)


@dataclass(frozen=True)
class RunningUp:
    """An `up` that runs: its process, and the names of the programs it started."""

    pid: int
    programs: frozenset[str]


def running_up(var: Path) -> RunningUp | None:
    """Return the `up` that runs here, as its own note says; None when none does.

    The claim is not asked for: an `up` that starts at this moment would find it taken.
    """
    try:
        with (var / "up.json").open(encoding="utf-8") as file:
            said = _read(file)
    except OSError:
        return None
    living = [
        name
        for name, one in said.get("programs", {}).items()
        if process_started_at(one["pid"]) == one["born"]
    ]
    return RunningUp(said["pid"], frozenset(living)) if living and process_started_at(said["pid"]) else None


def died_programs(var: Path) -> dict[str, Ended] | None:
    """Return what `up` says of the programs that died; None where no `up` runs here.

    Written and read by different processes: a text caught half-way says nothing.
    """
    try:
        said = json.loads((var / "up.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    if not said.get("programs"):
        return None
    return {name: Ended(**one) for name, one in said.get("ended", {}).items()}


def stop_left_over(programs: Mapping[str, int], *, patience: float) -> None:
    """Ask each process group to end; after `patience` seconds, kill it. Return when all are gone."""
    deadline = time.monotonic() + patience
    for pid in programs.values():
        _signal(pid, signal.SIGTERM)
    while any(process_started_at(pid) for pid in programs.values()):
        if time.monotonic() > deadline:
            for pid in programs.values():
                _signal_group(pid, signal.SIGKILL)
        time.sleep(0.1)


def process_started_at(pid: int) -> str:
    """Return when a process was started, in the system's own words; empty when it is gone.

    Tells a process from a later one with the same pid.
    """
    stat = Path(f"/proc/{pid}/stat")
    if Path("/proc/self/stat").exists():
        try:
            after_name = stat.read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
        except OSError:
            return ""
        return "" if after_name[0] == "Z" else after_name[19]
    asked = subprocess.run(
        ["ps", "-o", "lstart=", "-p", str(pid)], capture_output=True, text=True, check=False
    )
    return asked.stdout.strip()


def _read(file: IO[str]) -> dict:
    file.seek(0)
    try:
        return json.load(file)
    except ValueError:  # new, or cut off when the machine lost its power
        return {}


def _signal(pid: int, number: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, number)


def _signal_group(pid: int, number: int) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, number)
