"""Reads for the page of an import: how far it is, counts, its rows, and those that failed as a file."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, ExpressionWrapper, F, Q, QuerySet, TextField

from booking.models import Import, ImportRow
from practice.core.reasons import reason_in_words
from practice.security.crypto import Unreadable, decrypt

AT_ONCE = 50
SHOWN_CELLS = 200  # characters
Verdict = ImportRow.Verdict


@dataclass(frozen=True)
class Progress:
    """How far the worker is: rows done, of how many."""

    done: int
    total: int

    @property
    def percent(self) -> int:
        """Return the share that is done, in percent."""
        return 100 * self.done // self.total if self.total else 0


@dataclass(frozen=True)
class RowShown:
    """A row as the page shows it."""

    number: int
    verdict: str
    words: str
    says: str
    why: str
    row: ImportRow


def progress_of(job: Import) -> Progress:
    """Return how far the worker is. An undo goes from the last row to the first."""
    if job.state == Import.State.CHECKING:
        return Progress(job.position, job.total)
    if job.state == Import.State.UNDOING:
        made = job.rows.filter(made_anything())
        left = made.filter(number__lt=job.position).count() if job.position else made.count()
        return Progress(made.count() - left, made.count())
    return Progress(job.rows.filter(number__lte=job.position).count(), job.total)


def made_anything() -> Q:
    """Return the filter for rows that made something, or filled something in."""
    return Q(made_client=True) | Q(appointment__isnull=False) | Q(package__isnull=False) | ~Q(filled=[])


def counts_of(job: Import) -> dict[str, int]:
    """Return how many rows have each verdict."""
    found = dict(job.rows.values_list("verdict").annotate(count=Count("pk")).values_list("verdict", "count"))
    return {verdict: found.get(verdict, 0) for verdict in Verdict.values}


def rows_of(job: Import, *, verdict: str, number: Any) -> Page[ImportRow]:
    """Return a page of an import's rows, with this verdict; all without one."""
    found = as_stored(job.rows.all())
    if verdict in Verdict.values:
        found = found.filter(verdict=verdict)
    return Paginator(found, AT_ONCE).get_page(number)


def stays_of(job: Import) -> Page[ImportRow]:
    """Return the first rows whose work could not be undone."""
    return Paginator(as_stored(job.rows.exclude(stays=[])), AT_ONCE).get_page(1)


def shown(rows: Page[ImportRow], *, stays: bool = False) -> list[RowShown]:
    """Return rows as the page shows them."""
    return [
        RowShown(
            number=one.number,
            verdict=one.verdict,
            words=one.get_verdict_display(),
            says=says(one),
            why=reason_in_words(one.stays if stays else one.why),
            row=one,
        )
        for one in rows
    ]


def as_stored(rows: QuerySet[ImportRow]) -> QuerySet[Any]:
    """Return rows in order, with their cells as they rest (`sealed`): a lost key must not block a page."""
    sealed = ExpressionWrapper(F("raw"), output_field=TextField())
    return rows.order_by("number").defer("raw").annotate(sealed=sealed)


def cells_of(row: Any) -> list[str]:
    """Return the cells of a row of `as_stored`; none where they were forgotten, or their key was lost."""
    try:
        return list(json.loads(decrypt(row.sealed))) if row.sealed else []
    except Unreadable:
        return []


def says(row: Any) -> str:
    """Return the first words of a row, in one line."""
    return " · ".join(filter(None, cells_of(row)))[:SHOWN_CELLS]


def failed_rows(job: Import, *, reason: str) -> Iterator[list[str]]:
    """Yield the headings and each row that failed or was left out, with its number and `reason`'s column."""
    headings = job.headings or []
    yield ["#", *headings, reason]
    found = as_stored(job.rows.filter(verdict__in=[Verdict.FAILED, Verdict.SKIPPED]))
    for row in found.iterator(chunk_size=500):
        cells = cells_of(row)
        yield [str(row.number), *cells, *[""] * (len(headings) - len(cells)), reason_in_words(row.why)]
