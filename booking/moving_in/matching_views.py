"""The step of an import in which a person corrects the guesses, with a sample of rows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from booking.models import Import
from booking.moving_in.actions import steps
from booking.moving_in.actions.upload import choose
from booking.moving_in.engine import columns as fields
from booking.moving_in.engine.drafts import Draft, read_row
from booking.moving_in.engine.table import NoTable, Table
from booking.moving_in.forms import ColumnsForm, ReadingForm
from booking.moving_in.reading import (
    SAMPLE_ROWS,
    Choices,
    guess_names,
    reading_of,
    table_of,
    unpacked,
    with_columns,
    with_dates,
)
from booking.moving_in.wording import ORDERS, refusal
from practice.core import formatting
from practice.core.locales import phone_numbers
from practice.core.reasons import because, reason_in_words
from practice.models import Practice
from practice.queries import practice_zone, the_practice

DATES = ("order", "clock")


@dataclass(frozen=True)
class SampleRow:
    """A row as it would be read: its number, what it says, and what is wrong."""

    number: int
    says: list[str]
    wrong: str


def matching_page(request: HttpRequest, job: Import) -> HttpResponse:
    """Show how the file is read, with a sample; POST keeps the choices, and begins the check."""
    content = unpacked(Import.objects.values_list("content", flat=True).get(pk=job.pk))
    choices: Choices = job.choices
    sent = request.POST if request.method == "POST" else None
    reading = ReadingForm(sent, job=job, choices=choices)
    if sent is not None:
        choices = _read_otherwise(choices, reading)
    try:
        table = table_of(content, choices)
    except NoTable as error:
        reading.add_error("encoding", refusal(error)) if sent is not None else None
        page = {"job": job, "reading": reading, "broken": refusal(error)}
        return render(request, "workspace/import_match.html", page, status=422 if sent else 200)
    if sent is not None:
        choices, guessed = _guessed_again(job, choices, table)
        columns = ColumnsForm(None if guessed else sent, job=job, table=table, choices=choices)
        if not guessed:
            choices = _chosen(job, columns, choices, table)
        if done := _begin(request, job, reading, columns, choices, guessed=guessed):
            return done
    else:
        columns = ColumnsForm(None, job=job, table=table, choices=choices)
    job.choices = choices
    if not reading.is_bound or reading.is_valid():
        reading = ReadingForm(None, job=job, choices=choices)
    return _page(request, job, reading, columns, table)


def _read_otherwise(choices: Choices, reading: ReadingForm) -> Choices:
    """Return the choices with the encoding, the separator and the dates as sent, where they are right."""
    reading.is_valid()
    return {**choices, **reading.cleaned_data}


def _guessed_again(job: Import, choices: Choices, table: Table) -> tuple[Choices, bool]:
    """Return the choices, with the columns guessed again if the headings changed, and whether they did."""
    before = (job.choices["encoding"], job.choices["separator"])
    if before == (choices["encoding"], choices["separator"]):
        return choices, False
    return with_columns(choices, table, job.kind), True


def _chosen(job: Import, columns: ColumnsForm, choices: Choices, table: Table) -> Choices:
    """Return the choices with the columns as sent; another column with days is looked at anew."""
    if not columns.is_valid():
        return {**choices, "columns": columns.columns()}
    chosen = columns.chosen()
    dated = (*fields.DAYS[job.kind], "time")
    if any(chosen["columns"].get(one) != job.choices["columns"].get(one) for one in dated):
        chosen = with_dates(chosen, table, job.kind)
    known = guess_names(table, chosen["columns"])
    for field, found in known.items():  # names of another column have not been asked for yet
        if chosen["columns"].get(field) != job.choices["columns"].get(field):
            chosen["names"] = {**chosen["names"], field: found}
    return chosen


def _begin(
    request: HttpRequest,
    job: Import,
    reading: ReadingForm,
    columns: ColumnsForm,
    choices: Choices,
    *,
    guessed: bool,
) -> HttpResponse | None:
    """Keep the choices; begin the check if it was asked for and nothing is missing. None: the page again."""
    if not reading.is_valid() or (columns.is_bound and not columns.is_valid()):
        return None
    settled = choices["columns"] == job.choices["columns"] and not guessed
    choose(job, choices)
    if request.POST.get("do") != "check":
        return None
    if "order" in reading.fields and not choices["order"]:
        reading.add_error("order", _("Please choose how days are written."))
        return None
    if not settled and any(name for found in choices["names"].values() for name in found):
        return None  # the names of a new column are asked for first
    steps.start_check(job)
    return redirect("workspace_import_one", pk=job.pk)


def _page(
    request: HttpRequest, job: Import, reading: ReadingForm, columns: ColumnsForm, table: Table
) -> HttpResponse:
    practice = the_practice()
    read = reading_of(job)
    drafts = [read_row(row, read) for row in table.rows[:SAMPLE_ROWS]]
    wrong = bool(reading.errors or columns.errors)
    if columns.is_bound and not wrong:
        columns = ColumnsForm(None, job=job, table=table, choices=job.choices)
    preset = next((one.name for one in fields.PRESETS if one.code == job.choices.get("preset")), "")
    page: dict[str, Any] = {
        "job": job,
        "reading": reading,
        "columns": columns,
        "preset": preset,
        "count": len(table.rows),
        "shown": _headings(job.kind),
        "sample": [SampleRow(one.number, _says(one, job, practice), _wrong(one)) for one in drafts],
        "orders": ORDERS,
    }
    return render(request, "workspace/import_match.html", page, status=422 if wrong else 200)


def _headings(kind: str) -> list[str]:
    person = [_("Name"), _("Email"), _("Phone")]
    if kind == Import.Kind.APPOINTMENTS:
        return [*person, _("When"), _("With"), _("Session")]
    return [*person, _("Session"), _("Left"), _("Valid until")] if kind == Import.Kind.PACKAGES else person


def _says(draft: Draft, job: Import, practice: Practice) -> list[str]:
    """Return what a row says, in the words of this page: a wrong order of dates is seen at once."""
    locale = practice.locale
    phone = phone_numbers.shown(draft.phone, region=practice.region) if draft.phone else ""
    person = [draft.name, draft.email, phone]
    if job.kind == Import.Kind.APPOINTMENTS:
        return [*person, _when(draft.start, practice), draft.practitioner, draft.session_type]
    if job.kind == Import.Kind.PACKAGES:
        until = formatting.date_in_words(draft.valid_until, locale=locale) if draft.valid_until else ""
        return [*person, draft.session_type, "" if draft.left is None else str(draft.left), until]
    return person


def _when(start: datetime | None, practice: Practice) -> str:
    if start is None:
        return ""
    zone = practice_zone(practice)
    day = formatting.day_in_words(start.astimezone(zone).date(), locale=practice.locale, year=True)
    return formatting.at_time(
        day, formatting.clock_time(start, zone, locale=practice.locale), locale=practice.locale
    )


def _wrong(draft: Draft) -> str:
    return reason_in_words(because(draft.problem, **draft.params)) if draft.problem else ""
