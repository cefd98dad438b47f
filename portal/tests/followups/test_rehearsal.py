"""The rehearsal: what one client would get, written down event by event; and across clock changes."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest

from portal.followups.engine.behavior import NOTHING_CHANGES, Behavior, happenings, sessions_over
from portal.followups.engine.facts import DeliveryWindow, Facts, Plan, Step
from portal.followups.engine.rehearsal import Acted, Judged, NeverPlanned, rehearse, rehearse_new
from portal.tests.followups.sample_facts import PLAN, SESSION, ann, denver, letter

WEEK = dt.timedelta(weeks=1)
SIX = SESSION + 6 * WEEK


def rehearsal(behavior=NOTHING_CHANGES, *, plan=PLAN, facts=None, until=SIX):
    """A new plan of hers with this behavior, as (day and time by her clock, what happened)."""
    facts = facts or ann()
    zone = facts.manner.zone
    acts = happenings(behavior, plan, zone, start=plan.made_at, until=until)
    events = rehearse_new(plan, facts, now=plan.made_at, until=until, acts=acts, replies=behavior.replies)
    return [(f"{one.at.astimezone(zone):%a %b %d %H:%M}", in_short(one)) for one in events]


def in_short(one):
    if isinstance(one, Acted):
        return str(one.act)
    if isinstance(one, NeverPlanned):
        return one.why.code
    return getattr(one.verdict, "variant", None) or f"{one.verdict.outcome} {one.verdict.reason.code}"


def test_who_practices_on_mondays_gets_an_email_each_friday_and_none_near_practice():
    found = rehearsal(Behavior(weekdays=frozenset({0}), at=dt.time(8)))
    assert [one for one in found if one[1] != "practiced"] == [
        ("Tue Jan 12 09:00", "assigned-a"),
        ("Fri Jan 15 09:00", "assigned-b"),
        ("Fri Jan 22 09:00", "finished-a"),
        ("Fri Jan 29 09:00", "finished-b"),
        ("Fri Feb 05 09:00", "often-a"),
        ("Fri Feb 12 09:00", "often-b"),
        ("Fri Feb 19 09:00", "often-c"),
    ]
    assert [day for day, what in found if what == "practiced"] == [
        f"Mon {day} 08:00" for day in ("Jan 18", "Jan 25", "Feb 01", "Feb 08", "Feb 15", "Feb 22")
    ]


def test_who_does_nothing_gets_three_emails_and_then_none():
    assert rehearsal() == [
        ("Tue Jan 12 09:00", "assigned-a"),
        ("Fri Jan 15 09:00", "assigned-b"),
        ("Fri Jan 22 09:00", "assigned-c"),
        *((f"Fri {day} 09:00", "cancelled no_answer") for day in ("Jan 29", "Feb 05", "Feb 12", "Feb 19")),
    ]


def test_who_writes_back_each_time_gets_all_seven():
    found = rehearsal(Behavior(replies=True))
    assert sum(what.startswith("assigned") for _, what in found) == 7
    assert sum(what == "replied" for _, what in found) == 7


def test_practice_moves_an_email_by_three_days_and_pain_ends_them():
    assert [
        one for one in rehearsal(Behavior(every=4, at=dt.time(8), worse_on=8)) if "pract" not in one[1]
    ] == [
        ("Tue Jan 12 09:00", "assigned-a"),
        ("Mon Jan 18 09:00", "finished-a"),
        ("Tue Jan 19 08:00", "worse"),
        *(
            (f"Fri {day} 09:00", "cancelled pain_rose")
            for day in ("Jan 22", "Jan 29", "Feb 05", "Feb 12", "Feb 19")
        ),
    ]


def test_nothing_goes_during_a_pause_and_one_asks_after_it():
    assert rehearsal(Behavior(pause=2 * WEEK))[:5] == [
        ("Mon Jan 11 14:00", "paused"),
        ("Tue Jan 12 09:00", "cancelled overtaken"),
        ("Fri Jan 15 09:00", "cancelled overtaken"),
        ("Fri Jan 22 09:00", "moved paused"),
        ("Tue Jan 26 09:00", "quiet-a"),
    ]


def test_a_step_that_can_get_no_email_is_said_at_the_start():
    plan = replace(PLAN, made_at=denver(14), steps=PLAN.steps[:2])
    assert rehearsal(plan=plan)[0] == ("Thu Jan 14 09:00", "past_date")


def test_it_continues_from_what_waits_and_what_was_sent():
    facts = ann(prompts=(letter(12, step=0, stage="assigned", variant="assigned-a"),))
    events = rehearse(PLAN, facts, waiting={1: denver(15), 2: denver(22)}, start=SESSION, until=denver(20))
    assert [(one.at, one.verdict.variant) for one in events] == [(denver(15), "assigned-b")]


def test_of_two_that_are_overdue_the_last_one_goes():
    events = rehearse(PLAN, ann(), waiting={2: denver(14), 1: denver(15)}, start=denver(16), until=denver(20))
    assert [(one.step, in_short(one), one.at) for one in events] == [
        (2, "missed worker_away", denver(16)),
        (1, "assigned-a", denver(16)),
    ]


def test_a_booked_session_holds_emails_back_until_18_hours_after_it_began():
    sessions = [denver(15, 14), denver(29, 14)]
    events = rehearse(
        PLAN,
        ann(next_session=sessions[0]),
        waiting={1: denver(15), 2: denver(22), 3: denver(29)},
        start=SESSION,
        until=denver(31),
        acts=sessions_over(sessions),
    )
    assert [in_short(one) for one in events] == [
        *("cancelled session_near", "session_over", "assigned-a", "cancelled session_near", "session_over"),
    ]


def test_the_facts_behind_each_email_hold_the_ones_before():
    events = rehearse(PLAN, ann(), waiting={1: denver(15), 2: denver(22)}, start=SESSION, until=denver(30))
    assert [len(one.facts.prompts) for one in events] == [0, 1]
    assert [one.following for one in events] == [denver(22), None]


# --- Across changes of the clocks ----------------------------------------------------------------------
def local_plan(zone, ended, *steps):
    """A plan whose session ended at that wall time there, and facts of a client without quiet hours."""
    end = dt.datetime.fromisoformat(ended).replace(tzinfo=zone).astimezone(dt.UTC)
    plan = Plan(key="plan", session_ended_at=end, made_at=end, steps=steps)
    return plan, Facts(manner=DeliveryWindow(zone=zone, quiet_from=dt.time(0), quiet_until=dt.time(0)))


def sent(zone, ended, *steps):
    """When each email goes, by the clocks there, with their offset."""
    plan, facts = local_plan(zone, ended, *steps)
    events = rehearse_new(plan, facts, now=plan.made_at, until=plan.made_at + 6 * WEEK)
    return [
        one.at.astimezone(zone).isoformat(" ", "minutes") for one in events if hasattr(one.verdict, "stage")
    ]


@pytest.mark.parametrize(
    ("name", "ended", "expected"),
    [
        ("America/Denver", "2027-03-09", ("03-10 09:00-07:00", "03-14 09:00-06:00", "03-21 09:00-06:00")),
        ("America/Denver", "2027-11-02", ("11-03 09:00-06:00", "11-07 09:00-07:00", "11-14 09:00-07:00")),
        ("Europe/Berlin", "2027-03-23", ("03-24 09:00+01:00", "03-28 09:00+02:00", "04-04 09:00+02:00")),
        ("Africa/Cairo", "2027-04-25", ("04-26 09:00+02:00", "04-30 09:00+03:00", "05-07 09:00+03:00")),
        ("America/Santiago", "2027-03-30", ("03-31 09:00-03:00", "04-04 09:00-04:00", "04-11 09:00-04:00")),
        # Lord Howe changes by half an hour; the Chatham Islands are a quarter of an hour beside the rest.
        (
            "Australia/Lord_Howe",
            "2027-03-30",
            ("03-31 09:00+11:00", "04-04 09:00+10:30", "04-11 09:00+10:30"),
        ),
        ("Pacific/Chatham", "2027-03-30", ("03-31 09:00+13:45", "04-04 09:00+12:45", "04-11 09:00+12:45")),
        # Samoa left out December 30, 2011: the email of that day goes when the clocks next read nine.
        ("Pacific/Apia", "2011-12-25", ("12-26 09:00-10:00", "12-31 09:00+14:00", "01-06 09:00+14:00")),
    ],
)
def test_the_chosen_hour_is_kept_when_the_clocks_change(name, ended, expected):
    found = sent(ZoneInfo(name), f"{ended}T14:00", Step(1), Step(5), Step(12))
    assert tuple(one[5:] for one in found) == expected


@pytest.mark.parametrize(
    ("name", "ended", "hour", "expected"),
    [
        # An hour that the clocks skip: as much later. One that comes twice: the first time, once.
        ("America/Denver", "2027-03-10T14:00", "02:30", "2027-03-14 03:30-06:00"),
        ("America/Denver", "2027-11-03T14:00", "01:30", "2027-11-07 01:30-06:00"),
        ("Europe/Berlin", "2027-03-24T14:00", "02:30", "2027-03-28 03:30+02:00"),
        ("Europe/Berlin", "2027-10-27T14:00", "02:30", "2027-10-31 02:30+02:00"),
        ("Australia/Lord_Howe", "2027-09-29T14:00", "02:15", "2027-10-03 02:45+11:00"),
        ("Australia/Lord_Howe", "2027-03-31T14:00", "01:45", "2027-04-04 01:45+11:00"),
        ("Africa/Cairo", "2027-04-26T14:00", "00:30", "2027-04-30 01:30+03:00"),
        ("Africa/Cairo", "2027-10-24T14:00", "23:30", "2027-10-28 23:30+03:00"),
        ("America/Santiago", "2027-09-01T14:00", "00:30", "2027-09-05 01:30-03:00"),
        ("America/Santiago", "2027-03-30T14:00", "23:30", "2027-04-03 23:30-03:00"),
    ],
)
def test_an_hour_that_is_skipped_or_comes_twice_gets_one_email(name, ended, hour, expected):
    assert sent(ZoneInfo(name), ended, Step(4, dt.time.fromisoformat(hour))) == [expected]


@pytest.mark.parametrize(
    ("name", "ended", "expected"),
    [
        # Three days end an hour later by the clock in spring: about the chosen hour. In fall it is kept.
        ("America/Denver", "2027-03-10", "2027-03-14 10:00-06:00"),
        ("America/Denver", "2027-11-03", "2027-11-07 09:00-07:00"),
        ("Australia/Lord_Howe", "2027-09-29", "2027-10-03 09:30+11:00"),
    ],
)
def test_three_days_after_practice_are_72_hours_also_when_the_clocks_change(name, ended, expected):
    zone = ZoneInfo(name)
    plan, facts = local_plan(zone, f"{ended}T14:00", Step(3))
    end = plan.made_at.astimezone(zone)
    the_next_day = Behavior(weekdays=frozenset({(end.weekday() + 1) % 7}), at=dt.time(9))
    acts = happenings(the_next_day, plan, zone, start=plan.made_at, until=plan.made_at + WEEK)
    events = rehearse_new(plan, facts, now=plan.made_at, until=plan.made_at + WEEK, acts=acts)
    gone = [one for one in events if isinstance(one, Judged) and hasattr(one.verdict, "stage")]
    assert [one.at.astimezone(zone).isoformat(" ", "minutes") for one in gone] == [expected]


def test_practice_on_mondays_is_on_mondays_by_their_clock():
    zone = ZoneInfo("Pacific/Kiritimati")  # where it is Tuesday already
    plan, _ = local_plan(zone, "2027-03-10T14:00")
    mondays = Behavior(weekdays=frozenset({0}), at=dt.time(8))
    acts = happenings(mondays, plan, zone, start=SESSION, until=SESSION + 2 * WEEK)
    assert [f"{one.at.astimezone(zone):%a %b %d %H:%M}" for one in acts] == [
        "Mon Jan 18 08:00",
        "Mon Jan 25 08:00",
    ]
