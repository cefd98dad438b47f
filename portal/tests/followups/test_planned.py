"""When the letters of a plan are due."""

import datetime as dt
from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest

from portal.followups.engine.facts import DEFAULT_STEPS, Plan, Step
from portal.followups.engine.plan import Waiting, missed, planned
from portal.followups.engine.when import due_of, first_at, next_allowed, zone_or
from portal.tests.followups.sample_facts import (
    BERLIN,
    DENVER,
    FIRST,
    NEW_YORK,
    PLAN,
    SECOND,
    SESSION,
    TOKYO,
    ann,
    denver,
    letter,
    practice,
)

UTC = dt.UTC


def days(plan, facts, now=SESSION):
    """Each planned letter: days after the session and the time on the client's clock, or why none."""
    zone = facts.manner.zone
    begin = plan.session_ended_at.astimezone(zone).date()
    return [
        one.reason.code
        if one.due_at is None
        else ((one.due_at.astimezone(zone).date() - begin).days, f"{one.due_at.astimezone(zone):%H:%M}")
        for one in planned(plan, facts, now=now)
    ]


def test_the_default_plan_is_the_next_day_then_three_days_later_then_weekly_to_week_6():
    assert days(PLAN, ann()) == [(day, "09:00") for day in (1, 4, 11, 18, 25, 32, 39)]


@pytest.mark.parametrize(
    ("ended", "first"),
    [(denver(11, 14), denver(12, 9)), (denver(11, 19), denver(12, 13)), (denver(11, 15), denver(12, 9))],
)
def test_the_first_email_goes_the_next_day_and_never_sooner_than_18_hours_after(ended, first):
    plan = replace(PLAN, session_ended_at=ended, made_at=ended)
    assert planned(plan, ann(), now=ended)[0].due_at == first


def test_steps_too_close_are_drawn_apart():
    plan = replace(PLAN, steps=tuple(map(Step, (1, 2, 3))))
    assert days(plan, ann()) == [(1, "09:00"), (4, "09:00"), (8, "09:00")]  # no third within seven days


def test_a_copied_plan_has_no_emails_for_past_dates():
    assert days(PLAN, ann(), now=denver(16)) == ["past_date", "past_date", *days(PLAN, ann())[2:]]


def test_a_date_that_has_passed_is_named_with_its_step():
    first = planned(PLAN, ann(), now=denver(16))[0]
    assert (first.step, first.reason.params) == (FIRST, {"due": denver(12)})


def test_an_email_due_at_this_instant_is_not_past():
    assert planned(PLAN, ann(), now=denver(12))[0].due_at == denver(12)


def test_a_plan_made_later_has_none_before_it_was_made():
    assert days(replace(PLAN, made_at=denver(12, 12)), ann())[:2] == ["past_date", (4, "09:00")]


def test_after_week_6_nothing_is_planned():
    facts = ann(paused_until=denver(31 + 23))
    assert set(days(PLAN, facts)) == {"plan_over"}


@pytest.mark.parametrize("wrong", [0, 43])
def test_a_step_outside_the_six_weeks_is_refused(wrong):
    with pytest.raises(ValueError, match=r"^a step lies 1 to 42 days after the session$"):
        Step(wrong)


def test_a_step_may_lie_on_the_first_and_on_the_last_day_of_the_six_weeks():
    assert [Step(day).days for day in (1, 42)] == [1, 42]


# A session over at 7 PM in Denver ended on the next day in London.
EVENING = replace(PLAN, session_ended_at=denver(11, 19), made_at=denver(11, 19))


def test_the_last_day_of_week_6_is_planned_for_until_its_evening():
    assert days(replace(EVENING, steps=(Step(42, dt.time(19)),)), ann()) == [(42, "19:00")]


