"""The tables of docs/chaos.md: what was done, how often, and what became of the emails."""

from __future__ import annotations

import datetime as dt
import subprocess
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from tools.chaos.outcome import Outcome

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "chaos.md"
BEGIN, END = "<!-- make chaos writes from here -->", "<!-- to here -->"
#: Column → the heading. What is `lost` or arrived more than twice must be 0.
COLUMNS = {
    "once": "arrived once",
    "twice": "arrived twice",
    "unknown": "may not have been sent",
    "failed": "failed",
    "missed": "too late",
    "cancelled": "canceled",
    "more": "more than twice",
    "lost": "lost",
}
NAMES = {"sign_in_code": "sign-in code", "text_reminder": "reminder by text message"}


def write(outcomes: Sequence[Outcome], *, seed: int) -> None:
    """Replace the tables in docs/chaos.md."""
    before, _, rest = PAGE.read_text(encoding="utf-8").partition(BEGIN)
    after = rest.partition(END)[2]
    page = "\n".join([before + BEGIN, "", *lines(outcomes, seed), "", END + after])
    PAGE.write_text(page, encoding="utf-8")


def lines(outcomes: Sequence[Outcome], seed: int) -> list[str]:
    """Return both tables, with the day, the commit, the seed and the length of the run."""
    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True)
    day = dt.datetime.now(dt.UTC).strftime("%B %-d, %Y")
    lengths = ", ".join(
        f"{one.seconds / 60:.1f} minutes on {one.engine} ({one.storms} storms)" for one in outcomes
    )
    found = [f"- {one.engine}: {fault}" for one in outcomes for fault in one.faults]
    return [
        f"Run on {day} at commit `{commit.stdout.strip() or 'unknown'}` with seed {seed}: {lengths}.",
        "",
        *faults_table(outcomes),
        "",
        *ends_table(outcomes),
        "",
        *(["Broken promises:", "", *found] if found else ["No promise was broken."]),
    ]


def faults_table(outcomes: Sequence[Outcome]) -> list[str]:
    """Return the table of what was done; a dash where an engine has no such fault."""
    rows = sorted({row for one in outcomes for row in one.done})
    return [
        f"| what was done | {' | '.join(one.engine for one in outcomes)} |",
        f"|---|{'---|' * len(outcomes)}",
        *(f"| {row} | {' | '.join(str(one.done.get(row, '–')) for one in outcomes)} |" for row in rows),
    ]


def ends_table(outcomes: Sequence[Outcome]) -> list[str]:
    """Return the table of what became of the emails of each kind, by the servers' own records."""
    shown = [f"| kind | engine | planned | {' | '.join(COLUMNS.values())} |", f"|---|---|---|{'---|' * 8}"]
    for kind in sorted({kind for one in outcomes for kind, _end in one.ends}):
        for one in outcomes:
            ends = Counter({end: number for (of, end), number in one.ends.items() if of == kind})
            cells = " | ".join(str(ends[column]) for column in COLUMNS)
            name = NAMES.get(kind, kind.replace("_", "-"))
            shown.append(f"| {name} | {one.engine} | {ends.total()} | {cells} |")
    return shown
