"""Every rule has a sentence, and the policy is said as dates and sums."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from booking.availability.engine.explain import RULES, Refusal
from booking.availability.wording import SENTENCES, of_clock, sentence
from booking.policy.terms import Terms
from booking.policy.wording import policy_in_general, policy_words
from booking.time_zones.clocks import Clocks
from practice.core.clock import ClockError, read_instant

CALL = "Please call us: 303 555 0142."
DENVER = ZoneInfo("America/Denver")
TEN = dt.datetime(2027, 3, 16, 16, 0, tzinfo=dt.UTC)
OF_140 = {"price_cents": 14000, "currency": "USD", "clocks": Clocks(DENVER, DENVER, "en-us"), "call": CALL}
SAMPLES = {
    "wall": dt.datetime(2027, 3, 14, 2, 30),
    "zone": DENVER,
    "candidates": (TEN, TEN + dt.timedelta(hours=1)),
    "date": dt.date(2027, 3, 16),
    "by": "weekly",
    "notice": dt.timedelta(hours=24),
    "horizon": dt.timedelta(days=60),
    "minutes": 60,
    "before": 10,
    "after": 10,
    "limit": 3,
    "shortest": 45,
    "step": 30,
    "refusals": (Refusal("past", {"start": TEN, "now": TEN}),),
}


def test_every_rule_has_a_sentence():
    assert set(SENTENCES) == set(RULES)


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("locale", ["en-us", "en-gb", "es"])
def test_each_is_a_whole_sentence(rule, locale):
    words = sentence(
        Refusal(rule, {name: SAMPLES.get(name, TEN) for name in RULES[rule]}),
        zone=DENVER,
        locale=locale,
        call=CALL,
    )
    assert words[0].isupper() or words[0].isdigit()
    assert words[-1] in ".?"
    assert "%(" not in words


def test_case_5_a_time_that_does_not_exist():
    with pytest.raises(ClockError) as caught:
        read_instant("2027-03-14T02:30", DENVER)
    assert of_clock(caught.value, locale="en-us").startswith("That time does not exist")


def test_case_6_a_time_that_comes_twice_asks_which():
    with pytest.raises(ClockError) as caught:
        read_instant("2027-11-07T01:30", DENVER)
    assert "1:30 AM MDT and 1:30 AM MST" in of_clock(caught.value, locale="en-us")


def test_rubbish_is_no_time():
    with pytest.raises(ClockError) as caught:
        read_instant("tomorrow-ish", DENVER)
    assert (
        of_clock(caught.value, locale="en-us")
        == "We couldn’t read that time. Please choose one from the list."
    )


def test_the_policy_is_said_as_dates_and_sums_of_this_booking():
    rows = policy_words(Terms(24, 2, 50, 2), TEN, **OF_140)
    assert rows == [
        (
            "Until Monday, March 15 at 10:00 AM",
            "You can cancel online, or move it up to 2 times, at no charge.",
        ),
        (
            "Until Tuesday, March 16 at 8:00 AM",
            "You can still cancel; the fee is $70. "
            "You can also move it, but if you cancel after that, the fee applies.",
        ),
        ("After that", CALL),
    ]


def test_a_policy_without_a_late_window_has_two_rows():
    assert len(policy_words({"free_hours": 2, "locked_hours": 2}, TEN, **OF_140)) == 2


def test_windows_that_are_over_and_moves_that_are_used_are_not_planned():
    late = TEN - dt.timedelta(hours=5)
    rows = policy_words(Terms(24, 2, 50, 2), TEN, **OF_140, now=late)
    assert [when for when, _ in rows] == ["Until Tuesday, March 16 at 8:00 AM", "After that"]
    rows = policy_words(Terms(24, 2, 50, 2), TEN, **OF_140, moved=2)
    assert rows[0][1] == "You can cancel online at no charge."


def test_what_was_moved_late_is_planned_no_free_hours_again():
    rows = policy_words(Terms(24, 2, 50, 2), TEN, **OF_140, moved=1, moved_late=True)
    assert rows[0] == (
        "Until Tuesday, March 16 at 8:00 AM",
        "It was moved late, so canceling is no longer free. You can still cancel; the fee is $70.",
    )


def test_where_a_late_cancel_costs_nothing_a_late_move_takes_nothing_away():
    free = "You can still cancel at no charge, but please let us know as early as you can."
    assert policy_words(Terms(24, 2, 0, 2), TEN, **OF_140)[1][1] == free
    assert policy_words(Terms(24, 2, 50, 2), TEN, **{**OF_140, "price_cents": 0})[1][1] == free


def test_before_a_time_is_chosen_the_policy_is_said_in_hours_and_parts_of_the_price():
    assert policy_in_general(Terms(24, 2, 50, 2), call=CALL) == [
        ("Until 24 hours before", "You can cancel online, or move it up to 2 times, at no charge."),
        (
            "After that",
            "You can still cancel; the fee is half the price. "
            "You can also move it, but if you cancel after that, the fee applies.",
        ),
        ("In the last 2 hours", CALL),
    ]
    shares = [policy_in_general(Terms(24, 2, percent, 0), call=CALL)[1][1] for percent in (25, 100)]
    assert shares == [
        "You can still cancel; the fee is 25 percent of the price.",
        "You can still cancel; the fee is the full price.",
    ]


def test_a_policy_without_a_fee_moves_or_last_hours_mentions_none():
    assert policy_in_general(Terms(0, 0, 0, 0), call=CALL) == [
        ("Until it starts", "You can cancel online at no charge.")
    ]
    free = policy_in_general(Terms(1, 0, 0, 0), call=CALL)
    assert [when for when, _ in free] == ["Until an hour before", "After that"]
    assert free[1][1] == "You can still cancel at no charge, but please let us know as early as you can."