def test_and_the_day_after_it_is_not():
    (found,) = planned(replace(EVENING, steps=(Step(42),)), ann(paused_until=denver(54)), now=EVENING.made_at)
    assert (found.step, found.due_at, found.reason.code) == (FIRST, None, "plan_over")
    assert found.reason.params == {"last": dt.date(2027, 2, 22)}


def test_what_went_is_not_planned_again():
    facts = ann(prompts=(letter(12, step=FIRST),))
    assert [one.step for one in planned(PLAN, facts, now=denver(12, 10))] == [1, 2, 3, 4, 5, 6]


def test_a_moved_client_has_the_same_steps_on_the_clocks_there():
    facts = ann(prompts=(letter(12, step=FIRST),), zone=TOKYO)
    second = planned(PLAN, facts, now=denver(13))[0]
    # The session was on the 12th in Tokyo; four days later, at 9 AM there.
    assert (second.step, second.due_at) == (SECOND, dt.datetime(2027, 1, 16, 9, tzinfo=TOKYO))


def test_a_step_that_a_guard_moved_goes_on_its_day_at_the_present_hour_when_all_is_planned_again():
    moved = {FIRST: denver(14, 18)}
    anew = planned(PLAN, ann(), now=denver(13), moved=moved)
    assert [(one.step, one.due_at) for one in anew[:2]] == [(FIRST, denver(14)), (SECOND, denver(17))]


def test_where_that_hour_is_over_it_goes_the_next_time():
    anew = planned(PLAN, ann(), now=denver(14, 12), moved={FIRST: denver(14, 18)})
    assert (anew[0].step, anew[0].due_at) == (FIRST, denver(15))


def test_one_moved_past_the_next_comes_after_it():
    anew = planned(PLAN, ann(), now=denver(13), moved={FIRST: denver(20)})
    assert [(one.step, one.due_at) for one in anew[:2]] == [(SECOND, denver(15)), (FIRST, denver(20))]


def test_and_by_the_clock_of_the_zone_they_are_in_now():
    anew = planned(PLAN, ann(zone=TOKYO), now=denver(13), moved={FIRST: denver(14, 9)})
    assert anew[0].due_at == denver(14, 17)


def test_from_berlin_to_tokyo_in_the_evening():
    plan = replace(PLAN, steps=(Step(1, dt.time(19)),))
    assert days(plan, ann(zone=BERLIN)) == days(plan, ann(zone=TOKYO)) == [(1, "19:00")]


def test_a_planned_email_says_why_then():
    assert [one.reason.code for one in planned(PLAN, ann(weekdays=frozenset({1})), now=SESSION)[:2]] == [
        "as_planned",
        "weekday",
    ]


def test_a_preferred_time_within_quiet_hours_waits_for_their_end():
    plan = replace(PLAN, steps=(Step(1, dt.time(22)),))
    assert days(plan, ann()) == [(2, "08:00")]


# The clocks change.
def due(zone, session, *steps):
    plan = Plan(key="k", session_ended_at=session, made_at=session, steps=steps)
    return [due_of(plan, step, ZoneInfo(zone)) for step in steps]


def test_a_step_is_due_not_sooner_than_18_hours_after_the_session():
    (found,) = due("America/Denver", denver(11, 19).astimezone(DENVER), Step(1))
    assert found == denver(12, 13)
    assert found.tzinfo is UTC


def test_the_next_allowed_time_is_said_in_utc():
    assert next_allowed(denver(15).astimezone(DENVER), PLAN, ann(), dt.time(9)).tzinfo is UTC


def in_new_york(*moment):
    return dt.datetime(*moment, tzinfo=NEW_YORK).astimezone(UTC)


def test_due_at_half_past_two_on_the_night_that_skips_it_goes_once_at_the_windows_start():
    ended = in_new_york(2027, 3, 12, 15)
    plan = Plan(key="k", session_ended_at=ended, made_at=ended, steps=(Step(2, dt.time(2, 30)),))
    assert [one.due_at for one in planned(plan, ann(zone=NEW_YORK), now=ended)] == [
        dt.datetime(2027, 3, 14, 12, tzinfo=UTC)  # 8 AM, daylight time
    ]


