"""Start programs, pass on what they print, and stop them together.

Three things matter here that a general process manager (honcho, for one) does otherwise. Only the program
itself gets SIGTERM, never its whole group: Celery would lose the letter it is sending together with the child
that sends it. The broker goes last, when nobody needs it any more. And there is time to finish, since SMTP
may take half a minute.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

TETHER = Path(__file__).with_name("tether.py")
PATIENCE = 40.0  # seconds; above the 30 of an SMTP conversation, below the 60 that a service manager grants
START = 90.0  # seconds a program may take until it is ready: a small machine may be busy with something else
STOPPING = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)


@dataclass(frozen=True)
class Program:
    """A program to run. `ready`: when the next one may start. `last`: stopped after all the others.

    `log`: the file in which it says what it has to say, when it is not the terminal.
    """

    name: str
    argv: Sequence[str]
    ready: Callable[[], bool] | None = None
    last: bool = False
    log: Path | None = None


class Died(Exception):
    """A program ended that should have gone on, or never got ready."""

    def __init__(self, program: Program, how: str) -> None:
        where = f"stands in {program.log}" if program.log else "stands above"
        super().__init__(f"“{program.name}” {how}. Everything else stops too. What it said last {where}.")


def ending(code: int) -> str:
    """A return code in words."""
    return f"was ended by {signal.Signals(-code).name}" if code < 0 else f"ended by itself (exit code {code})"


@dataclass
class Supervisor:
    """Runs programs until a signal comes or one of them ends. `say` prints a line of our own."""

    programs: Sequence[Program]
    cwd: Path
    say: Callable[[str], None]
    started: Callable[[dict[str, int]], None] = lambda _pids: None
    patience: float = PATIENCE
    _running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    _relays: list[threading.Thread] = field(default_factory=list)
    _asked: threading.Event = field(default_factory=threading.Event)
    _impatient: bool = False

    def run(self, *, welcome: Callable[[], None] = lambda: None) -> int:
        """Start all, call `welcome` when all are ready, and wait.

        0: stopped because it was asked to; 1: a program died.
        """
        before = {number: signal.signal(number, self._on_signal) for number in STOPPING}
        try:
            return self._live(welcome)
        finally:
            self._stop()
            for number, handler in before.items():
                signal.signal(number, handler)

    def _live(self, welcome: Callable[[], None]) -> int:
        try:
            for program in self.programs:
                if not self._asked.is_set():
                    self._start(program)
                    self._until_ready(program)
            if not self._asked.is_set():
                welcome()
            while not self._asked.wait(0.2):
                self._all_alive()
        except Died as death:
            self.say(str(death))
            return 1
        self.say("Stopping: what has begun is finished first. (Ctrl-C again: at once.)")
        return 0

    def _on_signal(self, number: int, frame: object) -> None:
        self._impatient = self._asked.is_set() and number == signal.SIGINT
        self._asked.set()

    def _start(self, program: Program) -> None:
        argv = [sys.executable, "-I", str(TETHER), str(os.getpid()), *program.argv]
        # A session of its own: Ctrl-C in the terminal reaches us alone, and we stop the others in order.
        process = subprocess.Popen(
            argv,
            cwd=self.cwd,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        self._running[program.name] = process
        self.started({name: running.pid for name, running in self._running.items()})
        relay = threading.Thread(target=self._relay, args=(program.name, process), daemon=True)
        relay.start()
        self._relays.append(relay)

    def _until_ready(self, program: Program) -> None:
        deadline = time.monotonic() + START
        while program.ready and not self._asked.is_set() and not program.ready():
            self._all_alive()
            if time.monotonic() > deadline:
                raise Died(program, f"was not ready within {START:.0f} seconds")
            time.sleep(0.05)

    def _all_alive(self) -> None:
        for program in self.programs:
            process = self._running.get(program.name)
            code = process.poll() if process else None
            if code is not None:
                raise Died(program, ending(code))

    def _relay(self, name: str, process: subprocess.Popen[bytes]) -> None:
        width = max(len(program.name) for program in self.programs)
        for line in process.stdout or ():
            self.say(f"{name:{width}} | {line.decode(errors='replace').rstrip()}")

    def _stop(self) -> None:
        last = {program.name for program in self.programs if program.last}
        self._stop_these([process for name, process in self._running.items() if name not in last])
        self._stop_these([process for name, process in self._running.items() if name in last])
        for relay in self._relays:
            relay.join(timeout=1)
        self.started({})

    def _stop_these(self, processes: Sequence[subprocess.Popen[bytes]]) -> None:
        """SIGTERM to each, and time to finish; then SIGKILL to whatever is left of their groups."""
        for process in processes:
            process.terminate()
        deadline = time.monotonic() + self.patience
        while any(process.poll() is None for process in processes):
            if self._impatient or time.monotonic() > deadline:
                break
            time.sleep(0.05)
        for process in processes:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
