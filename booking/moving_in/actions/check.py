"""The dry run: each row of the file is stored with what would become of it. Nothing else is written."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils import timezone

from booking.models import Import, ImportRow
from booking.moving_in.engine.drafts import read_row
from booking.moving_in.engine.duplicates import first_of_each
from booking.moving_in.engine.table import NoTable, Row
from booking.moving_in.judging import Judge, Judged
from booking.moving_in.people import known_people
from booking.moving_in.reading import names_of, reading_of, table_of, unpacked
from practice.queries import one_practice

State = Import.State
AT_ONCE = 1000
LOOKED_UP_AT_ONCE = 400


@dataclass(frozen=True)
class Checked:
    """All rows of a file with their judgments; `broken`: the file can't be read as it was chosen."""

    headings: tuple[str, ...] = ()
    rows: tuple[Row, ...] = ()
    judged: tuple[Judged, ...] = ()
    broken: bool = False


@one_practice()
def prepare(job: Import) -> Checked:
    """Return the judgment of all rows. Outside of any transaction: it takes seconds, and locks nothing."""
    content = unpacked(Import.objects.values_list("content", flat=True).get(pk=job.pk))
    try:
        table = table_of(content, job.choices)
    except NoTable:
        return Checked(broken=True)
    reading = reading_of(job)
    drafts = [read_row(row, reading) for row in table.rows]
    judge = Judge(job, names_of(job), timezone.now(), first_of_each(drafts))
    judged: list[Judged] = []
    for start in range(0, len(drafts), LOOKED_UP_AT_ONCE):
        some = drafts[start : start + LOOKED_UP_AT_ONCE]
        judged += judge.judge_all(some, known_people(some))
    return Checked(table.headings, table.rows, tuple(judged))


def store_next(job: Import, checked: Checked) -> bool:
    """Store the next portion of rows with their judgments; False: all are stored. Within a transaction."""
    if checked.broken:
        job.state = State.MATCHING
        job.save(update_fields=["state"])
        return False
    some = slice(job.position, job.position + AT_ONCE)
    ImportRow.objects.bulk_create(
        [
            ImportRow(
                job=job,
                number=row.number,
                raw=list(row.cells),  # type: ignore[misc]
                verdict=one.verdict,
                why=one.why,
                client=one.client,
            )
            for row, one in zip(checked.rows[some], checked.judged[some], strict=True)
        ]
    )
    job.position += len(checked.rows[some])
    job.total, job.headings = len(checked.rows), list(checked.headings)
    more = job.position < job.total
    job.state = job.state if more else State.CHECKED
    job.save(update_fields=["position", "total", "headings", "state"])
    return more
