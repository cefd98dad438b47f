"""Start programs, pass on what they print, start again what dies, and stop them together.

Three things differ from a general process manager (honcho, for one). Only the program itself gets SIGTERM,
never its whole group: Celery would lose the email it is sending together with the child that sends it. The
broker goes last, when nobody needs it any more. And there is time to finish, since SMTP may take half a
minute.

All in one thread: programs of ours are forked from this process, and code between fork and exec may not trust
threads.
"""

from __future__ import annotations

import contextlib
import math
import os
import selectors
import signal
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from practice.site.processes.children import Child, Output, fork
from practice.site.processes.program import Died, Ended, GaveUp, Program, ending

PATIENCE = 40.0  # seconds; above the 30 of an SMTP conversation, below the 60 that a service manager grants
START = 90.0  # seconds a program may take until it is ready: a small machine may be busy with something else
DELAYS = (1.0, 2.0, 5.0, 10.0, 30.0, 60.0)  # seconds until one that died is started again, each time longer
STEADY = 600.0  # seconds: one that lived for so long begins with the first delay again
TRIES = 20  # deaths in a row, a quarter of an hour, after which a program is not started again
CLOSING = signal.SIGUSR1  # from `upgrade`: stop the programs, and show visitors that we are back soon
STOPPING = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, CLOSING)
LOOK = 0.02  # seconds between two looks at programs that start or stop
LAST_LINES = 12  # of a program's output, repeated when we give up


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
    tries: int = TRIES
    _running: dict[str, Child] = field(default_factory=dict)
    _ended: dict[str, Ended] = field(default_factory=dict)
    _began: dict[str, float] = field(default_factory=dict)
    _due: dict[str, float] = field(default_factory=dict)  # when each that died is started again
    _heard: selectors.BaseSelector = field(default_factory=selectors.DefaultSelector)
    _said: dict[str, deque[str]] = field(default_factory=dict)
    _asked: bool = False
    _impatient: bool = False
    #: It was asked to close, not to end.
    is_closing: bool = False

    def run(
        self, *, prepare: Callable[[], int] = lambda: 0, welcome: Callable[[], None] = lambda: None
    ) -> int:
        """Prepare, start all, call `welcome` when all are ready, and wait.

        `prepare` returns 0, or the exit code with which the start ends. 0: stopped because it was asked to;
        1: a program died before all were ready; GAVE_UP (3): one died too often.
        """
        before = {number: signal.signal(number, self._on_signal) for number in STOPPING}
        before[signal.SIGCHLD] = signal.signal(signal.SIGCHLD, lambda *_: None)  # it wakes us, no more
        wake, waker = _pipe()
        self._heard.register(wake, selectors.EVENT_READ, None)
        waker_before = signal.set_wakeup_fd(waker, warn_on_full_buffer=False)
        try:
            return self._live(welcome, prepare)
        finally:
            self._stop()
            signal.set_wakeup_fd(waker_before)
            for number, handler in before.items():
                signal.signal(number, handler)
            self._heard.close()
            os.close(wake)
            os.close(waker)

    def _live(self, welcome: Callable[[], None], prepare: Callable[[], int]) -> int:
        try:
            if code := prepare():
                return code
            self._start_all([program for program in self.programs if program.last])
            self._start_all([program for program in self.programs if not program.last])
            if not self._asked:
                welcome()
            while not self._asked:
                self._wait_for_news()
        except Died as death:
            self.say(str(death))
            return death.code
        if self.is_closing:
            self.say("Closing for an upgrade, after current work is finished.")
        else:
            self.say("Stopping after current work is finished. (Press Ctrl-C again to stop at once.)")
        return 0

    def begin(self, work: Callable[[], None]) -> int:
        """Do some work in a process of its own; return its pid, for `finish`."""
        return fork(work)

    @contextlib.contextmanager
    def beside(self, work: Callable[[], None]) -> Iterator[None]:
        """Do work that has no end of its own in another process, for as long as the block runs."""
        pid = fork(work)
        try:
            yield
        finally:
            os.kill(pid, signal.SIGTERM)
            os.waitpid(pid, 0)

    def finish(self, jobs: Sequence[int]) -> int:
        """Wait for work that was begun; return 0 when all of it succeeded. Ends it when asked to stop."""
        left, codes = set(jobs), [0]
        while left:
            if self._asked or any(codes):
                for pid in left:
                    os.kill(pid, signal.SIGTERM)
            self._listen(LOOK)
            for pid in list(left):
                ended, status = os.waitpid(pid, os.WNOHANG)
                if ended:
                    left.remove(pid)
                    codes.append(os.waitstatus_to_exitcode(status))
        return 0 if self._asked else next(filter(None, codes), 0)

    def _on_signal(self, number: int, frame: object) -> None:
        self._impatient = self._asked and number == signal.SIGINT
        self.is_closing = number == CLOSING and (self.is_closing or not self._asked)
        self._asked = True

    def _listen(self, timeout: float | None) -> None:
        """Pass on what the programs say, until the time is over or something happens."""
        for key, _ in self._heard.select(timeout):
            if key.data is None:
                with contextlib.suppress(BlockingIOError):
                    os.read(key.fd, 4096)
            else:
                self._relay(key.data)

    def _relay(self, output: Output) -> None:
        width = max(len(program.name) for program in self.programs)
        lines, more = output.lines()
        for line in lines:
            self._said[output.name].append(line)
            self.say(f"{output.name:{width}} | {line}")
        if not more:
            self._heard.unregister(output.fd)
            os.close(output.fd)

    def _wait_for_news(self) -> None:
        """Sleep until a program ends, a signal comes, or one that died is to be started again."""
        until = min(self._due.values(), default=None)
        self._listen(None if until is None else max(0.0, until - time.monotonic()))
        for program in self.programs:
            if self._asked:
                return
            process = self._running.get(program.name)
            code = process.poll() if process else None
            if code is not None:
                self._bury(program, code)
            elif self._due.get(program.name, math.inf) <= time.monotonic():
                del self._due[program.name]
                self._start(program)

    def _bury(self, program: Program, code: int) -> None:
        """Note that a program died, and when it is started again. Raises GaveUp after too many deaths."""
        del self._running[program.name]
        before = self._ended.get(program.name)
        steady = time.monotonic() - self._began[program.name] >= STEADY
        times = 1 if before is None or steady else before.times + 1
        self._ended[program.name] = Ended(ending(code), time.time(), times)
        if times >= self.tries:
            self._listen(0)
            raise GaveUp(program, ending(code), times=times, said=self._said[program.name])
        delay = self.delays[min(times, len(self.delays)) - 1]
        self._due[program.name] = time.monotonic() + delay
        self._tell()
        self.say(f"“{program.name}” {ending(code)}. Restarting it in {delay:g} s; the others keep running.")

    def _tell(self) -> None:
        self.report({name: running.pid for name, running in self._running.items()}, dict(self._ended))

    def _start(self, program: Program) -> None:
        process = program.start(self.cwd)
        self._running[program.name] = process
        self._began[program.name] = time.monotonic()
        self._said.setdefault(program.name, deque(maxlen=LAST_LINES))
        self._tell()
        os.set_blocking(process.output, False)
        self._heard.register(process.output, selectors.EVENT_READ, Output(program.name, process.output))

    def _start_all(self, programs: Sequence[Program]) -> None:
        """Start them at the same time, and wait until each is ready. Raises Died."""
        for program in programs:
            if not self._asked:
                self._start(program)
        waited_for = [program for program in programs if program.ready]
        deadline = time.monotonic() + START
        while waited_for and not self._asked:
            self._listen(LOOK)
            self._all_alive()
            waited_for = [program for program in waited_for if program.ready and not program.ready()]
            if waited_for and time.monotonic() > deadline:
                raise Died(waited_for[0], f"was not ready within {START:.0f} seconds")

    def _all_alive(self) -> None:
        for program in self.programs:
            process = self._running.get(program.name)
            code = process.poll() if process else None
            if code is not None:
                self._listen(0)
                raise Died(program, ending(code))

    def _stop(self) -> None:
        last = {program.name for program in self.programs if program.last}
        self._stop_these([process for name, process in self._running.items() if name not in last])
        self._stop_these([process for name, process in self._running.items() if name in last])
        self._listen(0)
        for key in list(self._heard.get_map().values()):
            if key.data is not None:
                self._relay(key.data)
        self._running, self._ended = {}, {}
        self._tell()

    def _stop_these(self, processes: Sequence[Child]) -> None:
        """Send SIGTERM to each, wait, then send SIGKILL to the groups that are left."""
        for process in processes:
            process.terminate()
        deadline = time.monotonic() + self.patience
        while any([process.poll() is None for process in processes]):  # noqa: C419  (each is to be asked)
            if self._impatient or time.monotonic() > deadline:
                break
            self._listen(LOOK)
        for process in processes:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _pipe() -> tuple[int, int]:
    read, write = os.pipe()
    os.set_blocking(read, False)
    os.set_blocking(write, False)
    return read, write
