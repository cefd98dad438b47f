"""A program that runs: started anew, or forked from this process, which has loaded already what it needs.

A fork shares the memory of what was loaded, and begins at once. It is for Python programs of ours alone, from
a process without threads and without connections to a database.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import runpy
import signal
import subprocess
import sys
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from practice.site.processes.tether import tether

TETHER = Path(__file__).with_name("tether.py")
PR_SET_NAME = 15
#: The signals that this process handles itself.
OURS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGUSR1, signal.SIGCHLD)


class Child(Protocol):
    """A child process, as `subprocess.Popen` answers for it. `output`: what it says, to be read."""

    pid: int
    output: int

    def poll(self) -> int | None:
        """Return its exit code (negative: the signal that ended it); None while it runs."""

    def terminate(self) -> None:
        """Send it SIGTERM."""

    def wait(self) -> int:
        """Wait until it has ended; return its exit code."""


class Spawned:
    """A program started anew, in a session of its own."""

    def __init__(self, argv: Sequence[str], cwd: Path) -> None:
        # A session of its own: Ctrl-C in the terminal reaches us alone, and we stop the others in order.
        self._process = subprocess.Popen(
            [sys.executable, "-I", str(TETHER), str(os.getpid()), *argv],
            cwd=cwd,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        assert self._process.stdout
        self.pid, self.output = self._process.pid, os.dup(self._process.stdout.fileno())
        self._process.stdout.close()
        self.poll, self.wait, self.terminate = (
            self._process.poll,
            self._process.wait,
            self._process.terminate,
        )


class Forked:
    """A Python program forked from this process: `argv` is what `python -m` would be given."""

    def __init__(self, argv: Sequence[str], cwd: Path, *, name: str) -> None:
        self._code: int | None = None
        self.output, write = os.pipe()
        self.pid = fork(lambda: _become(argv, cwd, name, write))
        os.close(write)

    def poll(self) -> int | None:
        """Return its exit code (negative: the signal that ended it); None while it runs."""
        return self._ended(os.WNOHANG)

    def wait(self) -> int:
        """Wait until it has ended; return its exit code."""
        code = self._ended(0)
        assert code is not None
        return code

    def terminate(self) -> None:
        """Send it SIGTERM."""
        if self.poll() is None:
            os.kill(self.pid, signal.SIGTERM)

    def _ended(self, options: int) -> int | None:
        if self._code is None:
            pid, status = os.waitpid(self.pid, options)
            if pid:
                self._code = os.waitstatus_to_exitcode(status)
        return self._code


@dataclass
class Output:
    """What a program says, line by line."""

    name: str
    fd: int
    rest: bytes = b""

    def lines(self) -> tuple[list[str], bool]:
        """Read what is there; return the lines that are complete, and whether more may come."""
        try:
            read = os.read(self.fd, 65536)
        except BlockingIOError:
            return [], True
        *lines, self.rest = (self.rest + read).split(b"\n")
        if not read and self.rest:
            lines, self.rest = [*lines, self.rest], b""
        return [line.decode(errors="replace").rstrip() for line in lines], bool(read)


def fork(work: Callable[[], None]) -> int:
    """Fork; do the work in the child, which then ends: 0, or 1 after an exception. Return its pid."""
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError):  # a terminal that has gone away
            stream.flush()
    parent = os.getpid()
    # A signal that comes between the fork and the next lines would be handled as by the parent.
    before = signal.pthread_sigmask(signal.SIG_BLOCK, OURS)
    pid = os.fork()
    if not pid:
        os._exit(_exit_code(work, parent, before))
    signal.pthread_sigmask(signal.SIG_SETMASK, before)
    return pid


def _exit_code(work: Callable[[], None], parent: int, mask: set[int | signal.Signals]) -> int:
    """Do the work of a child just forked, and return its exit code."""
    code = 0
    try:
        signal.set_wakeup_fd(-1)
        for number in OURS:
            signal.signal(number, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)
        tether(parent)
        work()
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(end.code is not None)
        if isinstance(end.code, str):
            print(end.code, file=sys.stderr)
    except BaseException:  # noqa: BLE001  (nobody above would say it: this process ends here)
        traceback.print_exc()
        code = 1
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError, ValueError):
            stream.flush()
    return code


def _become(argv: Sequence[str], cwd: Path, name: str, output: int) -> None:
    """Run a module as a program of its own: its session, its output, nothing open that is not its own."""
    os.setsid()
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(output, 1)
    os.dup2(output, 2)
    os.closerange(3, 1024)
    # Opened anew: what these names stood for may have been replaced, and belongs to this process's parent.
    sys.stdin = open(0, closefd=False)  # noqa: SIM115
    sys.stdout, sys.stderr = (
        open(fd, "w", buffering=1, errors="replace", closefd=False)  # noqa: SIM115
        for fd in (1, 2)
    )
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_NAME, name.encode()[:15])
    os.chdir(cwd)
    sys.argv = list(argv)
    runpy.run_module(argv[0], run_name="__main__", alter_sys=True)
