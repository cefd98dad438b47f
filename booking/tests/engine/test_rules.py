"""Opening hours, closures, notice and horizon, and why a list is empty."""

import re
from datetime import date, datetime, timedelta

import pytest

from booking.availability.engine.hours import Closure, Schedule, WeeklyHours
from booking.availability.engine.service import Limits
from booking.availability.engine.slots import Service, first_refusal, starts, why_none
from booking.tests.engine.sample_practice import (
    DENVER,
    LONG_BEFORE,
    at,
    booked,
    closed,
    hour_type,
    listed,
    open_daily,
    weekly_on,
)
from practice.core.clock import seconds

MONDAYS = tuple(weekly_on(0, (9, 17)))  # 2027-06-07 is a Monday


def test_without_hours_nothing_is_open_and_a_closure_without_hours_is_a_day_off():
    nothing = Schedule(zone=DENVER)
    assert (nothing.weekly, nothing.closures, nothing.shortest) == ((), (), None)
    assert Closure(date(2027, 6, 7), date(2027, 6, 7)).windows == ()


def test_case_18_overlapping_hours_list_each_start_once():
    found = listed(hour_type(), open_daily((9, 12), (11, 14)), "2027-06-01")

    assert found == ["09:00", "10:00", "11:00", "12:00", "13:00"]


def test_case_18_a_session_may_run_over_the_seam_of_touching_hours():
    assert "11:00" in listed(hour_type(minutes=90), open_daily((9, 12), (12, 15)), "2027-06-01")


@pytest.mark.parametrize(
    ("closure", "expected"),
    [
        (closed("2027-06-07", "", (13, 15)), ["13:00", "14:00"]),
        (closed("2027-06-07"), []),
        (closed("2027-06-07", "", (9, 10), (14, 15)), ["09:00", "14:00"]),
    ],
)
def test_case_19_a_closure_replaces_the_weekly_rule(closure, expected):
    assert listed(hour_type(), Schedule(DENVER, MONDAYS, (closure,)), "2027-06-07") == expected


def test_case_19_a_day_that_is_normally_closed_can_be_opened():
    schedule = Schedule(DENVER, MONDAYS, (closed("2027-06-08", "", (9, 11)),))

    assert listed(hour_type(), schedule, "2027-06-08") == ["09:00", "10:00"]


def test_closed_wins_where_closures_meet():
    schedule = Schedule(
        DENVER, MONDAYS, (closed("2027-06-07", "", (9, 11)), closed("2027-06-01", "2027-06-30"))
    )

    assert listed(hour_type(), schedule, "2027-06-07") == []


def test_case_20_two_rules_that_exclude_each_other_are_both_named():
    now = at("2027-06-01 08:00")
    service = hour_type(notice=timedelta(days=5), horizon=timedelta(days=2))
    month = {"first": now, "until": now + timedelta(days=30), "now": now}

    assert starts(service, open_daily((9, 17)), **month) == []
    assert why_none(service, open_daily((9, 17)), **month).rules == ("notice", "horizon")


def test_notice_and_horizon_allow_their_own_ends():
    now = at("2027-06-01 10:00")
    service = hour_type(notice=timedelta(hours=1), horizon=timedelta(hours=3))

    found = starts(service, open_daily((9, 17)), first=now, until=now + timedelta(days=2), now=now)

    assert found == [at("2027-06-01 11:00"), at("2027-06-01 12:00"), at("2027-06-01 13:00")]


def test_a_list_is_half_open():
    day = {"first": at("2027-06-01 10:00"), "until": at("2027-06-01 12:00"), "now": LONG_BEFORE}

    found = starts(hour_type(), open_daily((9, 17)), **day)

    assert found == [at("2027-06-01 10:00"), at("2027-06-01 11:00")]


NOW = at("2027-06-07 08:30")
REFUSED = [
    ("past", "2027-06-07 08:00"),
    ("past", "0001-01-01 00:00+00:00"),
    ("notice", "2027-06-07 10:00"),
    ("horizon", "2027-07-12 09:00"),
    ("horizon", "9999-12-31 23:59+00:00"),
    ("closed", "2027-06-09 09:00"),
    ("closed", "2027-06-21 09:00"),
    ("outside_hours", "2027-06-14 08:00"),
    ("past_closing", "2027-06-14 16:30"),
    ("taken", "2027-06-14 12:00"),
    ("buffer", "2027-06-14 13:00"),
    ("off_grid", "2027-06-14 09:10"),
    ("off_grid", "2027-06-14 09:00:01"),
    ("off_grid", "2027-06-14 09:59:59"),
    ("off_grid", "2027-06-14 09:00:00.000001"),
    ("daily_limit", "2027-06-28 15:00"),
]


