"""Until when cancelling is free."""

from datetime import UTC, timedelta

import pytest

from booking.policy.deadlines import Policy, limits, window
from booking.tests.engine.sample_practice import DENVER, at

POLICY = Policy(free_hours=24, locked_hours=2)
STARTS = at("2027-06-02 10:00")


def test_case_10_the_hours_are_elapsed_over_a_clock_change():
    # By the clock on the wall it is only 23 and a half hours before.
    starts, now = at("2027-11-07 10:00").astimezone(DENVER), at("2027-11-06 10:30").astimezone(DENVER)

    assert window(POLICY, starts, now) == "free"


@pytest.mark.parametrize(
    ("before", "expected"),
    [
        (timedelta(hours=24), "free"),
        (timedelta(hours=24) - timedelta(seconds=1), "late"),
        (timedelta(hours=2), "late"),
        (timedelta(hours=2) - timedelta(seconds=1), "locked"),
        (timedelta(0), "locked"),
    ],
)
def test_case_27_exactly_at_the_limit_is_on_time(before, expected):
    assert window(POLICY, STARTS, STARTS - before) == expected


def test_the_limits_can_be_said_before_the_click():
    assert limits(POLICY, STARTS) == (at("2027-06-01 10:00"), at("2027-06-02 08:00"))


def test_the_limits_are_in_utc_wherever_the_session_is():
    assert all(limit.tzinfo is UTC for limit in limits(POLICY, STARTS.astimezone(DENVER)))
