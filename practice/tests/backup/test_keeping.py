"""Which backups are kept, when one is due, and when the last one is too old."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from practice.backup.engine.keeping import Keep, is_due, is_too_old, kept

NOW = datetime(2027, 3, 2, 17, tzinfo=UTC)
DAY = timedelta(days=1)
EVERY = timedelta(hours=24)


def daily(days: int) -> list[datetime]:
    """A backup at 3:00 of each day, the newest first."""
    return [datetime(2027, 3, 2, 3, tzinfo=UTC) - number * DAY for number in range(days)]


def days_of(found: set[datetime]) -> list[str]:
    return [at.strftime("%m-%d") for at in sorted(found, reverse=True)]


def test_after_two_years_of_days_the_last_of_each_day_week_and_month_stay() -> None:
    found = kept(daily(730), Keep(daily=3, weekly=3, monthly=4), now=NOW)
    # March 2 is a Tuesday: weeks end on Sundays, February 28 and 21.
    assert days_of(found) == ["03-02", "03-01", "02-28", "02-21", "01-31", "12-31"]


def test_by_default_about_a_year_is_kept_in_at_most_23_backups() -> None:
    found = kept(daily(730), Keep(), now=NOW)
    assert len(found) <= 23
    assert min(found) == datetime(2026, 4, 30, 3, tzinfo=UTC)


def test_of_one_day_the_last_stays() -> None:
    long_ago = NOW - 10 * DAY
    made = [long_ago, long_ago + timedelta(hours=1), long_ago + timedelta(hours=2)]
    assert kept([*made, NOW], Keep(2, 0, 0), now=NOW) == {made[-1], NOW}


def test_all_of_the_last_24_hours_stay_so_none_from_before_an_upgrade_is_replaced() -> None:
    made = [NOW - timedelta(hours=number) for number in range(5)]
    assert kept(made, Keep(1, 0, 0), now=NOW) == set(made)


def test_days_without_a_backup_do_not_count() -> None:
    made = [NOW - 40 * DAY, NOW - 90 * DAY]
    assert kept(made, Keep(2, 0, 0), now=NOW) == set(made)


def test_none_is_kept_of_none() -> None:
    assert kept([], Keep(), now=NOW) == set()


@given(
    st.lists(st.datetimes(datetime(2024, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC)), min_size=1),
    st.tuples(st.integers(0, 9), st.integers(0, 9), st.integers(0, 14)).filter(any),
)
def test_the_newest_always_stays_and_what_stays_once_stays_again(
    made: list[datetime], counts: tuple[int, int, int]
) -> None:
    keep = Keep(*counts)
    once = kept(made, keep, now=NOW)
    assert max(made) in once
    assert kept(once, keep, now=NOW) == once


@pytest.mark.parametrize("raw", ["", "7", "7,4", "7,4,x", "-1,4,12", "0,0,0", "7,4,12,1", "1,1,9999"])
def test_a_wrong_setting_is_refused(raw: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        Keep.parse(raw)


def test_a_right_setting_is_read() -> None:
    assert Keep.parse("7, 4,12") == Keep(7, 4, 12)


@pytest.mark.parametrize(
    ("last", "failed", "due"),
    [
        (None, None, True),
        (NOW - EVERY, None, True),
        (NOW - EVERY + timedelta(seconds=1), None, False),
        (NOW - 3 * DAY, NOW - timedelta(minutes=59), False),  # a full disk is not filled all day
        (NOW - 3 * DAY, NOW - timedelta(hours=1), True),
        (None, NOW, False),
        (NOW + DAY, None, True),  # the clock was set back a day
        (NOW - 3 * DAY, NOW + DAY, True),
    ],
)
def test_when_a_backup_is_due(last: datetime | None, failed: datetime | None, due: bool) -> None:
    assert is_due(last, failed, every=EVERY, now=NOW) is due


@pytest.mark.parametrize(("age", "old"), [(50, False), (51, True), (-24, False)])
def test_two_missing_backups_are_too_many(age: int, old: bool) -> None:
    assert is_too_old(NOW - timedelta(hours=age), every=EVERY, now=NOW) is old