@pytest.mark.parametrize(("rule", "start"), REFUSED)
def test_the_first_rule_that_refuses_is_named(rule, start):
    busy = [booked("2027-06-14 12:00", after=15), booked("2027-06-28 09:00"), booked("2027-06-28 12:00")]
    schedule = Schedule(DENVER, MONDAYS, (closed("2027-06-21"),), tuple(busy))
    service = hour_type(step=30, notice=timedelta(hours=24), horizon=timedelta(days=30), daily_limit=2)

    assert first_refusal(service, schedule, at(start), now=NOW).rule == rule


def test_closed_says_whether_by_the_week_or_by_a_closure():
    schedule = Schedule(DENVER, MONDAYS, (closed("2027-06-21"),))

    by = [
        first_refusal(hour_type(), schedule, at(f"{day} 09:00"), now=NOW).params["by"]
        for day in ("2027-06-20", "2027-06-21")
    ]

    assert by == ["weekly", "closure"]


FULL = [booked("2027-06-07 09:00", 480)]
EMPTY = [
    ({}, (), FULL, ("fully_booked",)),
    ({"minutes": 500}, (), (), ("too_short",)),
    ({}, [closed("2027-06-01", "2027-06-30")], (), ("closed_throughout",)),
    ({"notice": timedelta(days=30)}, (), (), ("notice",)),
    ({"horizon": timedelta(minutes=5)}, (), (), ("horizon",)),
    ({"daily_limit": 1}, (), [booked("2027-06-07 18:00")], ("daily_limit",)),
    ({"notice": timedelta(hours=4)}, (), [booked("2027-06-07 12:00", 300)], ("notice", "fully_booked")),
]


@pytest.mark.parametrize(("changed", "closures", "busy", "rules"), EMPTY)
def test_an_empty_list_has_a_reason(changed, closures, busy, rules):
    schedule = Schedule(DENVER, MONDAYS, tuple(closures), tuple(busy))
    week = {"first": NOW, "until": NOW + timedelta(days=6), "now": NOW}

    assert why_none(hour_type(**changed), schedule, **week).rules == rules


def test_a_week_behind_us_is_past():
    week = {"first": NOW - timedelta(days=7), "until": NOW - timedelta(days=1), "now": NOW}

    assert why_none(hour_type(), open_daily((9, 17)), **week).rule == "past"


def test_a_range_between_two_starts_has_only_the_grid_against_it():
    range_ = {"first": at("2027-06-14 09:05"), "until": at("2027-06-14 09:55"), "now": NOW}

    assert why_none(hour_type(), open_daily((9, 17)), **range_).rule == "off_grid"


def test_a_list_with_a_start_needs_no_reason():
    week = {"first": NOW, "until": NOW + timedelta(days=6), "now": NOW}

    assert why_none(hour_type(), Schedule(DENVER, MONDAYS), **week) is None


NO_HOURS = "hours open within 0–1439 and close after that, within 2880 minutes"


@pytest.mark.parametrize(
    ("weekday", "opens", "closes", "words"),
    [
        (7, 0, 60, "a weekday is 0 (Monday) to 6 (Sunday)"),
        (-1, 0, 60, "a weekday is 0 (Monday) to 6 (Sunday)"),
        (0, 60, 60, NO_HOURS),
        (0, -1, 60, NO_HOURS),
        (0, 0, 2881, NO_HOURS),
        (0, 1440, 1500, NO_HOURS),
    ],
)
def test_hours_that_no_clock_shows_are_refused(weekday, opens, closes, words):
    with pytest.raises(ValueError, match=f"^{re.escape(words)}$"):
        Schedule(DENVER, (WeeklyHours(weekday, opens, closes),))


def test_other_hours_that_no_clock_shows_are_refused_too():
    with pytest.raises(ValueError, match=f"^{NO_HOURS}$"):
        Schedule(DENVER, (), (closed("2027-06-07", "", (9, 49)),))


def test_hours_may_begin_in_the_last_minute_of_a_day_and_end_with_the_next_day():
    assert Schedule(DENVER, (WeeklyHours(6, 1439, 2880),)).weekly[0].closes == 2880


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"minutes": 0}, "a session lasts a minute or more, and a buffer is not negative"),
        (
            {"minutes": 60, "buffer_before": -1},
            "a session lasts a minute or more, and a buffer is not negative",
        ),
        (
            {"minutes": 60, "buffer_after": -1},
            "a session lasts a minute or more, and a buffer is not negative",
        ),
        ({"minutes": 60, "step": 0}, "a step is a minute or more, or None for back-to-back"),
    ],
)
def test_numbers_without_a_meaning_are_refused(changed, words):
    with pytest.raises(ValueError, match=f"^{words}$"):
        Service(**changed)


