"""Run the quick tests with the newest version of everything, to learn early what a newer one breaks.

`make newest`, once a week: no version comes from a lock file, and each combination gets an environment of its
own below `.newest/`, made anew each time. `make newest PARTS=practice/tests/mail` runs only those tests.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tools.run_tests import QUICK, ROOT, counted

FOLDER = ROOT / ".newest"
UV = FOLDER / "uv" / "bin" / "uv"
REQUIREMENTS = ("requirements.txt", "requirements-dev.txt")
LOCK = "requirements-dev.lock"
NEWEST_DJANGO = "Django>=6"
NEEDED_BY_IT = (3, 12)
NO_PYTHON = (
    "Django 6 needs Python 3.12 or newer, and none was found (python3.13 on PATH, or named by PYTHON313): "
    "the newest Django is left out."
)
NAMED = ("django", "django-allauth", "celery", "redis", "django-ninja", "pytest")
# Nothing of this machine's practice, as in tools/check.
UNSET = ("DATABASE_URL", "REDIS_URL", "EMAIL_URL", "SITE_URL", "VIRTUAL_ENV", "PYTHONDONTWRITEBYTECODE")


@dataclass(frozen=True)
class Python:
    """A Python that runs: its command, and its version like (3, 13)."""

    command: str
    version: tuple[int, int]


@dataclass(frozen=True)
class Combination:
    """A Python with a Django; `django` replaces the line of requirements.txt, unless it is empty."""

    python: Python
    django: str = ""

    @property
    def name(self) -> str:
        """Return its name in the table."""
        return f"{'newest Django' if self.django else 'Django of ours'}, Python {self._python}"

    @property
    def folder(self) -> Path:
        """Return the folder of its environment."""
        return FOLDER / f"{'newest' if self.django else 'ours'}-{self._python}"

    @property
    def program(self) -> str:
        """Return the Python of its environment."""
        return str(self.folder / "env" / "bin" / "python")

    @property
    def _python(self) -> str:
        return ".".join(str(number) for number in self.python.version)


@dataclass
class Result:
    """The result of a combination. `wrong`: the steps that failed, each by its name."""

    combination: Combination
    versions: dict[str, str] = field(default_factory=dict)
    passed: int = 0
    failed: int = 0
    seconds: float = 0
    wrong: list[str] = field(default_factory=list)


# --- What is tried ---------------------------------------------------------------------------------
def combinations(own: Python, newer: Python | None) -> list[Combination]:
    """Return our Django on the project's own Python and on a newer one, then the newest Django on that."""
    found = [Combination(own)]
    if newer and newer.version != own.version:
        found.append(Combination(newer))
    if newer:
        found.append(Combination(newer, NEWEST_DJANGO))
    return found


def requirement_lines(texts: Iterable[str]) -> list[str]:
    """Return the requirements of several files, without comments and without the files they name."""
    lines = (line.partition("#")[0].strip() for text in texts for line in text.splitlines())
    return [line for line in lines if line and not line.startswith("-")]


def with_django(lines: Iterable[str], django: str) -> list[str]:
    """Return the same requirements with another Django; an empty one changes nothing."""
    return [django if django and name_of(line) == "django" else line for line in lines]


def name_of(requirement: str) -> str:
    """Return the package a requirement is about, written as all are compared: `Django>=5.2` → `django`."""
    name = re.match(r"[\w.-]+", requirement)
    return re.sub(r"[-_.]+", "-", name[0]).lower() if name else ""


def locked_versions(lock: str) -> dict[str, set[str]]:
    """Return package → its versions in a lock file: several where systems or Pythons need different ones."""
    found: dict[str, set[str]] = {}
    for name, version in re.findall(r"^([\w.-]+)==([^\s;\\]+)", lock, re.M):
        found.setdefault(name_of(name), set()).add(version)
    return found


def differences(locked: Mapping[str, set[str]], installed: Mapping[str, str]) -> dict[str, str]:
    """Return package → the version installed, where the lock has another one or none."""
    return {name: version for name, version in installed.items() if version not in locked.get(name, set())}


# --- Its Python and its environment ----------------------------------------------------------------
def asked(command: str) -> Python | None:
    """Return a Python's version by its own word; None when it does not run (a name on PATH may be broken)."""
    code = "import sys; print(sys.executable, *sys.version_info[:2], sep='\\n')"
    try:
        answer = subprocess.run([command, "-c", code], capture_output=True, text=True)
    except OSError:
        return None
    if answer.returncode:
        return None
    where, major, minor = answer.stdout.splitlines()
    return Python(where, (int(major), int(minor)))


def newer_python() -> Python | None:
    """Return the first Python that the newest Django runs on."""
    names = (os.environ.get("PYTHON313", ""), "python3.13", "python3.14", "python3.12", sys.executable)
    for found in (asked(name) for name in names if name):
        if found and found.version >= NEEDED_BY_IT:
            return found
    return None


def make_uv() -> None:
    """Install uv in a place of its own: it finds the newest versions that fit together, quickly."""
    subprocess.run([sys.executable, "-m", "venv", UV.parents[1]], check=True)
    pip = str(UV.with_name("pip"))
    subprocess.run([pip, "install", "--disable-pip-version-check", "--quiet", "--upgrade", "uv"], check=True)


