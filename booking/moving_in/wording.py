"""What the page of an import says: why a file is refused, what becomes of a row and why, what stays."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as L
from django.utils.translation import ngettext

from booking.models import Import, ImportRow
from booking.moving_in.engine import encodings, table
from booking.moving_in.engine.table import NoTable

Kind, State, Verdict = Import.Kind, Import.State, ImportRow.Verdict

FILES: Mapping[str, Any] = {
    "file_empty": L("This file is empty."),
    "file_no_csv": L(
        "This is not a CSV file. Open it in your spreadsheet program and choose “Save it as CSV”."
    ),
    "file_zero": L(
        "Row %(row)s has characters that no text has. Please choose another encoding, or save the file again."
    ),
    "file_encoding": L("This file can’t be read in this encoding. Please choose another one."),
    "file_quotes": L(
        "A quotation mark near line %(line)s is never closed. Please correct it in your spreadsheet program, "
        "and save the file again."
    ),
    "file_no_headings": L("The first row is empty. It has to name the columns."),
    "file_only_headings": L("This file has headings, but no rows below them."),
    "file_same_heading": L(
        "Two columns are called “%(name)s”. Please rename one of them, and upload the file again."
    ),
    "file_too_many_columns": L(
        "This file has more than %(most)s columns. Please remove those you don’t need."
    ),
    "file_too_many_rows": L("This file has more than %(most)s rows. Please split it into several files."),
    "file_too_large": L("This file is larger than %(most)s MB. Please split it into several files."),
}
ROWS: Mapping[str, Any] = {
    "row_more_cells": L("It has more cells than there are headings."),
    "row_long_cell": L("A cell has more than %(most)s characters."),
    "row_characters": L("It has characters that can’t be stored. Please check the encoding."),
    "row_no_name": L("It has no name."),
    "row_long_name": L("The name has more than %(most)s characters."),
    "row_email": L("The email address isn’t complete."),
    "row_phone": L("The phone number can’t be read. It may lack its area code."),
    "row_no_start": L("It has no day."),
    "row_start": L("The day or the time can’t be read as you chose."),
    "row_no_such_time": L("Clocks skip this time that day: %(text)s."),
    "row_time_twice": L(
        "This time comes twice that day, since the clocks change: %(text)s. Please book it by hand."
    ),
    "row_left": L("The number of sessions has to be a whole number, up to %(most)s."),
    "row_until": L("The day it is valid until can’t be read as you chose."),
    "row_name_twice": L("Several clients have this name. Please add their email address or phone number."),
    "row_repeats": L("The same person is in row %(row)s."),
    "row_same_email": L("A client with this email address is already here."),
    "row_same_phone": L("A client with this name and phone number is already here."),
    "row_same_name": L("A client with this name is already here."),
    "row_other_name": L("They have another name here, which stays."),
    "row_fills": L("What is empty in their record is filled in."),
    "row_new_client": L("For a new client."),
    "row_known_client": L("For a client who is already here."),
    "row_for_another": L("Booked by a client who is already here, for someone with another name."),
    "row_has_package": L("They already have a package of this type. This adds another."),
    "row_none_left": L("No sessions are left."),
    "row_expired": L("It has expired."),
    "row_no_type": L("No session type was chosen for it."),
    "row_no_practitioner": L("No practitioner was chosen for it."),
    "row_canceled": L("It was canceled, or didn’t take place."),
    "row_past": L("It is in the past."),
    "row_too_far": L("It is more than ten years ahead."),
    "row_not_given": L("The practitioner doesn’t give this session type."),
    "row_needs_address": L("Sessions at the client’s place need an address. Please book it by hand."),
    "row_needs_phone": L("Sessions by phone need a phone number."),
    "row_booked_already": L("This appointment is already here."),
    "row_overlaps": L("Another appointment is at this time, with the practitioner or in the room."),
    "row_overlaps_row": L("Another row of this file is at this time."),
    "row_try_again": L("Something else was saved at the same moment. Please import this row again."),
    "stays_begun": L("The appointment has begun."),
    "stays_changed": L("The appointment was confirmed, moved, canceled or changed since."),
    "stays_emailed": L("An email about the appointment was sent since."),
    "stays_linked": L("Something else belongs to the appointment since."),
    "stays_package_used": L("A session of the package was used since."),
    "stays_filled": L("What was filled in can’t be told apart from what is there now."),
    "stays_client_used": L("The client has other entries, or has signed in."),
}
REASONS = ROWS
ENCODINGS: Mapping[str, Any] = {
    encodings.UTF_8: L("UTF-8"),
    encodings.UTF_8_MARKED: L("UTF-8 with a mark"),
    encodings.UTF_16: L("UTF-16 with a mark"),
    encodings.UTF_16_LITTLE: L("UTF-16, little-endian"),
    encodings.UTF_16_BIG: L("UTF-16, big-endian"),
    encodings.WINDOWS: L("Windows (1252)"),
    encodings.MAC: L("Mac Roman"),
}
SEPARATORS: Mapping[str, Any] = {
    table.COMMA: L("comma"),
    table.SEMICOLON: L("semicolon"),
    table.TAB: L("tab"),
}
ORDERS: Mapping[str, Any] = {
    "mdy": L("Month first: 3/16/2027"),
    "dmy": L("Day first: 16/3/2027"),
    "ymd": L("Year first: 2027-03-16"),
}
CLOCKS: Mapping[str, Any] = {"12": L("12 hours: 2:30 PM"), "24": L("24 hours: 14:30")}
FIELDS: Mapping[str, Any] = {
    "name": L("Full name"),
    "first_name": L("First name"),
    "last_name": L("Last name"),
    "email": L("Email"),
    "phone": L("Phone"),
    "start": L("Day, or day and time"),
    "time": L("Time, if it has its own column"),
    "practitioner": L("Practitioner"),
    "session_type": L("Session type"),
    "status": L("Status"),
    "left": L("Sessions left"),
    "valid_until": L("Valid until"),
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