def test_a_session_and_a_step_of_one_minute_have_a_meaning():
    assert (Service(1, step=1).minutes, Service(1, step=1).step) == (1, 1)


def test_a_start_without_a_zone_is_refused():
    with pytest.raises(ValueError, match="without a zone"):
        first_refusal(hour_type(), open_daily((9, 17)), datetime(2027, 6, 7, 9), now=NOW)


def test_a_closure_of_a_thousand_years_costs_no_more_than_a_day():
    schedule = open_daily((9, 17), closures=[closed("1001-01-01", "9999-12-31")])

    assert first_refusal(hour_type(), schedule, at("2027-06-14 09:00"), now=NOW).params["date"] == date(
        2027, 6, 14
    )


def test_a_now_without_a_zone_is_refused():
    with pytest.raises(ValueError, match=r"^now needs a zone$"):
        first_refusal(hour_type(), open_daily((9, 17)), NOW, now=NOW.replace(tzinfo=None))


def said(service, schedule, start, *names, now=NOW):
    """The rule that refuses a start, and some of what its sentence needs."""
    refusal = first_refusal(service, schedule, at(start), now=now)
    return (refusal.rule, *(refusal.params[name] for name in names))


def test_what_is_past_is_said_with_the_hour_it_is():
    found = said(hour_type(), open_daily((9, 17)), "2027-06-07 08:00", "start", "now")

    assert found == ("past", at("2027-06-07 08:00"), NOW)


def test_notice_and_horizon_are_said_with_the_first_and_the_last_start():
    service = hour_type(notice=timedelta(hours=2), horizon=timedelta(days=2))
    found = [
        said(service, open_daily((9, 17)), "2027-06-07 10:00", "notice", "earliest"),
        said(service, open_daily((9, 17)), "2027-06-09 09:00", "horizon", "latest"),
    ]

    assert found == [
        ("notice", timedelta(hours=2), at("2027-06-07 10:30")),
        ("horizon", timedelta(days=2), at("2027-06-09 08:30")),
    ]


@pytest.mark.parametrize("start", ["2027-06-07 10:30", "2027-06-09 08:30"])
def test_the_first_and_the_last_second_within_reach_may_be_booked(start):
    service = hour_type(step=30, notice=timedelta(hours=2), horizon=timedelta(days=2))

    assert first_refusal(service, open_daily((8, 17)), at(start), now=NOW) is None


def test_this_very_second_is_not_past_but_too_soon():
    assert said(hour_type(notice=timedelta(hours=1)), open_daily((8, 17)), "2027-06-07 08:30") == ("notice",)


def test_where_the_horizon_comes_first_it_is_what_refuses_the_end_of_the_notice():
    service = hour_type(notice=timedelta(days=5), horizon=timedelta(days=2))

    assert said(service, open_daily((8, 17)), "2027-06-12 08:30") == ("horizon",)


def test_a_start_a_second_beyond_the_horizon_is_not_listed():
    service = hour_type(horizon=timedelta(hours=4, minutes=29, seconds=59))
    span = {"first": NOW, "until": NOW + timedelta(days=1), "now": NOW}

    assert starts(service, open_daily((9, 17)), **span)[-1] == at("2027-06-07 12:00")


def test_a_session_past_closing_is_said_with_its_end_and_theirs():
    found = said(hour_type(step=30), open_daily((9, 17)), "2027-06-14 16:30", "end", "closes")

    assert found == ("past_closing", at("2027-06-14 17:30"), at("2027-06-14 17:00"))


def test_a_session_is_taken_with_its_own_hours_and_the_others():
    schedule = open_daily((9, 17), busy=[booked("2027-06-14 12:00")])

    found = said(hour_type(step=30), schedule, "2027-06-14 11:30", "start", "end", "busy_start", "busy_end")

    assert found == ("taken", *(at(f"2027-06-14 {time}") for time in ("11:30", "12:30", "12:00", "13:00")))


def test_the_day_after_hours_that_end_at_midnight_is_closed():
    schedule = Schedule(DENVER, tuple(weekly_on(0, (20, 24))))

    assert said(hour_type(), schedule, "2027-06-08 10:00", "date") == ("closed", date(2027, 6, 8))


def why(service, schedule, first, until, *, now=NOW, asker="unknown"):
    return why_none(service, schedule, first=at(first), until=at(until), now=now, asker=asker)


