"""The file of an import: kept packed and encrypted, and read as its choices say."""

from __future__ import annotations

import base64
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from booking.models import Import, ImportRow, SessionType
from booking.moving_in.engine import columns as fields
from booking.moving_in.engine import dates, encodings, table
from booking.moving_in.engine.drafts import Draft, Reading, read_row
from booking.moving_in.engine.duplicates import name_key
from practice.core.plain_text import plain_line
from practice.models import Practice, Practitioner
from practice.queries import practice_zone, practitioners, the_practice

#: Of a column with names: more different ones are no names of practitioners or session types.
MOST_NAMES = 60
SAMPLE_ROWS = 5
#: Locales that write the month first, in doubt about the order.
MONTH_FIRST_IN = ("en-us", "en_us", "en-ph", "en_ph")
NAMED = ("practitioner", "session_type")
Choices = dict[str, Any]


def packed(content: bytes) -> str:
    """Return a file as the text that is kept, encrypted by its column."""
    return base64.b85encode(zlib.compress(content, 6)).decode()


def unpacked(text: str) -> bytes:
    """Return the file that `packed` kept."""
    return zlib.decompress(base64.b85decode(text))


def table_of(content: bytes, choices: Mapping[str, Any]) -> table.Table:
    """Return the rows of a file as its choices say. Raises NoTable."""
    try:
        text = encodings.decode(content, choices["encoding"])
    except encodings.Undecodable as error:
        raise table.NoTable("file_encoding") from error
    return table.read_table(text, choices["separator"])


def first_choices(content: bytes, kind: str) -> Choices:
    """Return how a new file is read, guessed from all of it. Raises NoTable."""
    table.must_be_text(content)
    encoding = encodings.guess(content)
    try:
        text = encodings.decode(content, encoding)
    except encodings.Undecodable as error:
        raise table.NoTable("file_encoding") from error
    choices: Choices = {
        "encoding": encoding,
        "separator": table.guess_separator(text),
        "fill": False,
        "reminders": True,
    }
    return with_columns(choices, table_of(content, choices), kind)


def with_columns(choices: Mapping[str, Any], read: table.Table, kind: str) -> Choices:
    """Return the choices with the columns, the order of dates and the names guessed for this table."""
    columns = fields.guess_columns(read.headings, kind)
    preset = fields.preset_of(read.headings, kind)
    found: Choices = {**choices, "order": "", "columns": columns, "preset": preset.code if preset else ""}
    found = with_dates(found, read, kind)
    if preset and preset.order:
        found |= {"order": preset.order, "clock": preset.clock, "order_sure": True, "clock_sure": True}
    return {**found, "names": guess_names(read, columns)}


def with_dates(choices: Mapping[str, Any], read: table.Table, kind: str) -> Choices:
    """Return the choices with the order of dates and the clock, guessed from all rows; "": none tells."""
    columns = choices["columns"]
    days = [row.cells[columns[one]] for one in fields.DAYS[kind] if one in columns for row in read.rows]
    hours = [row.cells[columns["time"]] for row in read.rows] if "time" in columns else days
    likely = (
        dates.MONTH_FIRST if the_practice().locale.lower().startswith(MONTH_FIRST_IN) else dates.DAY_FIRST
    )
    order, clock = dates.guess_order(days, likely=likely), dates.guess_clock(hours)
    return {
        **choices,
        "order": order.value if order.sure else choices.get("order", ""),
        "order_sure": order.sure,
        "order_likely": order.value,
        "clock": clock.value,
        "clock_sure": clock.sure,
    }


def names_in(read: table.Table, columns: Mapping[str, int], field: str) -> list[str]:
    """Return the different names in the column of a field, as in the file; [""] without a column."""
    if field not in columns:
        return [""]
    found = dict.fromkeys(plain_line(row.cells[columns[field]]) for row in read.rows)
    return list(found)[: MOST_NAMES + 1]


def guess_names(read: table.Table, columns: Mapping[str, int]) -> dict[str, dict[str, int | None]]:
    """Return for each name in the file which practitioner or session type it means; None: unknown."""
    return {
        "practitioner": _matched(names_in(read, columns, "practitioner"), _called(practitioners())),
        "session_type": _matched(names_in(read, columns, "session_type"), _types()),
    }


def _called(people: Iterable[Practitioner]) -> dict[str, int]:
    known: dict[str, int] = {}
    for one in people:
        for words in (one.user.name, one.user.email or "", one.first_name):
            if words:
                known.setdefault(name_key(words), one.pk)
    return known


def _types() -> dict[str, int]:
    return {
        name_key(one.name): one.pk for one in SessionType.objects.filter(is_active=True).order_by("-order")
    }


def _matched(names: Iterable[str], known: Mapping[str, int]) -> dict[str, int | None]:
    only = next(iter(known.values())) if len(set(known.values())) == 1 else None
    return {name: known.get(name_key(name), only) for name in names}


def reading_of(job: Import) -> Reading:
    """Return how the rows of an import are read."""
    practice: Practice = the_practice()
    choices = job.choices
    return Reading(
        kind=job.kind,
        columns=choices["columns"],
        order=choices["order"] or choices["order_likely"],
        clock=choices["clock"],
        zone=practice_zone(practice),
        region=practice.region,
    )


def drafts_of(rows: Sequence[ImportRow], reading: Reading) -> list[Draft]:
    """Return what the stored rows say."""
    return [read_row(table.Row(one.number, tuple(one.raw or ())), reading) for one in rows]


@dataclass(frozen=True)
class Names:
    """What the names of a file mean: rows by their id, for practitioners and session types."""

    practitioners: Mapping[int, Practitioner]
    types: Mapping[int, SessionType]
    chosen: Mapping[str, Mapping[str, int | None]]

    def practitioner(self, name: str) -> Practitioner | None:
        """Return whom a name means; None: nobody was chosen, or they no longer work here."""
        return self.practitioners.get(self.chosen["practitioner"].get(name) or 0)

    def session_type(self, name: str) -> SessionType | None:
        """Return what a name means; None: nothing was chosen, or it is no longer offered."""
        return self.types.get(self.chosen["session_type"].get(name) or 0)


def names_of(job: Import) -> Names:
    """Return what the names in the file of an import mean now, in two queries."""
    types = SessionType.objects.filter(is_active=True).prefetch_related("practitioners")
    return Names(
        {
            one.pk: one
            for one in Practitioner.objects.filter(user__is_active=True).select_related("user", "room")
        },
        {one.pk: one for one in types},
        job.choices["names"],
    )
