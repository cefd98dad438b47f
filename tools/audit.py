"""Ask pip-audit whether a version pinned in requirements.lock is known to be unsafe.

Where its data cannot be reached this says so in one sentence, and does not fail. pip-audit's exit code alone
does not tell: it ends with 0 too when the other side knew none of the packages, so its report is read.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).resolve().parent.parent
LOCK = "requirements.lock"
WAIT = 30  # seconds for all of it
PROGRAM = (
    *("-m", "pip_audit", "--disable-pip", "--require-hashes", "-r", LOCK, "--timeout", "10"),
    *("--format", "json", "--aliases", "on", "--desc", "off", "--progress-spinner", "off"),
)
UNREACHED = ("requests.exceptions.", "Could not connect to", "PyPI is not redirecting properly")


@dataclass(frozen=True)
class Allowed:
    """An exception: a known vulnerability that passes up to and on a day, and why."""

    id: str
    until: date
    why: str


# Such as Allowed("PYSEC-2027-1", date(2027, 3, 31), "only on Windows; the fix comes with Django 5.2.20")
ALLOWED: tuple[Allowed, ...] = ()


class Verdict(NamedTuple):
    """The exit code and the lines to print."""

    code: int
    said: str


def judge(
    code: int | None, out: str, err: str, *, today: date, exceptions: Sequence[Allowed] = ALLOWED
) -> Verdict:
    """Return the verdict on a run of pip-audit. `code` is None where it had to be stopped."""
    over = [one for one in exceptions if one.until < today]
    if over:
        return _wrong(*(f"the exception for {one.id} ended on {one.until} ({one.why})" for one in over))
    if code is None:
        return _not_run(f": its data did not come within {WAIT} seconds")
    packages = _packages(out)
    if packages is None and any(sign in err for sign in UNREACHED):
        return _not_run(": its data cannot be reached from here")
    if not packages or code != int(any(package.get("vulns") for package in packages)):
        return _wrong(f"it ended with {code} and no report to trust on {LOCK}", err.strip())
    return _judge_report(packages, {one.id for one in exceptions})


def _judge_report(packages: list[dict[str, Any]], excused: set[str]) -> Verdict:
    found = [
        f"{package['name']} {package['version']}: {_told(flaw)}"
        for package in packages
        for flaw in package.get("vulns", ())
        if excused.isdisjoint({flaw["id"], *flaw["aliases"]})
    ]
    unknown = [package["name"] for package in packages if "skip_reason" in package]
    if found:
        return _wrong(*found)
    if len(unknown) == len(packages):
        return _not_run(f": its data cannot be reached from here (it knew none of {len(unknown)} packages)")
    if unknown:
        return _not_run(f" for {', '.join(unknown)}: the version is not known there")
    return Verdict(0, f"pip-audit: {len(packages)} packages, nothing known against them.")


def _told(flaw: dict[str, Any]) -> str:
    names = ", ".join([flaw["id"], *flaw["aliases"]])
    return f"{names}, mended in {', '.join(flaw['fix_versions']) or 'no version yet'}"


def _packages(out: str) -> list[dict[str, Any]] | None:
    """Return each package of the report; None where there is no report."""
    try:
        packages: list[dict[str, Any]] = json.loads(out)["dependencies"]
    except (ValueError, KeyError, TypeError):
        return None
    return packages


def _not_run(why: str) -> Verdict:
    return Verdict(0, f"pip-audit: not run{why}.")


def _wrong(*lines: str) -> Verdict:
    return Verdict(1, "\n".join(f"pip-audit: {line}" for line in lines if line))


def main() -> int:
    """Run pip-audit, print the verdict, and return 1 where something is wrong."""
    today = datetime.now(UTC).date()
    try:
        asked = subprocess.run(
            [sys.executable, *PROGRAM], cwd=ROOT, capture_output=True, text=True, timeout=WAIT, check=False
        )
    except subprocess.TimeoutExpired:
        verdict = judge(None, "", "", today=today)
    else:
        verdict = judge(asked.returncode, asked.stdout, asked.stderr, today=today)
    print(verdict.said)
    return verdict.code


if __name__ == "__main__":
    sys.exit(main())
