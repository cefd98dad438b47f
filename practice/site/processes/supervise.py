"""Start programs, pass on what they print, start again what dies, and stop them together.

Three things differ from a general process manager (honcho, for one). Only the program itself gets SIGTERM,
never its whole group: Celery would lose the email it is sending together with the child that sends it. The
broker goes last, when nobody needs it any more. And there is time to finish, since SMTP may take half a
minute.
"""

from __future__ import annotations

import contextlib
import math
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from queue import Empty, SimpleQueue

TETHER = Path(__file__).with_name("tether.py")
PATIENCE = 40.0  # seconds; above the 30 of an SMTP conversation, below the 60 that a service manager grants
START = 90.0  # seconds a program may take until it is ready: a small machine may be busy with something else
DELAYS = (1.0, 2.0, 5.0, 10.0, 30.0, 60.0)  # seconds until one that died is started again, each time longer
STEADY = 600.0  # seconds: one that lived for so long begins with the first delay again
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
    """Raised when a program ended before all were ready, or never got ready."""

    def __init__(self, program: Program, how: str) -> None:
        where = f"is in {program.log}" if program.log else "is above"
        super().__init__(f"“{program.name}” {how}. Everything else stops too. What it said last {where}.")


def ending(code: int) -> str:
    """Return a return code in words."""
    return f"was ended by {signal.Signals(-code).name}" if code < 0 else f"ended by itself (exit code {code})"


@dataclass(frozen=True)
class Ended:
    """The end of a program that is started again: how, when (epoch seconds), how often in a row."""

    how: str
    at: float
    times: int


@dataclass
class Supervisor:
    """A runner of programs until a signal comes; one that dies is started again, the others go on.

    `say` prints a line of our own. `report` is told what runs (name → pid) and what died, at every change.
    """

    programs: Sequence[Program]
    cwd: Path
    say: Callable[[str], None]
    report: Callable[[dict[str, int], dict[str, Ended]], None] = lambda _pids, _ended: None
    patience: float = PATIENCE
    delays: Sequence[float] = DELAYS
    _running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    _ended: dict[str, Ended] = field(default_factory=dict)
    _began: dict[str, float] = field(default_factory=dict)
    _due: dict[str, float] = field(default_factory=dict)  # when each that died is started again
    # A name: that program ended. "": we were asked to stop. Unlike a Queue, a signal may put into it.
    _news: SimpleQueue[str] = field(default_factory=SimpleQueue)
    _relays: list[threading.Thread] = field(default_factory=list)
    _asked: threading.Event = field(default_factory=threading.Event)
    _impatient: bool = False

    def run(self, *, welcome: Callable[[], None] = lambda: None) -> int:
        """Start all, call `welcome` when all are ready, and wait.

        0: stopped because it was asked to; 1: a program died before all were ready.
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
            while not self._asked.is_set():
                self._wait_for_news()
        except Died as death:
            self.say(str(death))
            return 1
        self.say("Stopping after current work is finished. (Press Ctrl-C again to stop at once.)")
        return 0

    def _on_signal(self, number: int, frame: object) -> None:
        self._impatient = self._asked.is_set() and number == signal.SIGINT
        self._asked.set()
        self._news.put("")

    def _wait_for_news(self) -> None:
        """Sleep until a program ends, a signal comes, or one that died is to be started again."""
        with contextlib.suppress(Empty):
            until = min(self._due.values(), default=None)
            self._news.get(timeout=None if until is None else max(0.0, until - time.monotonic()))
        if self._asked.is_set():
            return
        for program in self.programs:
            process = self._running.get(program.name)
            code = process.poll() if process else None
            if code is not None:
                self._bury(program, code)
            elif self._due.get(program.name, math.inf) <= time.monotonic():
                del self._due[program.name]
                self._start(program)

    def _bury(self, program: Program, code: int) -> None:
        """Note that a program died, and when it is started again."""
        del self._running[program.name]
        before = self._ended.get(program.name)
        steady = time.monotonic() - self._began[program.name] >= STEADY
        times = 1 if before is None or steady else before.times + 1
        delay = self.delays[min(times, len(self.delays)) - 1]
        self._ended[program.name] = Ended(ending(code), time.time(), times)
        self._due[program.name] = time.monotonic() + delay
        self._tell()
        self.say(f"“{program.name}” {ending(code)}. Restarting it in {delay:g} s; the others keep running.")

    def _tell(self) -> None:
        self.report({name: running.pid for name, running in self._running.items()}, dict(self._ended))

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
        self._began[program.name] = time.monotonic()
        self._tell()
        threading.Thread(target=self._watch, args=(program.name, process), daemon=True).start()
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

    def _watch(self, name: str, process: subprocess.Popen[bytes]) -> None:
        process.wait()
        self._news.put(name)

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
        self._running, self._ended = {}, {}
        self._tell()

    def _stop_these(self, processes: Sequence[subprocess.Popen[bytes]]) -> None:
        """Send SIGTERM to each, wait, then send SIGKILL to the groups that are left."""
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
