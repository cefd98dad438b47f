#!/usr/bin/env python
"""Run every test, part by part, on SQLite and on PostgreSQL; print how long each part took and one last line.

`tools/run_tests.py` runs all parts; `tools/run_tests.py browser` only those whose name holds the word.
"""

import os
import resource
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ET
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
QUICK = "not processes and not browser"


@dataclass(frozen=True)
class Part:
    """Some of the tests on one engine. `workers`: how many at once (0: one after the other)."""

    name: str
    marks: str
    workers: int
    postgres: bool = False

    def command(self, report: Path) -> list[str]:
        """The command line that runs this part."""
        pytest = [sys.executable, "-m", "pytest", "-m", self.marks, "-n", str(self.workers), "-rsfE"]
        # What a file sets up (a whole practice, sometimes) it sets up once. What takes long comes first.
        pytest += ["--dist", "loadfile", "--no-loadscope-reorder"]
        pytest += ["--durations=3", "--durations-min=2", f"--junit-xml={report}"]
        return ["tools/with_postgres", *pytest] if self.postgres else pytest


# Three files at once: most tests with processes wait for a tick or a signal. None of them measures speed.
PARTS = [
    Part("quick, SQLite", QUICK, workers=2),
    Part("quick, PostgreSQL", f"{QUICK} and not once", workers=2, postgres=True),
    Part("processes, SQLite", "processes and not browser", workers=3),
    Part("processes, PostgreSQL", "processes and not browser and not once", workers=3, postgres=True),
    Part("browser, SQLite", "browser", workers=2),
    Part("browser, PostgreSQL", "browser and not once", workers=2, postgres=True),
]


@dataclass
class Result:
    """What came of a part. `broken`: it ended badly without any test having failed."""

    part: Part
    passed: int
    failed: int
    skipped: int
    seconds: float
    cpu: float
    broken: bool

    def line(self) -> str:
        """One row of the table at the end."""
        words = f"{self.passed:5d} passed {self.failed:3d} failed {self.skipped:3d} skipped"
        took = f"{self.seconds:7.1f} s, {self.cpu:6.1f} s of CPU"
        return f"{self.part.name:24s} {words} {took}" + ("   did not run" if self.broken else "")


def counted(report: Path) -> tuple[int, int, int]:
    """Passed, failed and skipped, from the XML that pytest writes; nothing when it wrote none."""
    if not report.exists():
        return 0, 0, 0
    suites = ET.parse(report).getroot().iter("testsuite")
    total = failed = skipped = 0
    for suite in suites:
        total += int(suite.get("tests", 0))
        failed += int(suite.get("failures", 0)) + int(suite.get("errors", 0))
        skipped += int(suite.get("skipped", 0))
    return max(total - failed - skipped, 0), failed, skipped


def run(part: Part) -> Result:
    """Run one part, its output straight to the terminal."""
    print(f"\n=== {part.name}", flush=True)
    environ = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    # Hundreds of processes are started: each would compile all it imports, were that not kept.
    environ.pop("PYTHONDONTWRITEBYTECODE", None)
    environ["PATH"] += ":/usr/sbin:/sbin"  # nginx lies there, out of the way of those who are not root
    with tempfile.TemporaryDirectory(prefix="portal-tests-") as folder:
        report = Path(folder) / "report.xml"
        began, cpu = time.monotonic(), cpu_of_children()
        code = subprocess.run(
            part.command(report), cwd=ROOT, env=environ, stdin=subprocess.DEVNULL
        ).returncode
        passed, failed, skipped = counted(report)
    took = time.monotonic() - began, cpu_of_children() - cpu
    return Result(part, passed, failed, skipped, *took, broken=code != 0 and not failed)


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
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or not results else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
