"""Why a day has no times, in one word: what the judgement says that lists them, and nothing else."""

from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import given

from booking.availability.engine.explain import day_word
from booking.availability.engine.hours import Schedule
from booking.availability.engine.slots import starts, why_each
from booking.tests.engine.sample_practice import DENVER, at, booked, closed, hour_type, open_daily, weekly_on
from booking.tests.engine.test_same_judgement import bounds, situations, thoroughly

NOW = at("2027-06-07 08:00")  # a Monday
DAY_TAKEN = booked("2027-06-07 09:00", 480)


def word(service, schedule, day="2027-06-07", *, now=NOW):
    first = at(f"{day} 00:00")
    [reason] = why_each(service, schedule, [(first, first + timedelta(days=1))], now=now)
    return reason and day_word(reason)


def test_a_day_that_is_only_too_soon_is_not_called_full():
    assert word(hour_type(notice=timedelta(hours=24)), open_daily((9, 17))) == "soon"


def test_nor_when_some_of_it_is_taken():
    schedule = open_daily((9, 17), busy=[booked("2027-06-07 12:00", 300)])
    assert word(hour_type(notice=timedelta(hours=4)), schedule) == "soon"


def test_a_day_that_is_taken_is_not_called_too_soon():
    """A call would not help."""
    assert word(hour_type(notice=timedelta(hours=24)), open_daily((9, 17), busy=[DAY_TAKEN])) == "full"


def test_a_closed_day_is_not_called_too_soon():
    schedule = Schedule(DENVER, tuple(weekly_on(2, (9, 17))))
    assert word(hour_type(notice=timedelta(hours=24)), schedule) == "closed"


def test_an_evening_after_hours_is_past():
    assert word(hour_type(), open_daily((9, 17)), now=at("2027-06-07 18:00")) == "past"


def test_an_afternoon_that_is_taken_is_full_though_the_morning_is_past():
    schedule = open_daily((9, 17), busy=[booked("2027-06-07 12:00", 300)])
    assert word(hour_type(), schedule, now=at("2027-06-07 11:30")) == "full"


@pytest.mark.parametrize(
    ("changed", "closures", "busy", "said"),
    [
        ({}, (), (), None),
        ({"horizon": timedelta(hours=1, minutes=-1)}, (), (), "later"),
        ({}, [closed("2027-06-07")], (), "closed"),
        ({"minutes": 500}, (), (), "short"),
        ({"daily_limit": 1}, (), [booked("2027-06-07 18:00")], "full"),
    ],
)
def test_each_rule_has_its_word(changed, closures, busy, said):
    assert word(hour_type(**changed), open_daily((9, 17), closures=closures, busy=busy)) == said


@thoroughly
@given(situations())
def test_the_days_of_a_month_have_the_reasons_they_have_alone(situation):
    service, schedule, first, asked = situation
    begin, end = bounds(schedule, first)
    cuts = [begin + (end - begin) * part / 3 for part in range(4)]
    days = list(pairwise(cuts))
    alone = [why_each(service, schedule, [day], **asked)[0] for day in days]
    together = why_each(service, schedule, days, **asked)
    assert [one and one.rules for one in together] == [one and one.rules for one in alone]
    free = [bool(starts(service, schedule, first=lo, until=hi, **asked)) for lo, hi in days]
    assert [one is None for one in together] == free