def test_without_quiet_hours_it_goes_after_the_gap():
    (found,) = due("America/New_York", in_new_york(2027, 3, 12, 15), Step(2, dt.time(2, 30)))
    assert found.astimezone(NEW_YORK).isoformat() == "2027-03-14T03:30:00-04:00"


def test_due_at_half_past_one_on_the_night_that_has_it_twice_is_the_first_of_them():
    (found,) = due("America/New_York", in_new_york(2026, 10, 30, 15), Step(2, dt.time(1, 30)))
    assert found == dt.datetime(2026, 11, 1, 5, 30, tzinfo=UTC)


def test_and_is_planned_once():
    ended = in_new_york(2026, 10, 30, 15)
    plan = Plan(key="k", session_ended_at=ended, made_at=ended, steps=(Step(2, dt.time(1, 30)),))
    never_quiet = ann(zone=NEW_YORK, quiet_from=dt.time(0), quiet_until=dt.time(0))
    assert [one.due_at for one in planned(plan, never_quiet, now=ended)] == [
        dt.datetime(2026, 11, 1, 5, 30, tzinfo=UTC)
    ]


def test_daily_at_nine_stays_nine_over_the_change():
    found = due("America/New_York", in_new_york(2026, 10, 29, 12), Step(2), Step(3))
    assert [f"{one:%dT%H%Z}" for one in found] == ["31T13UTC", "01T14UTC"]


def test_a_day_that_a_zone_left_out_is_no_dead_end():
    apia = ann(zone=ZoneInfo("Pacific/Apia"), weekdays=frozenset({4})).manner  # 30 December 2011 was a Friday
    moment = dt.datetime(2011, 12, 29, 20, tzinfo=apia.zone).astimezone(UTC)
    assert first_at(moment, apia, dt.time(8)).astimezone(apia.zone).isoformat() == "2012-01-06T08:00:00+14:00"


@pytest.mark.parametrize("name", ["Mars/Olympus", "", None, "../etc/passwd", "america/denver"])
def test_an_unknown_zone_is_the_practices_with_a_warning(name):
    zone, warning = zone_or(name, DENVER)
    assert (zone, warning.code) == (DENVER, "unknown_zone")


def test_a_known_zone_needs_no_warning():
    assert zone_or("Asia/Tokyo", DENVER) == (TOKYO, None)


# No burst after an outage.
def waiting(client, number, day):
    return Waiting(client=client, letter=f"{client}-{number}", due_at=denver(day))


def test_after_three_days_without_a_worker_one_email_per_client_may_go():
    held = missed(
        [waiting("ann", 2, 13), waiting("ann", 1, 12), waiting("ann", 3, 14), waiting("ben", 1, 12)],
        now=denver(15),
    )
    assert sorted(held) == ["ann-1", "ann-2"]


def test_the_rest_is_missed_and_says_which_one_replaces_it():
    held = missed([waiting("ann", 1, 12), waiting("ann", 2, 13)], now=denver(15))["ann-1"]
    assert (held.outcome, held.reason.params["next"]) == ("missed", denver(13))


def test_an_email_due_at_this_instant_replaces_those_before_it():
    assert [*missed([waiting("ann", 1, 12), waiting("ann", 2, 15)], now=denver(15))] == ["ann-1"]


def test_an_email_that_is_not_due_yet_makes_none_missed():
    assert missed([waiting("ann", 1, 12), waiting("ann", 2, 16)], now=denver(15)) == {}


def test_practice_moves_at_sending_and_not_in_the_plan():
    assert days(PLAN, ann(practices=(practice(11, 20),))) == days(PLAN, ann())


def test_the_default_plan_ends_within_week_6():
    assert DEFAULT_STEPS[-1].days == 39
