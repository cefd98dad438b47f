"""The tables of docs/year.md: what was done, what was promised, and whether it was kept."""

from __future__ import annotations

import datetime as dt
import subprocess
from collections.abc import Sequence
from pathlib import Path

from tools.year.outcome import Outcome

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "year.md"
BEGIN, END = "<!-- make year writes from here -->", "<!-- to here -->"
MOST = 20  # sentences of one promise that are shown


def write(outcomes: Sequence[Outcome]) -> None:
    """Replace the tables in docs/year.md."""
    before, _, rest = PAGE.read_text(encoding="utf-8").partition(BEGIN)
    after = rest.partition(END)[2]
    page = "\n".join([before + BEGIN, "", *lines(outcomes), "", END + after])
    PAGE.write_text(page, encoding="utf-8")


def lines(outcomes: Sequence[Outcome]) -> list[str]:
    """Return the tables, with the day, the commit, the seeds and the length of each run."""
    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True)
    day = dt.datetime.now(dt.UTC).strftime("%B %-d, %Y")
    runs = "; ".join(
        f"{one.days} days of {one.clients} clients on {one.engine} with seed {one.seed} "
        f"({one.cpu / 60:.1f} minutes of processor time)"
        for one in outcomes
    )
    found = [
        f"- {one.engine}, seed {one.seed}, {promise}: {fault}"
        for one in outcomes
        for promise, faults in one.faults.items()
        for fault in faults[:MOST]
    ]
    return [
        f"Run on {day} at commit `{commit.stdout.strip() or 'unknown'}`: {runs}.",
        "",
        *promises_table(outcomes),
        "",
        *deeds_table(outcomes),
        "",
        *(["Broken promises:", "", *found] if found else ["No promise was broken."]),
    ]


def headings(outcomes: Sequence[Outcome]) -> str:
    """Return the columns, one for each run."""
    return " | ".join(f"{one.engine}, seed {one.seed}" for one in outcomes)


def promises_table(outcomes: Sequence[Outcome]) -> list[str]:
    """Return how often each promise was looked at, and how often it was broken."""
    promises = list(dict.fromkeys(promise for one in outcomes for promise in one.looked))
    return [
        f"| promise: looked at, broken | {headings(outcomes)} |",
        f"|---|{'---|' * len(outcomes)}",
        *(
            f"| {promise} | "
            + " | ".join(f"{one.looked[promise]}, {len(one.faults.get(promise, ()))}" for one in outcomes)
            + " |"
            for promise in promises
        ),
    ]


def deeds_table(outcomes: Sequence[Outcome]) -> list[str]:
    """Return what people did and what befell them."""
    deeds = sorted({deed for one in outcomes for deed, count in one.done.items() if count})
    return [
        f"| what happened | {headings(outcomes)} |",
        f"|---|{'---|' * len(outcomes)}",
        *(f"| {deed} | {' | '.join(str(one.done[deed]) for one in outcomes)} |" for deed in deeds),
    ]