def install(combination: Combination) -> bool:
    """Make the environment anew with the newest of everything; return whether it could be made."""
    folder = combination.folder
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    texts = [(ROOT / name).read_text(encoding="utf-8") for name in REQUIREMENTS]
    wanted = folder / "requirements.txt"
    wanted.write_text("\n".join(with_django(requirement_lines(texts), combination.django)) + "\n")
    # Without it, a package that declares an upper bound would be taken in an old version that declares none.
    override = folder / "override.txt"
    override.write_text(combination.django + "\n")
    pip = (UV, "pip", "install", "--quiet", "--python", combination.program)
    made = ran(UV, "venv", "--quiet", "--python", combination.python.command, folder / "env")
    return made and ran(*pip, "-r", wanted, "--override", override)


def installed(combination: Combination) -> dict[str, str]:
    """Return package → version."""
    command = [str(UV), "pip", "list", "--quiet", "--format", "json", "--python", combination.program]
    listed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return {name_of(one["name"]): one["version"] for one in json.loads(listed)}


# --- The steps -------------------------------------------------------------------------------------
def ran(*command: str | Path, environ: Mapping[str, str] | None = None) -> bool:
    """Run a program, its output straight to the terminal; return whether it ended well."""
    return not subprocess.run(command, cwd=ROOT, env=environ, stdin=subprocess.DEVNULL).returncode


def environ_with(var: Path) -> dict[str, str]:
    """Return the environment for a `var/` that is thrown away afterwards, with Django's warnings in sight."""
    kept = {name: value for name, value in os.environ.items() if name not in UNSET}
    return {**kept, "VAR_DIR": str(var), "DEMO": "0", "DEBUG": "0"}


def tried(combination: Combination, parts: Sequence[str]) -> Result:
    """Install, check and test one combination; return its result."""
    print(f"\n=== {combination.name}", flush=True)
    result, began = Result(combination), time.monotonic()
    if install(combination):
        # Which packages do not declare that they run together is worth reading, and no fault in itself.
        ran(UV, "pip", "check", "--python", combination.program)
        result.versions = installed(combination)
        with tempfile.TemporaryDirectory(prefix="portal-newest-") as var:
            check(result, Path(var))
            test(result, Path(var), parts)
    else:
        result.wrong.append("install")
    result.seconds = time.monotonic() - began
    return result


def check(result: Result, var: Path) -> None:
    """Run Django's own checks, and ask whether a newer Django wants another migration."""
    for words in (["check"], ["makemigrations", "--check", "--dry-run"]):
        if not ran(result.combination.program, "manage.py", *words, environ=environ_with(var)):
            result.wrong.append(words[0])


def test(result: Result, var: Path, parts: Sequence[str]) -> None:
    """Run the quick tests on SQLite; that none ran, or that pytest itself broke, is a fault too."""
    report = var / "report.xml"
    command = [result.combination.program, "-m", "pytest", "-m", QUICK, "-n", "2", f"--junit-xml={report}"]
    command += ["--dist", "loadfile", "--no-loadscope-reorder", *parts]
    ended_well = ran(*command, environ=environ_with(var))
    result.passed, result.failed, _skipped = counted(report)
    if not result.failed and not (ended_well and result.passed):
        result.wrong.append("pytest")


# --- What is told ----------------------------------------------------------------------------------
def table(results: Sequence[Result]) -> list[str]:
    """Return the rows of the table, one for each combination."""
    head = ["combination", *NAMED, "passed", "failed", "seconds", "also wrong"]
    rows = [head]
    for result in results:
        versions = [result.versions.get(name, "-") for name in NAMED]
        numbers = [str(result.passed), str(result.failed), f"{result.seconds:.0f}"]
        rows.append([result.combination.name, *versions, *numbers, ", ".join(result.wrong) or "-"])
    widths = [max(len(row[column]) for row in rows) for column in range(len(head))]
    return ["  ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip() for row in rows]


def news(locked: Mapping[str, set[str]], results: Sequence[Result]) -> list[str]:
    """Return one line for each package that differs from the lock in some combination."""
    found: dict[str, set[str]] = {}
    for result in results:
        for name, version in differences(locked, result.versions).items():
            found.setdefault(name, set()).add(version)
    return [
        f"{name:28} {' or '.join(sorted(locked.get(name, {'-'})))} → {' or '.join(sorted(versions))}"
        for name, versions in sorted(found.items())
    ]


def main(parts: Sequence[str]) -> int:
    """Try every combination; return 0 when nothing failed in any."""
    own = Python(sys.executable, sys.version_info[:2])
    newer = newer_python()
    make_uv()
    results = [tried(combination, parts) for combination in combinations(own, newer)]
    print("", *table(results), sep="\n")
    if newer is None:
        print(NO_PYTHON)
    lines = news(locked_versions((ROOT / LOCK).read_text(encoding="utf-8")), results)
    print("", f"Packages that differ from {LOCK}: {len(lines)}", *lines, sep="\n")
    return 1 if any(result.failed or result.wrong for result in results) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
