"""Payments as a spreadsheet: CSV in UTF-8 with the mark that Excel needs, and no formula in any cell."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from decimal import Decimal

from django.utils.translation import gettext as _

from booking.models import LedgerEntry
from booking.payments.wording import entry_in_words, way_in_words
from practice.queries import practice_zone, the_practice

#: A cell that begins so is calculated by Excel, LibreOffice and Google Sheets.
BEGINS_FORMULA = ("=", "+", "-", "@", "\t", "\r")
MARK = "\ufeff"


def spreadsheet_of(entries: Iterable[LedgerEntry]) -> str:
    """Return the file: a line for each entry, with sums as plain numbers."""
    zone, file = practice_zone(the_practice()), io.StringIO()
    lines = csv.writer(file, lineterminator="\r\n")
    lines.writerow(defused(one) for one in _head())
    for entry in entries:
        local = entry.at.astimezone(zone)
        said = (
            *(local.strftime("%Y-%m-%d"), local.strftime("%H:%M"), payer_of(entry), subject_of(entry)),
            *(session_day_of(entry), practitioner_of(entry)),
            *(entry_in_words(entry), way_in_words(entry.how)),
        )
        amount = f"{Decimal(entry.cents) / 100:.2f}"
        by = entry.by.name if entry.by else ""
        lines.writerow([*(defused(one) for one in said), amount, entry.currency, defused(by)])
    return MARK + file.getvalue()


def defused(cell: str) -> str:
    """Return a cell that no program calculates: with an apostrophe before a sign that begins a formula."""
    return f"'{cell}" if cell.startswith(BEGINS_FORMULA) else cell


def payer_of(entry: LedgerEntry) -> str:
    """Return who came, or whose package it is; "" once they were erased."""
    if entry.appointment:
        return entry.appointment.attendee_name
    return entry.package.client.name if entry.package and entry.package.client else ""


def subject_of(entry: LedgerEntry) -> str:
    """Return what was paid for: the name of the session type, or the package."""
    if entry.appointment:
        return entry.appointment.session_type.name
    return str(entry.package or "")


def practitioner_of(entry: LedgerEntry) -> str:
    """Return with whom the session is; "" of a package."""
    return entry.appointment.practitioner.user.name if entry.appointment else ""


def session_day_of(entry: LedgerEntry) -> str:
    """Return the day of the session, as a spreadsheet reads it; "" of a package."""
    if entry.appointment is None:
        return ""
    return entry.appointment.starts_at.astimezone(practice_zone(the_practice())).strftime("%Y-%m-%d")


def _head() -> tuple[str, ...]:
    return (
        *(_("Date"), _("Time"), _("Client"), _("Session"), _("Session date"), _("Practitioner")),
        *(_("Entry"), _("How"), _("Amount"), _("Currency"), _("Recorded by")),
    )
