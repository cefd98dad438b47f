"""A file is read in a process of its own: one that would never end is ended, and takes nothing along."""

from __future__ import annotations

import datetime as dt
import os

import pytest

from booking.calendars.importing import sandbox
from booking.calendars.importing.busy import Unreadable, read
from booking.calendars.importing.sandbox import read_in_sandbox
from booking.tests.calendars.test_imported_busy import DENVER, FIRST, ONCE, UNTIL, WEEKLY, file
from practice.tests.sampling import size

pytestmark = pytest.mark.long  # at full size, a process for each of 36 sizes of memory

WINDOW = {"first": FIRST, "until": UNTIL, "zone": DENVER}


@pytest.mark.parametrize(
    "bomb",
    [
        "DTSTART:00010101T000000\nDURATION:PT5M\nRRULE:FREQ=HOURLY",
        "DTSTART:00010101T000000\nDURATION:PT5M\nRRULE:FREQ=HOURLY;BYMONTH=2;BYMONTHDAY=30",
        "DTSTART:20270101T000000\nDURATION:PT5M\nRRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30",
    ],
)
def test_a_rule_that_is_followed_for_thousands_of_years_is_given_up(bomb):
    with pytest.raises(Unreadable, match="too_long"):
        read_in_sandbox(file(ONCE, bomb), **WINDOW, seconds=1.5)


# Python may meet its limit anywhere: while it parses the file, where icalendar turns that into errors of its
# own, or so deep that it cannot even catch its own MemoryError.
@pytest.mark.parametrize("megabytes", range(50, 86, size(sampled=12, full=1)))
def test_a_file_that_wants_more_memory_than_there_is_is_given_up(megabytes):
    large = file(*[f"{ONCE}\nDESCRIPTION:{'x' * 400}"] * 19_999)
    with pytest.raises(Unreadable, match="too_long"):
        read_in_sandbox(large, **WINDOW, memory=megabytes * 1_000_000)


def test_a_child_whose_python_breaks_down_for_want_of_memory_is_given_up_too(monkeypatch, tmp_path):
    fake = tmp_path / "python"
    fake.write_text("#!/bin/sh\necho 'object type name: MemoryError' >&2\nexit 1\n")
    fake.chmod(0o700)
    monkeypatch.setattr(sandbox.sys, "executable", str(fake))
    with pytest.raises(Unreadable, match="too_long"):
        read_in_sandbox(file(ONCE), **WINDOW)


def test_it_answers_as_if_it_were_read_here():
    data = file(WEEKLY, ONCE, "DTSTART:yesterday-ish", "DTSTART;TZID=Middle/Earth:20270316T100000")
    assert read_in_sandbox(data, **WINDOW, our_host="portal.example") == read(data, **WINDOW)


def test_why_a_file_is_refused_comes_back_too():
    with pytest.raises(Unreadable, match="no_calendar"):
        read_in_sandbox(b"<html>Sign in</html>", **WINDOW)


def test_its_process_knows_no_key(monkeypatch, tmp_path):
    """Shown by a child that tells what it was given."""
    told = tmp_path / "told"
    fake = tmp_path / "python"
    fake.write_text(
        f'#!/bin/sh\n/usr/bin/env > {told}\necho \'{{"busy": [], "doubts": [], "address": ""}}\'\n'
    )
    fake.chmod(0o700)
    monkeypatch.setattr(sandbox.sys, "executable", str(fake))
    monkeypatch.setitem(os.environ, "FIELD_KEYS", "a-key")
    read_in_sandbox(file(ONCE), **WINDOW)
    assert "a-key" not in told.read_text()


def test_a_child_that_breaks_is_an_error_of_ours_and_no_empty_calendar(monkeypatch):
    monkeypatch.setattr(sandbox.sys, "executable", "/bin/false")
    with pytest.raises(Exception, match="exit status"):
        read_in_sandbox(file(ONCE), first=FIRST, until=FIRST + dt.timedelta(days=1), zone=DENVER)
