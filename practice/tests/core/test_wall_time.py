"""A wall time and its zone are kept beside the instant, and tell when the rules have changed."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from practice.core import wall_time
from practice.testing import old_rules

VANCOUVER = "America/Vancouver"
#: Ten in the morning in Vancouver on December 15, 2026: by 2025b at 18:00 UTC, by 2026f at 17:00.
BY_2025B = dt.datetime(2026, 12, 15, 18, tzinfo=dt.UTC)
BY_2026F = dt.datetime(2026, 12, 15, 17, tzinfo=dt.UTC)


def as_agreed():
    with old_rules():
        return wall_time.wall_time_text(BY_2025B, ZoneInfo(VANCOUVER))


def test_it_is_written_as_rfc_9557_has_it():
    assert as_agreed() == "2026-12-15T10:00:00-08:00[America/Vancouver]"


def test_rules_that_have_changed_since_are_found_and_the_wall_time_is_kept():
    found = wall_time.wall_time_shift(as_agreed(), BY_2025B)

    assert found is not None
    assert (found.to, found.by) == (BY_2026F, dt.timedelta(hours=-1))


def test_what_was_agreed_by_the_rules_of_today_is_as_it_was():
    assert (
        wall_time.wall_time_shift(wall_time.wall_time_text(BY_2026F, ZoneInfo(VANCOUVER)), BY_2026F) is None
    )


def test_in_summer_both_rules_agree():
    july = dt.datetime(2027, 7, 1, 17, tzinfo=dt.UTC)
    with old_rules():
        agreed = wall_time.wall_time_text(july, ZoneInfo(VANCOUVER))
    assert wall_time.wall_time_shift(agreed, july) is None


def test_what_was_written_for_another_instant_says_nothing_about_this_one():
    assert wall_time.wall_time_shift(as_agreed(), BY_2025B + dt.timedelta(hours=1)) is None


def test_a_time_that_comes_twice_stays_the_one_that_was_meant():
    for instant in (
        dt.datetime(2027, 11, 7, 7, 30, tzinfo=dt.UTC),
        dt.datetime(2027, 11, 7, 8, 30, tzinfo=dt.UTC),
    ):
        assert (
            wall_time.wall_time_shift(wall_time.wall_time_text(instant, ZoneInfo("America/Denver")), instant)
            is None
        )


def test_a_time_that_the_clocks_skip_by_now_leads_nowhere():
    agreed = "2027-03-14T02:30:00-07:00[America/Denver]"
    found = wall_time.wall_time_shift(agreed, dt.datetime(2027, 3, 14, 9, 30, tzinfo=dt.UTC))
    assert found is not None
    assert (found.to, found.by) == (None, dt.timedelta())


@pytest.mark.parametrize(
    "text", ["", "2026-12-15 10:00 PST", "2026-12-15T10:00:00[America/Vancouver]", "yesterday[UTC]", "[UTC]"]
)
def test_anything_else_is_no_wall_time(text):
    assert wall_time.read_wall_time(text) is None
    assert wall_time.converted(text, BY_2026F) == ""


def test_a_zone_that_is_known_no_more_says_nothing():
    assert wall_time.wall_time_shift("2026-12-15T10:00:00-08:00[America/Atlantis]", BY_2025B) is None


def test_another_instant_is_written_in_the_same_zone():
    assert wall_time.converted(as_agreed(), BY_2026F) == "2026-12-15T10:00:00-07:00[America/Vancouver]"


def test_the_longest_name_of_a_zone_fits():
    longest = max((wall_time.wall_time_text(BY_2026F, ZoneInfo(name)) for name in wall_zones()), key=len)
    assert len(longest) <= wall_time.LONGEST


def wall_zones():
    from practice.core.clock import zone_names

    return zone_names()
