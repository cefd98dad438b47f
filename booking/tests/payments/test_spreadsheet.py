"""A spreadsheet of payments: no cell is a formula, sums are plain numbers, Excel reads the letters."""

from __future__ import annotations

import csv
import io

import pytest

from booking.models import LedgerEntry
from booking.payments.actions.record import record, refund
from booking.payments.spreadsheet import defused, spreadsheet_of
from booking.tests.people import denver

NOON = denver("2027-03-02 12:00")


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_a_cell_that_begins_like_a_formula_is_defused(cell) -> None:
    assert defused(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["Ann", "", "1=1", "’=", " =1"])
def test_other_cells_stay(cell) -> None:
    assert defused(cell) == cell


def test_the_file_has_plain_numbers_and_no_formula_even_in_a_clients_name(one, tess, session) -> None:
    type(session).objects.update(name="+Session")
    type(one).objects.update(attendee_name='=HYPERLINK("http://evil.example","Ann")')
    one.refresh_from_db()
    record(one, cents=9500, how="cash", by=tess.user, key="k", now=NOON)
    refund(one, cents=2050, how="card", by=tess.user, key="r", now=NOON)
    file = spreadsheet_of(LedgerEntry.objects.order_by("pk"))
    assert file.startswith("\ufeffDate,Time,Client,")
    lines = list(csv.reader(io.StringIO(file.removeprefix("\ufeff"))))
    assert lines[1:] == [
        [
            *("2027-03-02", "12:00", '\'=HYPERLINK("http://evil.example","Ann")', "'+Session", "2027-03-02"),
            *("Tess Marlow", "Payment, cash", "cash", "95.00", "USD", "Tess Marlow"),
        ],
        [
            *("2027-03-02", "12:00", '\'=HYPERLINK("http://evil.example","Ann")', "'+Session", "2027-03-02"),
            *("Tess Marlow", "Refund, card reader", "card reader", "-20.50", "USD", "Tess Marlow"),
        ],
    ]
