"""A measurement of the workspace's pages in a practice with years of rows, beside an earlier build.

50,000 appointments and 2,000,000 segments are made once. The earlier build (BASE, a commit) and this one then
answer the same pages in turn, each from its own copy of the same rows: SQLite files, or databases of the
PostgreSQL that DATABASE_URL names (`tools/with_postgres`). The figures are medians, and ratios of one run.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench.earlier_build import ROOT, earlier_code

#: Runs the file named first with Django set up.
SET_UP = "import django, runpy, sys; django.setup(); runpy.run_path(sys.argv.pop(1), run_name='__main__')"
FILLER = ("-c", SET_UP, str(ROOT / "bench" / "years_of_practice.py"))
BASE = "3d57a1bc"  # the last build without a calendar
ROUNDS, WARM_UP = 15, 3
TODAY, WEEK, DAY = "/workspace/", "/workspace/week/", "/workspace/day/"


class Build:
    """One build: its code in a folder, and a database of its own."""

    def __init__(self, code: Path, folder: Path, database: str) -> None:
        self.code, self.folder, self.database = code, folder, database
        self.process: subprocess.Popen[str] | None = None

    @property
    def environ(self) -> dict[str, str]:
        """Return the environment of its programs."""
        mine = {
            "VAR_DIR": str(self.folder),
            "KEYS_DIR": str(self.folder.parent / "keys"),
            "DATABASE_URL": self.database,
            "SITE_URL": "https://testserver",
            "PYTHONPATH": str(self.code),
            "DJANGO_SETTINGS_MODULE": "practice.settings",
            "DEMO": "0",
            "EMAIL_URL": "",
        }
        return {**os.environ, **mine}

    def run(self, *words: str) -> None:
        """Run a Python program of the build to its end."""
        subprocess.run([sys.executable, *words], cwd=self.code, env=self.environ, check=True)

    def start(self) -> None:
        """Start the program that answers pages."""
        self.process = subprocess.Popen(
            [sys.executable, *FILLER, "time"],
            cwd=self.code,
            env=self.environ,
            text=True,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )

    def ask(self, path: str) -> tuple[float, int, int]:
        """Return milliseconds, queries and bytes of a page."""
        assert self.process
        assert self.process.stdin
        assert self.process.stdout
        print(path, file=self.process.stdin, flush=True)
        while not (line := self.process.stdout.readline()).startswith(("2", "3", "4", "5")):
            assert line, "the program that answers pages has ended"
        status, took, queries, size = line.split()
        assert status == "200", f"{path} answered {status}"
        return float(took), int(queries), int(size)

    def end(self) -> None:
        """End the program that answers pages."""
        if self.process:
            self.process.kill()
            self.process.wait()


def databases(folder: Path) -> tuple[str, str]:
    """Return the addresses of the two databases; the second does not exist yet."""
    given = os.environ.get("DATABASE_URL", "")
    if not given.startswith("postgres"):
        return f"sqlite:///{folder}/before.sqlite3", f"sqlite:///{folder}/now.sqlite3"
    return given, given.replace("/portal?", "/portal_now?")


def copy(before: str, now: str) -> None:
    """Copy the rows of one database to the other."""
    if before.startswith("sqlite"):
        source, target = (one.removeprefix("sqlite:///") for one in (before, now))
        subprocess.run(["cp", source, target], check=True)
        return
    import psycopg  # noqa: PLC0415  only where there is one

    with psycopg.connect(before.replace("/portal?", "/postgres?"), autocommit=True) as connection:
        connection.execute("CREATE DATABASE portal_now TEMPLATE portal")


def measure(before: Build, now: Build) -> None:
    """Print the table."""
    asked = {"today, before": (before, TODAY), "today": (now, TODAY), "week": (now, WEEK), "day": (now, DAY)}
    found: dict[str, list[tuple[float, int, int]]] = {name: [] for name in asked}
    for turn in range(WARM_UP + ROUNDS):
        for name, (build, path) in asked.items():
            answer = build.ask(path)
            if turn >= WARM_UP:
                found[name].append(answer)
    base = statistics.median(took for took, _, _ in found["today, before"])
    engine = "postgresql" if before.database.startswith("postgres") else "sqlite"
    print(f"{engine}: 50,000 appointments, 2,000,000 segments, 5 practitioners")
    for name, answers in found.items():
        took = statistics.median(one for one, _, _ in answers)
        _, queries, size = answers[-1]
        print(f"  {name:14} {took:7.1f} ms  {took / base:5.2f} x  {queries:3} queries  {size // 1000:4} kB")


def main() -> None:
    """Fill, copy, and measure."""
    with tempfile.TemporaryDirectory(prefix="portal-bench-") as name:
        folder = Path(name)
        addresses = databases(folder)
        with earlier_code(folder / "code", BASE) as code:
            before = Build(code, folder / "before", addresses[0])
            now = Build(ROOT, folder / "now", addresses[1])
            before.run(*FILLER, "fill")
            copy(*addresses)
            now.run("manage.py", "migrate", "--verbosity=0")
            for build in (before, now):
                build.run("manage.py", "collectstatic", "--noinput", "--verbosity=0")
            try:
                before.start()
                now.start()
                measure(before, now)
            finally:
                before.end()
                now.end()


if __name__ == "__main__":
    main()
