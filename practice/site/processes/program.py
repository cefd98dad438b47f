"""A program that `up` runs, and how it ended."""

from __future__ import annotations

import signal
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from practice.site.processes.children import Child, Forked, Spawned

GAVE_UP = 3  # the exit code of `up` when a program died too often


@dataclass(frozen=True)
class Program:
    """A program to run. `ready`: whether it does its work. `last`: started first, stopped after the others.

    `log`: the file in which it says what it has to say, when it is not the terminal. `module`: it is forked,
    and `argv` are its words after `python -m`.
    """

    name: str
    argv: Sequence[str]
    ready: Callable[[], bool] | None = None
    last: bool = False
    log: Path | None = None
    module: bool = False

    def start(self, cwd: Path) -> Child:
        """Start it."""
        if self.module:
            return Forked(self.argv, cwd, name=f"portal {self.name}")
        return Spawned(self.argv, cwd)


class Died(Exception):
    """Raised when a program ended before all were ready, or never got ready."""

    code = 1

    def __init__(self, program: Program, how: str) -> None:
        where = f"is in {program.log}" if program.log else "is above"
        super().__init__(f"“{program.name}” {how}. Everything else stops too. What it said last {where}.")


class GaveUp(Died):
    """Raised when a program died too often in a row to be started once more."""

    code = GAVE_UP

    def __init__(self, program: Program, how: str, *, times: int, said: Sequence[str]) -> None:
        where = f"in {program.log}" if program.log else "above"
        quoted = " What it said last:" + "".join(f"\n    {line}" for line in said) if said else ""
        Exception.__init__(
            self,
            f"“{program.name}” {how}, {times} times in a row. It is not started again, and everything else "
            f"stops too. All it said is {where}.{quoted}\n"
            "Nothing is lost: emails wait in the database. Fix what it complains about (a full disk, a wrong "
            "setting, too little memory), then start the portal again.",
        )


def ending(code: int) -> str:
    """Return a return code in words."""
    return f"was ended by {signal.Signals(-code).name}" if code < 0 else f"ended by itself (exit code {code})"


@dataclass(frozen=True)
class Ended:
    """The end of a program that is started again: how, when (epoch seconds), how often in a row."""

    how: str
    at: float
    times: int
