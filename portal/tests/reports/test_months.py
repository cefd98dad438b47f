"""Months by the practice's clocks: where each begins and ends, whatever the clocks do."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from portal.reports.engine.months import EARLIEST, MonthSpan, month_named, months_until

DENVER = ZoneInfo("America/Denver")


def utc(words: str) -> dt.datetime:
    return dt.datetime.fromisoformat(words).replace(tzinfo=dt.UTC)


def test_half_past_midnight_on_the_first_is_of_that_month_on_our_clocks() -> None:
    february, march = months_until(dt.date(2027, 3, 1), DENVER, count=2)
    moment = dt.datetime(2027, 3, 1, 0, 30, tzinfo=DENVER)
    assert march.begins <= moment < march.ends
    assert february.ends == march.begins == utc("2027-03-01T07:00:00")
    assert not february.begins <= moment < february.ends


def test_a_month_in_which_clocks_change_ends_at_midnight_of_its_new_offset() -> None:
    (march,) = months_until(dt.date(2027, 3, 1), DENVER, count=1)
    assert (march.begins, march.ends) == (utc("2027-03-01T07:00:00"), utc("2027-04-01T06:00:00"))
    (november,) = months_until(dt.date(2027, 11, 1), DENVER, count=1)
    assert (november.begins, november.ends) == (utc("2027-11-01T06:00:00"), utc("2027-12-01T07:00:00"))


def test_a_month_whose_first_midnight_is_skipped_begins_when_the_clocks_go_on() -> None:
    # In Asunción, October 1, 2017, began at one: the clocks skipped midnight.
    september, october = months_until(dt.date(2017, 10, 1), ZoneInfo("America/Asuncion"), count=2)
    assert september.ends == october.begins == utc("2017-10-01T04:00:00")


@pytest.mark.parametrize("zone", ["America/Denver", "Pacific/Apia", "Australia/Lord_Howe", "UTC"])
def test_twelve_months_follow_each_other_without_gap_over_new_year(zone) -> None:
    found = months_until(dt.date(2012, 2, 1), ZoneInfo(zone), count=12)
    assert [one.first for one in found][:2] == [dt.date(2011, 3, 1), dt.date(2011, 4, 1)]
    assert found[-1].first == dt.date(2012, 2, 1)
    assert all(one.ends == after.begins for one, after in pairwise(found))


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("2027-02", dt.date(2027, 2, 1)),
        ("2027-03", dt.date(2027, 3, 1)),
        ("2027-04", dt.date(2027, 3, 1)),  # has not begun
        ("9999-12", dt.date(2027, 3, 1)),
        ("1999-12", dt.date(2027, 3, 1)),
        ("2027-13", dt.date(2027, 3, 1)),
        ("2027-2", dt.date(2027, 3, 1)),
        ("2027-02-30", dt.date(2027, 3, 1)),
        ("\u0662\u0660\u0662\u0667-\u0660\u0662", dt.date(2027, 3, 1)),
        ("", dt.date(2027, 3, 1)),
    ],
)
def test_a_month_is_read_from_an_address_and_anything_else_is_this_month(said, expected) -> None:
    assert month_named(said, today=dt.date(2027, 3, 2)) == expected


def test_the_neighbors_of_a_month_stay_within_what_can_be_asked() -> None:
    january = MonthSpan(dt.date(2027, 1, 1), utc("2027-01-01T07:00:00"), utc("2027-02-01T07:00:00"))
    assert (january.before, january.after) == (dt.date(2026, 12, 1), dt.date(2027, 2, 1))
    assert month_named(f"{EARLIEST:%Y-%m}", today=dt.date(2027, 3, 2)) == EARLIEST
