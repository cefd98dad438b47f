"""What the page of an import says: why a file is refused, what becomes of a row and why, what stays."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from booking.models import Import, ImportRow
from booking.moving_in.engine import encodings, table
from booking.moving_in.engine.table import NoTable

Kind, State, Verdict = Import.Kind, Import.State, ImportRow.Verdict

FILES: Mapping[str, Any] = {
    "file_empty": gettext_lazy("This file is empty."),
    "file_no_csv": gettext_lazy(
        "This is not a CSV file. Open it in your spreadsheet program and choose “Save it as CSV”."
    ),
    "file_zero": gettext_lazy(
        "Row %(row)s has characters that no text has. Please choose another encoding, or save the file again."
    ),
    "file_encoding": gettext_lazy("This file can’t be read in this encoding. Please choose another one."),
    "file_quotes": gettext_lazy(
        "A quotation mark near line %(line)s is never closed. Please correct it in your spreadsheet program, "
        "and save the file again."
    ),
    "file_no_headings": gettext_lazy("The first row is empty. It has to name the columns."),
    "file_only_headings": gettext_lazy("This file has headings, but no rows below them."),
    "file_same_heading": gettext_lazy(
        "Two columns are called “%(name)s”. Please rename one of them, and upload the file again."
    ),
    "file_too_many_columns": gettext_lazy(
        "This file has more than %(most)s columns. Please remove those you don’t need."
    ),
    "file_too_many_rows": gettext_lazy(
        "This file has more than %(most)s rows. Please split it into several files."
    ),
    "file_too_large": gettext_lazy(
        "This file is larger than %(most)s MB. Please split it into several files."
    ),
}
ROWS: Mapping[str, Any] = {
    "row_more_cells": gettext_lazy("It has more cells than there are headings."),
    "row_long_cell": gettext_lazy("A cell has more than %(most)s characters."),
    "row_characters": gettext_lazy("It has characters that can’t be stored. Please check the encoding."),
    "row_no_name": gettext_lazy("It has no name."),
    "row_long_name": gettext_lazy("The name has more than %(most)s characters."),
    "row_email": gettext_lazy("The email address isn’t complete."),
    "row_phone": gettext_lazy("The phone number can’t be read. It may lack its area code."),
    "row_no_start": gettext_lazy("It has no day."),
    "row_start": gettext_lazy("The day or the time can’t be read as you chose."),
    "row_no_such_time": gettext_lazy("Clocks skip this time that day: %(text)s."),
    "row_time_twice": gettext_lazy(
        "This time comes twice that day, since the clocks change: %(text)s. Please book it by hand."
    ),
    "row_left": gettext_lazy("The number of sessions has to be a whole number, up to %(most)s."),
    "row_until": gettext_lazy("The day it is valid until can’t be read as you chose."),
    "row_name_twice": gettext_lazy(
        "Several clients have this name. Please add their email address or phone number."
    ),
    "row_repeats": gettext_lazy("The same person is in row %(row)s."),
    "row_same_email": gettext_lazy("A client with this email address is already here."),
    "row_same_phone": gettext_lazy("A client with this name and phone number is already here."),
    "row_same_name": gettext_lazy("A client with this name is already here."),
    "row_other_name": gettext_lazy("They have another name here, which stays."),
    "row_fills": gettext_lazy("What is empty in their record is filled in."),
    "row_new_client": gettext_lazy("For a new client."),
    "row_known_client": gettext_lazy("For a client who is already here."),
    "row_for_another": gettext_lazy("Booked by a client who is already here, for someone with another name."),
    "row_has_package": gettext_lazy("They already have a package of this type. This adds another."),
    "row_none_left": gettext_lazy("No sessions are left."),
    "row_expired": gettext_lazy("It has expired."),
    "row_no_type": gettext_lazy("No session type was chosen for it."),
    "row_no_practitioner": gettext_lazy("No practitioner was chosen for it."),
    "row_canceled": gettext_lazy("It was canceled, or didn’t take place."),
    "row_past": gettext_lazy("It is in the past."),
    "row_too_far": gettext_lazy("It is more than ten years ahead."),
    "row_not_given": gettext_lazy("The practitioner doesn’t give this session type."),
    "row_needs_address": gettext_lazy(
        "Sessions at the client’s place need an address. Please book it by hand."
    ),
    "row_needs_phone": gettext_lazy("Sessions by phone need a phone number."),
    "row_booked_already": gettext_lazy("This appointment is already here."),
    "row_overlaps": gettext_lazy(
        "Another appointment is at this time, with the practitioner or in the room."
    ),
    "row_overlaps_row": gettext_lazy("Another row of this file is at this time."),
    "row_try_again": gettext_lazy(
        "Something else was saved at the same moment. Please import this row again."
    ),
    "stays_begun": gettext_lazy("The appointment has begun."),
    "stays_changed": gettext_lazy("The appointment was confirmed, moved, canceled or changed since."),
    "stays_emailed": gettext_lazy("An email about the appointment was sent since."),
    "stays_linked": gettext_lazy("Something else belongs to the appointment since."),
    "stays_package_used": gettext_lazy("A session of the package was used since."),
    "stays_filled": gettext_lazy("What was filled in can’t be told apart from what is there now."),
    "stays_client_used": gettext_lazy("The client has other entries, or has signed in."),
}
REASONS = ROWS
ENCODINGS: Mapping[str, Any] = {
    encodings.UTF_8: gettext_lazy("UTF-8"),
    encodings.UTF_8_MARKED: gettext_lazy("UTF-8 with a mark"),
    encodings.UTF_16: gettext_lazy("UTF-16 with a mark"),
    encodings.UTF_16_LITTLE: gettext_lazy("UTF-16, little-endian"),
    encodings.UTF_16_BIG: gettext_lazy("UTF-16, big-endian"),
    encodings.WINDOWS: gettext_lazy("Windows (1252)"),
    encodings.MAC: gettext_lazy("Mac Roman"),
}
SEPARATORS: Mapping[str, Any] = {
    table.COMMA: gettext_lazy("comma"),
    table.SEMICOLON: gettext_lazy("semicolon"),
    table.TAB: gettext_lazy("tab"),
}
ORDERS: Mapping[str, Any] = {
    "mdy": gettext_lazy("Month first: 3/16/2027"),
    "dmy": gettext_lazy("Day first: 16/3/2027"),
    "ymd": gettext_lazy("Year first: 2027-03-16"),
}
CLOCKS: Mapping[str, Any] = {"12": gettext_lazy("12 hours: 2:30 PM"), "24": gettext_lazy("24 hours: 14:30")}
FIELDS: Mapping[str, Any] = {
    "name": gettext_lazy("Full name"),
    "first_name": gettext_lazy("First name"),
    "last_name": gettext_lazy("Last name"),
    "email": gettext_lazy("Email"),
    "phone": gettext_lazy("Phone"),
    "start": gettext_lazy("Day, or day and time"),
    "time": gettext_lazy("Time, if it has its own column"),
    "practitioner": gettext_lazy("Practitioner"),
    "session_type": gettext_lazy("Session type"),
    "status": gettext_lazy("Status"),
    "left": gettext_lazy("Sessions left"),
    "valid_until": gettext_lazy("Valid until"),
}


def refusal(error: NoTable) -> str:
    """Return why a file can't be imported, and what to do."""
    return str(FILES[error.code]) % error.params


def missing_words(groups: list[tuple[str, ...]]) -> str:
    """Return which columns still have to be chosen."""
    fields = ["/".join(str(FIELDS[one]) for one in group) for group in groups]
    return _("Please choose a column for: %(fields)s.") % {"fields": "; ".join(fields)}


def made_words(kind: str, count: int) -> str:
    """Return "3 clients", "3 appointments" or "3 packages"."""
    words = {
        Kind.CLIENTS: ngettext("%(n)s client", "%(n)s clients", count),
        Kind.APPOINTMENTS: ngettext("%(n)s appointment", "%(n)s appointments", count),
        Kind.PACKAGES: ngettext("%(n)s package", "%(n)s packages", count),
    }
    return words[Kind(kind)] % {"n": count}


def button_words(kind: str, count: int) -> str:
    """Return what the button says that imports: "Import 3 clients"."""
    return _("Import %(things)s") % {"things": made_words(kind, count)}


def progress_words(state: str) -> str:
    """Return what the worker does now."""
    return {
        State.CHECKING: _("Checking the rows. Nothing is imported yet."),
        State.RUNNING: _("Importing. You can leave this page: it continues."),
        State.UNDOING: _("Removing what this import made."),
    }[State(state)]
