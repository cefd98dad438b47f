"""A program that measures: it answers one line of numbers to each line it is told."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

Numbers = dict[str, float]


class Program:
    """A running program, told what to measure line by line."""

    def __init__(
        self, words: Sequence[object], environ: Mapping[str, str], *, folder: Path, log: Path
    ) -> None:
        self.process = subprocess.Popen(
            [str(one) for one in words],
            cwd=folder,
            env={**os.environ, **environ},
            text=True,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log.open("w"),
        )
        self.log = log

    def ask(self, what: str) -> Numbers:
        """Return what the program has measured."""
        assert self.process.stdin
        assert self.process.stdout
        print(what, file=self.process.stdin, flush=True)
        line = self.process.stdout.readline()
        assert line, f"the program that measures has ended at {what}: {self.log.read_text()[-2000:]}"
        found: Numbers = json.loads(line)
        return found

    def end(self) -> None:
        """End the program, which ends what it has started."""
        assert self.process.stdin
        self.process.stdin.close()
        self.process.wait(60)


def in_turns(programs: Sequence[Program], what: str, rounds: int) -> list[list[Numbers]]:
    """Return what each program measured in each round; they take turns."""
    answers: list[list[Numbers]] = [[] for _ in programs]
    for _ in range(rounds):
        for program, kept in zip(programs, answers, strict=True):
            kept.append(program.ask(what))
    return answers


def rows(first: Sequence[Numbers], second: Sequence[Numbers]) -> list[tuple[Any, ...]]:
    """Return name, both medians and their ratio of each number."""
    found = []
    for name in first[0]:
        one, other = (statistics.median(each[name] for each in both) for both in (first, second))
        found.append((name, one, other, other / one if one else 0))
    return found
