#!/usr/bin/env python
"""Run every test, part by part, on SQLite and on PostgreSQL; print how long each part took and one last line.

`tools/run_tests.py` runs all parts; `tools/run_tests.py browser` only those whose name holds the word.

A browser on a busy machine is late now and then. What failed in one is tried once more, alone and in a
practice of its own; the last lines name what passed only then, for somebody to look at. Nothing else is.
"""

import os
import resource
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ET
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
QUICK = "not processes and not browser"
AT_MOST = 3  # tests with a second try; where more failed, it was no accident


@dataclass(frozen=True)
class Part:
    """Some of the tests on one engine.

    `workers`: how many at once (0: one after the other). `twice`: what fails is tried once more.
    """

    name: str
    marks: str
    workers: int
    postgres: bool = False
    twice: bool = False

    def command(self, report: Path, only: Sequence[str] = ()) -> list[str]:
        """The command line that runs this part, or some tests of it one after the other."""
        workers = 0 if only else self.workers
        pytest = [sys.executable, "-m", "pytest", "-m", self.marks, "-n", str(workers), "-rsfE"]
        # What a file sets up (a whole practice, sometimes) it sets up once. What takes long comes first.
        pytest += ["--dist", "loadfile", "--no-loadscope-reorder"]
        pytest += ["--durations=3", "--durations-min=2", f"--junit-xml={report}", *only]
        return ["tools/with_postgres", *pytest] if self.postgres else pytest


# Three files at once: most tests with processes wait for a tick or a signal. None of them measures speed.
PARTS = [
    Part("quick, SQLite", QUICK, workers=2),
    Part("quick, PostgreSQL", f"{QUICK} and not once", workers=2, postgres=True),
    Part("processes, SQLite", "processes and not browser", workers=3),
    Part("processes, PostgreSQL", "processes and not browser and not once", workers=3, postgres=True),
    Part("browser, SQLite", "browser", workers=2, twice=True),
    Part("browser, PostgreSQL", "browser and not once", workers=2, postgres=True, twice=True),
]


@dataclass
class Result:
    """What came of a part.

    `broken`: it ended badly without any test having failed. `late`: what passed at the second try only.
    """

    part: Part
    passed: int
    failed: int
    skipped: int
    seconds: float
    cpu: float
    broken: bool
    late: list[str] = field(default_factory=list)

    def line(self) -> str:
        """One row of the table at the end."""
        words = f"{self.passed:5d} passed {self.failed:3d} failed {self.skipped:3d} skipped"
        took = f"{self.seconds:7.1f} s, {self.cpu:6.1f} s of CPU"
        return f"{self.part.name:24s} {words} {took}" + ("   did not run" if self.broken else "")


@dataclass
class Report:
    """What the XML that pytest writes says; nothing when it wrote none. `wrong` names what failed."""

    passed: int = 0
    failed: int = 0
    skipped: int = 0
    wrong: list[str] = field(default_factory=list)

    @classmethod
    def read(cls, path: Path) -> "Report":
        """The report in this file."""
        root = ET.parse(path).getroot() if path.exists() else ET.Element("none")
        total, report = 0, cls()
        for suite in root.iter("testsuite"):
            total += int(suite.get("tests", 0))
            report.failed += int(suite.get("failures", 0)) + int(suite.get("errors", 0))
            report.skipped += int(suite.get("skipped", 0))
        report.passed = max(total - report.failed - report.skipped, 0)
        for case in root.iter("testcase"):
            if case.find("failure") is not None or case.find("error") is not None:
                report.wrong.append(f"{case.get('classname', '').replace('.', '/')}.py::{case.get('name')}")
        report.wrong = list(dict.fromkeys(report.wrong))  # one may fail, and its end too
        return report


def run(part: Part) -> Result:
    """Run one part, its output straight to the terminal."""
    print(f"\n=== {part.name}", flush=True)
    environ = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    # Hundreds of processes are started: each would compile all it imports, were that not kept.
    environ.pop("PYTHONDONTWRITEBYTECODE", None)
    environ["PATH"] += ":/usr/sbin:/sbin"  # nginx lies there, out of the way of those who are not root
    with tempfile.TemporaryDirectory(prefix="portal-tests-") as folder:
        began, cpu = time.monotonic(), cpu_of_children()
        code, first = once(part.command, Path(folder) / "first.xml", environ)
        late: list[str] = []
        if part.twice and 0 < len(first.wrong) <= AT_MOST:
            print(f"\n=== {part.name}, once more: {', '.join(first.wrong)}", flush=True)
            command = partial(part.command, only=first.wrong)
            again, second = once(command, Path(folder) / "second.xml", environ)
            if again == 0 and second.passed == len(first.wrong):
                late, code = first.wrong, 0
    took = time.monotonic() - began, cpu_of_children() - cpu
    passed, failed = first.passed + len(late), 0 if late else first.failed
    return Result(part, passed, failed, first.skipped, *took, broken=code != 0 and not failed, late=late)


def once(command: Callable[[Path], list[str]], report: Path, environ: dict[str, str]) -> tuple[int, Report]:
    """Run a command that writes a report: its exit code, and what it says."""
    words = command(report)
    done = subprocess.run(words, cwd=ROOT, env=environ, stdin=subprocess.DEVNULL)
    return done.returncode, Report.read(report)


def cpu_of_children() -> float:
    """Seconds of processor time that all ended children and theirs have taken."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def main(words: list[str]) -> int:
    """0 when every part ran and nothing failed."""
    chosen = [part for part in PARTS if not words or any(word in part.name for word in words)]
    results = [run(part) for part in chosen]
    print()
    for result in results:
        print(result.line())
    minutes = sum(result.seconds for result in results) / 60
    passed, failed = sum(r.passed for r in results), sum(r.failed + r.broken for r in results)
    skipped = sum(result.skipped for result in results)
    print(f"{minutes:.1f} minutes" + (f"; {skipped} skipped, with their reasons above" if skipped else ""))
    for name in [name for result in results for name in result.late]:
        print(f"passed at the second try only, please look at it: {name}")
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or not results else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
