"""PURE. The list of rows that were not imported, as a file for a spreadsheet: no cell of it is a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence

#: What a spreadsheet takes for the begin of a formula.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def defused(cell: str) -> str:
    """Return the cell as text: an apostrophe before what a spreadsheet would calculate."""
    return f"'{cell}" if cell.lstrip(" ").startswith(FORMULA) or cell.startswith(FORMULA) else cell


def lines(rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """Yield each row as a line of CSV with defused cells; the first begins with the mark of UTF-8."""
    mark = "\ufeff"
    for row in rows:
        kept = io.StringIO(newline="")
        csv.writer(kept).writerow([defused(cell) for cell in row])
        yield mark + kept.getvalue()
        mark = ""
