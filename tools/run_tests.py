#!/usr/bin/env python
"""Run the tests, one part for each database, side by side; print what each part and each file cost.

`tools/run_tests.py` is `make test`: everything on PostgreSQL, the stricter database, and on SQLite what
depends on the database (marked `engines`) or shows what a small practice runs on (marked `sqlite`). Samples
are sized so that they miss a real fault only with a negligible probability; the seed is the commit.
A test that starts programs or a browser is tried once more when it fails: one chance event among 14,000 tests
must not refuse a day's work. Each that passed only then is named at the end, to be mended.
`tools/run_tests.py --prove` is `make prove`: everything on both databases at full size; it writes its table
to docs/proofs.md. Further words choose parts: `tools/run_tests.py SQLite`.
"""

import argparse
import datetime as dt
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ET
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PROOFS = ROOT / "docs" / "proofs.md"
#: What starts no programs of its own; `make newest` runs it.
QUICK = "not processes and not browser and not proof"
#: The lines of docs/proofs.md between which `make prove` writes its table.
BEGIN, END = "<!-- make prove writes from here -->", "<!-- to here -->"
#: Tests ask each statement of few rows, once: to look for the best order of joins took a fifth of the
#: server's time. Here it joins as the statement says; `make prove`, benches and tests of plans let it choose.
PLAIN_JOINS = "-c join_collapse_limit=1 -c from_collapse_limit=1"
#: Seconds of processor time after which a file is named at the end, unless it is marked `long`. It is named
#: and no more: the same file takes three times as long on a machine that is three times slower.
FILE_LIMIT = 15
#: Files that cost less are added up in one line.
WORTH_A_LINE = 2


@dataclass(frozen=True)
class Part:
    """A part of the tests, on one database. `workers`: how many files run at once; most long ones wait.

    `files_with`: only files with one of these marks are loaded, because `marks` asks for one of them.
    """

    name: str
    marks: str
    workers: int
    postgres: bool = False
    files_with: tuple[str, ...] = ()

    def command(self, folder: Path) -> list[str]:
        """Return the command line that runs this part; its reports go to `folder`."""
        pytest = [sys.executable, "-m", "pytest", "-m", self.marks, "-n", str(self.workers), "-rsfE"]
        # What a file sets up it sets up once: its tests stay together (see conftest.py).
        pytest += ["--dist", "loadfile", "--no-loadscope-reorder"]
        pytest += [f"--files-with={','.join(self.files_with)}"]
        pytest += [f"--junit-xml={folder / 'report.xml'}", f"--cost-report={folder / 'cost.json'}"]
        return ["tools/with_postgres", *pytest] if self.postgres else pytest


SAMPLED = [
    Part("PostgreSQL", "not proof and not sqlite", workers=4, postgres=True),
    Part("SQLite", "not proof and (engines or sqlite)", workers=2, files_with=("engines", "sqlite")),
]
FULL = [
    Part("PostgreSQL", "not once", workers=4, postgres=True),
    Part("SQLite", "once or not once", workers=4),
]


@dataclass
class Result:
    """The result of a part. `broken`: it ended badly without any test having failed."""

    part: Part
    passed: int = 0
    failed: int = 0
    skipped: int = 0
    seconds: float = 0.0
    cpu: float = 0.0
    broken: bool = False
    files: dict[str, dict[str, float]] = field(default_factory=dict)
    long: set[str] = field(default_factory=set)
    torn: list[str] = field(default_factory=list)
    second: dict[str, str] = field(default_factory=dict)
    twice: dict[str, str] = field(default_factory=dict)

    def line(self) -> str:
        """Return one row of the table at the end."""
        words = f"{self.passed:5d} passed {self.failed:3d} failed {self.skipped:3d} skipped"
        took = f"{self.seconds:7.1f} s, {self.cpu:6.1f} s of CPU"
        return f"{self.part.name:12s} {words} {took}" + ("   did not run" if self.broken else "")

    def over_limit(self) -> list[str]:
        """Return the files that take too much processor time without being marked `long`."""
        return [
            path
            for path, cost in self.files.items()
            if cost["cpu"] > FILE_LIMIT and path not in self.long and path not in ("starting", "ending")
        ]


def counted(report: Path) -> tuple[int, int, int]:
    """Return passed, failed and skipped from the XML that pytest writes; zeros when it wrote none."""
    if not report.exists():
        return 0, 0, 0
    suites = ET.parse(report).getroot().iter("testsuite")
    total = failed = skipped = 0
    for suite in suites:
        total += int(suite.get("tests", 0))
        failed += int(suite.get("failures", 0)) + int(suite.get("errors", 0))
        skipped += int(suite.get("skipped", 0))
    return max(total - failed - skipped, 0), failed, skipped


def environment(*, prove: bool) -> dict[str, str]:
    """Return the environment for pytest."""
    environ = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    # Hundreds of processes are started: each would compile all it imports, were that not kept.
    environ.pop("PYTHONDONTWRITEBYTECODE", None)
    environ["PATH"] += ":/usr/sbin:/sbin"  # nginx lies there, out of the way of those who are not root
    environ["PROVE"] = "1" if prove else "0"
    if not prove:
        environ.setdefault("POSTGRES_OPTIONS", PLAIN_JOINS)
    return environ