@pytest.mark.parametrize("until", ["2027-06-08 09:00", "2027-06-08 08:00"])
def test_a_range_that_ends_where_it_begins_or_before_is_empty(until):
    found = why(hour_type(), open_daily((9, 17)), "2027-06-08 09:00", until)

    assert (found.rule, found.params["first"], found.params["until"]) == (
        "range_empty",
        at("2027-06-08 09:00"),
        at(until),
    )


def test_there_is_no_reason_for_the_person_who_may_book_what_strangers_may_not():
    service = hour_type(who="returning")

    found = why(service, open_daily((9, 17)), "2027-06-08 00:00", "2027-06-09 00:00", asker="returning")

    assert found is None


@pytest.mark.parametrize(
    ("until", "by"),
    [
        ("2027-06-09 00:00", "weekly"),  # Wednesday's closure is not in it
        ("2027-06-09 00:00:01", "closure"),  # a second of it is
        ("2027-06-10 00:00", "closure"),
    ],
)
def test_closed_throughout_says_whether_by_a_closure(until, by):
    schedule = Schedule(DENVER, MONDAYS, (closed("2027-06-09"),))

    found = why(hour_type(), schedule, "2027-06-08 00:00", until)

    assert (found.rule, found.params["by"], found.params["zone"]) == ("closed_throughout", by, DENVER)


def test_notice_and_horizon_of_the_same_length_leave_one_second_and_do_not_exclude_each_other():
    both = timedelta(hours=1, minutes=45)

    found = why(
        hour_type(notice=both, horizon=both), open_daily((9, 17)), "2027-06-07 00:00", "2027-06-08 00:00"
    )

    assert (found.rule, set(found.rules)) == ("several", {"notice", "horizon"})


def test_a_range_partly_beyond_the_horizon_is_booked_up_as_well():
    schedule = open_daily((9, 17), busy=[booked("2027-06-07 00:00", 2 * 1440)])

    found = why(hour_type(horizon=timedelta(days=1)), schedule, "2027-06-07 08:30", "2027-06-10 00:00")

    assert found.rules == ("fully_booked", "horizon")


@pytest.mark.parametrize(
    ("first", "until", "rule"),
    [
        ("2027-06-08 00:00", "2027-06-08 08:30", "notice"),  # up to the first second that would do
        ("2027-06-07 06:00", "2027-06-07 08:30:01", "notice"),  # this second is not past
        ("2027-06-07 06:00", "2027-06-07 08:30:00", "past"),
        ("2027-06-29 00:00", "2027-06-30 00:00", "horizon"),  # a Tuesday, closed anyway
    ],
)
def test_a_range_wholly_out_of_reach_says_so_before_anything_else(first, until, rule):
    service = hour_type(notice=timedelta(days=1), horizon=timedelta(days=14))

    assert why(service, Schedule(DENVER, MONDAYS), first, until).rule == rule


def test_a_reason_begins_with_the_first_whole_second_that_is_not_past():
    ragged = NOW + timedelta(microseconds=1)
    schedule = open_daily((9, 17), busy=[booked("2027-06-07 00:00", 1440)])

    found = why(hour_type(), schedule, "2027-06-07 00:00", "2027-06-08 00:00", now=ragged)

    assert (found.rule, found.params["first"]) == ("fully_booked", NOW + timedelta(seconds=1))


def test_a_range_that_begins_or_ends_within_a_second_is_rounded_up():
    micro = timedelta(microseconds=1)
    ends = at("2027-06-08 10:00"), at("2027-06-08 12:00")

    found = [
        starts(hour_type(), open_daily((9, 17)), first=ends[0] + shift, until=ends[1] + shift, now=NOW)
        for shift in (micro, -micro)
    ]

    assert found == [[at("2027-06-08 11:00"), ends[1]], [ends[0], at("2027-06-08 11:00")]]


def test_what_is_not_said_of_a_session_type_asks_for_nothing():
    said_of_it = {"buffer_before": 0, "buffer_after": 0, "notice": timedelta(0), "daily_limit": None}
    rules = {"buffer_rule": "max", "buffers_inside_hours": False, "who": "anyone", "gaps": "any"}

    assert Service(60) == Service(60, step=15, horizon=timedelta(days=60), **said_of_it, **rules)


def test_nobody_books_or_gives_notice_more_than_ten_years_ahead():
    # 3660 days: ten years, and a few days for the leap years among them.
    far = hour_type(notice=timedelta(days=9999), horizon=timedelta(days=9999))
    found = Limits.of(far, NOW)

    assert [found.earliest, found.latest] == [seconds(NOW + timedelta(days=3660))] * 2


def test_what_is_not_said_of_busy_time_is_no_buffer_and_counts():
    assert booked("2027-06-14 12:00") == booked("2027-06-14 12:00", before=0, after=0, counts=True)
