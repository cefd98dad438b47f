"""The sums of months: each part falls into its month, and what is missing counts nothing."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from portal.reports.engine.figures import Counts, MonthFigures, Received, figures_of, ways_in
from portal.reports.engine.months import months_until

FEBRUARY, MARCH = months_until(dt.date(2027, 3, 1), ZoneInfo("America/Denver"), count=2)


def test_a_month_without_any_row_is_there_and_empty() -> None:
    february, march = figures_of((FEBRUARY, MARCH), {1: Counts(booked=3, kept=2)}, [])
    assert february == MonthFigures(FEBRUARY.first, Counts(), ())
    assert february.is_empty
    assert not march.is_empty
    assert (march.counts.booked, march.counts.kept) == (3, 2)


def test_counts_of_several_sources_add_up() -> None:
    together = Counts(booked=2, booked_minutes=120) + Counts(booked=1, booked_minutes=90, late=1)
    assert together == Counts(booked=3, booked_minutes=210, late=1)


def test_a_way_that_adds_up_to_nothing_is_left_out_but_one_given_back_is_not() -> None:
    # Paid in cash and taken back; a refund of what was paid the month before.
    rows = [
        (1, Received("USD", "cash", 0)),
        (1, Received("USD", "card", -2050)),
        (0, Received("USD", "card", 9500)),
    ]
    february, march = figures_of((FEBRUARY, MARCH), {}, rows)
    assert march.received == (Received("USD", "card", -2050),)
    assert not march.is_empty
    assert february.in_all("USD") == 9500
    assert march.in_all("USD") == -2050


def test_each_currency_is_a_sum_of_its_own() -> None:
    rows = [(0, Received("USD", "cash", 9500)), (0, Received("EUR", "cash", 8000))]
    (month,) = figures_of((MARCH,), {}, rows)
    assert (month.in_all("USD"), month.in_all("EUR"), month.in_all("CHF")) == (9500, 8000, 0)
    assert month.currencies == ("EUR", "USD")


def test_ways_keep_the_usual_order_and_each_stands_once() -> None:
    rows = [
        (0, Received("USD", "other", 1)),
        (1, Received("USD", "cash", 1)),
        (1, Received("USD", "other", 1)),
        (1, Received("USD", "barter", 1)),  # of another version of the program
        (1, Received("EUR", "card", 1)),
    ]
    found = ways_in(figures_of((FEBRUARY, MARCH), {}, rows), order=("cash", "card", "transfer", "other"))
    assert found == [("EUR", "card"), ("USD", "cash"), ("USD", "other"), ("USD", "barter")]


def test_what_is_booked_and_not_kept_is_never_less_than_nothing() -> None:
    # Wrapped up early, or counted at another moment than the rest.
    assert Counts(booked_minutes=60, kept_minutes=90).other_minutes == 0
    assert Counts(booked_minutes=150, kept_minutes=90).other_minutes == 60


def test_clients_who_come_back_are_all_but_the_new_ones() -> None:
    assert Counts(clients=5, new_clients=2).returning_clients == 3
