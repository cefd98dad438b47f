"""PURE. A text of separated values, taken apart into rows; what is no such text is refused by a code.

Rows keep the number that a spreadsheet shows beside them: the headings are row 1, and empty rows count.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

COMMA, SEMICOLON, TAB = ",", ";", "\t"
SEPARATORS = (COMMA, SEMICOLON, TAB)
MOST_ROWS = 50_000
MOST_COLUMNS = 200
LONGEST_CELL = 2_000  # characters
LINES_LOOKED_AT = 20
#: What a workbook, an old workbook, a PDF and a picture begin with.
OTHER_FILES = (
    b"PK\x03\x04",
    b"PK\x05\x06",
    b"\xd0\xcf\x11\xe0",
    b"%PDF",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"\x1f\x8b",
)


class NoTable(ValueError):
    """Raised when a text is no table that can be imported. `code` says why, `params` where."""

    def __init__(self, code: str, **params: int | str) -> None:
        super().__init__(code)
        self.code, self.params = code, params


@dataclass(frozen=True)
class Row:
    """One row with its number in the spreadsheet; as many cells as there are headings.

    `is_wider`: it had words in more cells than there are headings, so none of them can be trusted.
    """

    number: int
    cells: tuple[str, ...]
    is_wider: bool = False


@dataclass(frozen=True)
class Table:
    """The headings, and the rows that are not empty."""

    headings: tuple[str, ...]
    rows: tuple[Row, ...]


def must_be_text(content: bytes) -> None:
    """Raise NoTable for an empty file, and for one that by its first bytes is a workbook or a picture."""
    if not content.strip(b" \r\n\t\0\xef\xbb\xbf\xfe\xff"):
        raise NoTable("file_empty")
    if content.startswith(OTHER_FILES):
        raise NoTable("file_no_csv")


def guess_separator(text: str) -> str:
    """Return the separator that cuts the first lines into the same number of cells, the more the better.

    The line "sep=;", which some spreadsheets write first, is believed.
    """
    if said := _said_separator(text):
        return said
    lines = list(text.splitlines()[:LINES_LOOKED_AT])
    return max(SEPARATORS, key=lambda sign: _fit(lines, sign))


def _said_separator(text: str) -> str:
    first = text[:6].lower()
    return first[4] if first.startswith("sep=") and first[4:5] in SEPARATORS else ""


def _fit(lines: list[str], separator: str) -> tuple[int, int]:
    """Return how many lines have the most usual number of cells, and that number; (0, 0) for one cell."""
    try:
        counts = Counter(len(row) for row in csv.reader(lines, delimiter=separator) if row)
    except csv.Error:
        return (0, 0)
    cells, times = max(counts.items(), key=lambda one: (one[1], one[0]), default=(0, 0))
    return (times, cells) if cells > 1 else (0, 0)


def read_table(text: str, separator: str) -> Table:
    """Return the table. Raises NoTable for what is wrong with the whole of it, with the row where it is."""
    if "\0" in text:
        raise NoTable("file_zero", row=text.count("\n", 0, text.index("\0")) + 1)
    if _said_separator(text):
        text = text.partition("\n")[2]
    records = _records(text, separator)
    headings = _headings(next(records, Row(1, ())).cells)
    rows = []
    for row in records:
        if not any(cell.strip() for cell in row.cells):
            continue
        rows.append(_fitted(row, len(headings)))
        if len(rows) > MOST_ROWS:
            raise NoTable("file_too_many_rows", most=MOST_ROWS)
    if not rows:
        raise NoTable("file_only_headings")
    return Table(headings, tuple(rows))


def _records(text: str, separator: str) -> Iterator[Row]:
    """Yield each record, numbered from 1. Raises NoTable for a quotation mark that is never closed."""
    number, began = 0, 1
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    while True:
        began = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise NoTable("file_quotes", line=began) from error
        number += 1
        yield Row(number, tuple(cells))


def _headings(cells: Sequence[str]) -> tuple[str, ...]:
    headings = tuple(" ".join(cell.split()) for cell in cells)
    if not any(headings):
        raise NoTable("file_no_headings")
    if len(headings) > MOST_COLUMNS:
        raise NoTable("file_too_many_columns", most=MOST_COLUMNS)
    for name, times in Counter(one.casefold() for one in headings if one).items():
        if times > 1:
            raise NoTable("file_same_heading", name=next(one for one in headings if one.casefold() == name))
    return headings


def _fitted(row: Row, width: int) -> Row:
    """Return the row with as many cells as headings. Empty cells too many are no mistake; words are."""
    cells = tuple(cell.strip() for cell in row.cells[:width])
    wider = any(cell.strip() for cell in row.cells[width:])
    return Row(row.number, cells + ("",) * (width - len(cells)), is_wider=wider)