class Running:
    """A part that has begun. Unless `told` at once, what it prints is kept for later."""

    def __init__(self, part: Part, folder: Path, *, prove: bool, told: bool) -> None:
        self.part, self.folder = part, folder
        self.output = None if told else (folder / "output").open("w+", encoding="utf-8")
        self.began = time.monotonic()
        self.process = subprocess.Popen(
            part.command(folder),
            cwd=ROOT,
            env=environment(prove=prove),
            stdin=subprocess.DEVNULL,
            stdout=self.output,
            stderr=subprocess.STDOUT if self.output else None,
        )

    def result(self, status: int, used: resource.struct_rusage) -> Result:
        """Return its result, once it has ended with this status after this much processor time."""
        self.process.returncode = os.waitstatus_to_exitcode(status)
        result = Result(self.part, *counted(self.folder / "report.xml"))
        result.seconds, result.cpu = time.monotonic() - self.began, used.ru_utime + used.ru_stime
        result.broken = self.process.returncode != 0 and not result.failed
        if (self.folder / "cost.json").exists():
            told = json.loads((self.folder / "cost.json").read_text(encoding="utf-8"))
            result.files, result.long, result.torn = told["files"], set(told["long"]), told["torn"]
            result.second, result.twice = told["second"], told["twice"]
        return result

    def tell(self) -> None:
        """Print what was kept."""
        if self.output:
            self.output.seek(0)
            print(f"\n=== {self.part.name}")
            sys.stdout.writelines(self.output)
            self.output.close()


def run(parts: list[Part], *, prove: bool) -> list[Result]:
    """Run these parts side by side; the first prints straight to the terminal, the others in the end."""
    results: dict[str, Result] = {}
    with tempfile.TemporaryDirectory(prefix="portal-tests-") as name:
        begun: list[Running] = []
        try:
            for part in parts:
                folder = Path(name, part.name)
                folder.mkdir()
                if not begun:
                    print(f"\n=== {part.name}", flush=True)
                begun.append(Running(part, folder, prove=prove, told=not begun))
            while len(results) < len(begun):
                pid, status, used = os.wait4(-1, 0)  # with the processor time of the children it waited for
                (one,) = [one for one in begun if one.process.pid == pid]
                results[one.part.name] = one.result(status, used)
        finally:
            for one in begun:  # also after Ctrl-C, which they have heard too
                one.process.wait()
                one.tell()
    return [results[part.name] for part in parts]


def print_files(result: Result) -> None:
    """Print what each file cost, the dearest first."""
    rows = sorted(result.files.items(), key=lambda row: -row[1]["cpu"])
    print(f"\n{result.part.name}: seconds of CPU, seconds on the clock, file")
    for path, cost in rows:
        if cost["cpu"] >= WORTH_A_LINE:
            print(f"{cost['cpu']:7.1f} {cost['seconds']:7.1f}  {path}")
    small = [cost for _, cost in rows if cost["cpu"] < WORTH_A_LINE]
    cpu, seconds = (sum(cost[name] for cost in small) for name in ("cpu", "seconds"))
    print(f"{cpu:7.1f} {seconds:7.1f}  {len(small)} other files")


def write_proofs(results: list[Result]) -> None:
    """Replace the table in docs/proofs.md."""
    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True)
    day = dt.datetime.now(dt.UTC).strftime("%B %-d, %Y")
    rows = [
        f"Run on {day} at commit `{commit.stdout.strip() or 'unknown'}`.",
        "",
        "| part | passed | failed | skipped | minutes | CPU seconds |",
        "|---|---|---|---|---|---|",
        *(
            f"| {one.part.name} | {one.passed} | {one.failed + one.broken} | {one.skipped} "
            f"| {one.seconds / 60:.1f} | {one.cpu:.0f} |"
            for one in results
        ),
    ]
    before, _, rest = PROOFS.read_text(encoding="utf-8").partition(BEGIN)
    after = rest.partition(END)[2]
    PROOFS.write_text("\n".join([before + BEGIN, "", *rows, "", END + after]), encoding="utf-8")


def main(words: list[str]) -> int:
    """Return 0 when every part ran, nothing failed, and no file was torn apart."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--prove", action="store_true", help="everything on both databases, at full size")
    parser.add_argument("parts", nargs="*", help="only the parts whose name holds one of these words")
    asked = parser.parse_args(words)
    parts = FULL if asked.prove else SAMPLED
    chosen = [part for part in parts if not asked.parts or any(word in part.name for word in asked.parts)]
    # At full size one after the other: some proofs are about how long something takes.
    at_once = [[part] for part in chosen] if asked.prove else [chosen]
    began = time.monotonic()
    results = [result for group in at_once for result in run(group, prove=asked.prove)]
    minutes = (time.monotonic() - began) / 60
    for result in results:
        print_files(result)
    print()
    over = sorted({path for result in results for path in result.over_limit()})
    for path in over:
        print(f"Note: {path} takes over {FILE_LIMIT} s of CPU. Make it cheaper, or mark it `long`.")
    torn = sorted({path for result in results for path in result.torn})
    for path in torn:
        print(f"{path} ran in more than one worker: each of them set up again what its tests share.")
    for test, why in [one for result in results for one in result.second.items()]:
        print(f"Passed on the second try: {test}\n    the first time: {why}")
    for test, why in [one for result in results for one in result.twice.items()]:
        print(f"Failed on both tries: {test}\n    the first time: {why}")
    for result in results:
        print(result.line())
    cpu = sum(result.cpu for result in results)
    skipped = sum(result.skipped for result in results)
    reasons = f"; {skipped} skipped, with their reasons above" if skipped else ""
    print(f"{minutes:.1f} minutes, {cpu:.0f} s of CPU{reasons}")
    passed, failed = sum(r.passed for r in results), sum(r.failed + r.broken for r in results)
    if asked.prove:
        write_proofs(results)
    print(f"{passed} passed, {failed + len(torn)} failed")
    return 1 if failed or torn or not results else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
