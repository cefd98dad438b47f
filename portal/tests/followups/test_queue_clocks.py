"""Follow-ups over changes of clocks and of zones: each goes once, at its hour."""

import datetime as dt

from structlog.testing import capture_logs

from booking.models import Appointment
from portal.followups.engine.facts import Step
from portal.followups.queue import plan_letters, replan
from portal.tests.followups.sample_rows import (
    SESSION,
    State,
    denver,
    planned,
    scenario,
    send_until,
    state_and_reason,
    utc,
)
from practice.models import Practice, User

__all__ = ["planned", "scenario"]  # fixtures
HOUR = dt.timedelta(hours=1)
COMPLETED = Appointment.State.COMPLETED


def planned_in(scenario, zone, session_ended, *steps):
    User.objects.filter(pk=scenario.ann.pk).update(zone=zone)
    scenario.session.delete()  # some of these lie before it
    session = scenario.meet(scenario.ann, session_ended - HOUR, state=COMPLETED)
    return plan_letters(session, steps=steps, now=session_ended)


def awake(begins="21:00", ends="00:30"):
    Practice.objects.update(quiet_from=begins, quiet_until=ends)


def times_sent(start, hours, *, every=10):
    """When a letter went, with the worker at work every so many minutes."""
    return [
        moment
        for minutes in range(0, hours * 60, every)
        if send_until(moment := start + dt.timedelta(minutes=minutes))
    ]


def test_due_in_the_hour_that_is_skipped_it_goes_once(scenario):
    awake()
    planned_in(scenario, "America/New_York", utc("2027-03-12T15:00"), Step(2, dt.time(2, 30)))
    assert times_sent(utc("2027-03-14T00:00"), 24) == [utc("2027-03-14T07:30")]


def test_due_in_the_hour_that_comes_twice_it_goes_once(scenario):
    awake()
    planned_in(scenario, "America/New_York", utc("2026-10-30T15:00"), Step(2, dt.time(1, 30)))
    assert times_sent(utc("2026-11-01T00:00"), 24) == [utc("2026-11-01T05:30")]


def test_nine_in_the_morning_stays_nine_over_a_change_of_clocks(scenario):
    made = planned_in(scenario, "America/New_York", utc("2026-10-30T15:00"), Step(1), Step(4))
    assert [one.letter.due_at.hour for one in made] == [13, 14]


def test_due_just_before_the_quiet_hours_and_free_just_after_it_waits_for_the_next_evening(scenario):
    Practice.objects.update(quiet_from="21:00")
    plan_letters(scenario.session, steps=[Step(1, dt.time(20, 59))], now=SESSION)
    assert send_until(denver(12, 21, 5)) == []
    assert state_and_reason() == (
        State.PLANNED,
        "No emails go out from 9:00 PM to 8:00 AM, their time; it waits until "
        "Wednesday, January 13 at 8:59 PM.",
    )
    assert len(send_until(denver(13, 20, 59))) == 1


def test_an_unknown_zone_is_the_practices_with_a_warning_that_names_nobody(scenario):
    User.objects.filter(pk=scenario.ann.pk).update(zone="Mars/Olympus")
    with capture_logs() as logs:
        made = plan_letters(scenario.session, now=SESSION)
    assert made[0].letter.due_at == denver(12)
    (said,) = [line for line in logs if "unknown zone" in line["event"]]
    assert said == {
        "event": "follow-ups: unknown zone",
        "log_level": "warning",
        "user": scenario.ann.pk,
        "goes_by": "America/Denver",
    }


def test_moved_from_berlin_to_tokyo_each_email_goes_once_by_the_new_clock(scenario):
    planned_in(scenario, "Europe/Berlin", utc("2027-01-11T20:00"), Step(2), Step(6))
    User.objects.filter(pk=scenario.ann.pk).update(zone="Asia/Tokyo")
    scenario.ann.refresh_from_db()
    replan(scenario.ann, now=utc("2027-01-12T12:00"))
    # 9 AM in Tokyo is midnight in UTC.
    went = times_sent(utc("2027-01-12T12:00"), 24 * 7, every=60)
    assert went == [utc("2027-01-14T00:00"), utc("2027-01-18T00:00")]
