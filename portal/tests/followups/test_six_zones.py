"""What waits for an hour of somebody's clock, in six zones over both changes of 2027: the instants, by hand.

The instants were worked out from the offsets in the comments, not with the code under test. Denver and Berlin
change at night, Lord Howe by half an hour, Santiago and Cairo at midnight; Kathmandu never changes.
"""

import datetime as dt
from dataclasses import dataclass
from zoneinfo import ZoneInfo

import pytest

from booking.letters import digest
from booking.letters.before_session.reminders import Reminder, due_ones
from booking.models import Appointment
from booking.offers.matching import WaitlistCriteria, may_be_asked
from portal.followups.engine.facts import Plan, Step
from portal.followups.engine.when import due_of
from portal.followups.queue import plan_letters
from portal.tests.followups.sample_rows import scenario, send_until
from practice.core.clock import in_quiet_hours
from practice.core.texts.quiet_times import outside_quiet_hours
from practice.models import Practitioner, User

__all__ = ["scenario"]  # a fixture
HOUR, DAY, SECOND = dt.timedelta(hours=1), dt.timedelta(days=1), dt.timedelta(seconds=1)
QUIET = (dt.time(20), dt.time(8))


def utc(text: str) -> dt.datetime:
    """An instant of 2027, written in UTC."""
    return dt.datetime.fromisoformat(f"2027-{text}").replace(tzinfo=dt.UTC)


@dataclass(frozen=True)
class Change:
    """A night in which clocks change, and the instants of what waits then. `day`: the day after that night.

    `nine`: follow-ups at nine on the day before, on the day and on the day after. `seven`: digests on the day
    before and on the day. `eight`: a text that was due at night, and the first offer. `half_past_seven`: in
    the evening before, a text for a session at half past eight. `twenty`: the end of offers on the day.
    `reminder`: 24 hours before a session at ten on the day. `odd`: an hour that is skipped (as much later)
    or comes twice (the first time), and its instant.
    """

    zone: str
    day: str
    nine: tuple[str, str, str]
    seven: tuple[str, str]
    eight: str
    half_past_seven: str
    twenty: str
    reminder: str
    odd: tuple[str, str]

    @property
    def rules(self) -> ZoneInfo:
        """The zone."""
        return ZoneInfo(self.zone)

    def wall(self, days: int, clock: str) -> dt.datetime:
        """A time on the clocks there, so many days from the day."""
        day = dt.date.fromisoformat(f"2027-{self.day}") + days * DAY
        return dt.datetime.combine(day, dt.time.fromisoformat(clock), self.rules)


CHANGES = [
    Change(  # −7, then −6 from 09:00 UTC
        zone="America/Denver",
        day="03-14",
        nine=("03-13T16:00", "03-14T15:00", "03-15T15:00"),
        seven=("03-13T14:00", "03-14T13:00"),
        eight="03-14T14:00",
        half_past_seven="03-14T02:30",
        twenty="03-15T02:00",
        reminder="03-13T16:00",
        odd=("03-14T02:30", "03-14T09:30"),
    ),
    Change(  # −6, then −7 from 08:00 UTC
        zone="America/Denver",
        day="11-07",
        nine=("11-06T15:00", "11-07T16:00", "11-08T16:00"),
        seven=("11-06T13:00", "11-07T14:00"),
        eight="11-07T15:00",
        half_past_seven="11-07T01:30",
        twenty="11-08T03:00",
        reminder="11-06T17:00",
        odd=("11-07T01:30", "11-07T07:30"),
    ),
    Change(  # +1, then +2 from 01:00 UTC
        zone="Europe/Berlin",
        day="03-28",
        nine=("03-27T08:00", "03-28T07:00", "03-29T07:00"),
        seven=("03-27T06:00", "03-28T05:00"),
        eight="03-28T06:00",
        half_past_seven="03-27T18:30",
        twenty="03-28T18:00",
        reminder="03-27T08:00",
        odd=("03-28T02:30", "03-28T01:30"),
    ),
    Change(  # +2, then +1 from 01:00 UTC
        zone="Europe/Berlin",
        day="10-31",
        nine=("10-30T07:00", "10-31T08:00", "11-01T08:00"),
        seven=("10-30T05:00", "10-31T06:00"),
        eight="10-31T07:00",
        half_past_seven="10-30T17:30",
        twenty="10-31T19:00",
        reminder="10-30T09:00",
        odd=("10-31T02:30", "10-31T00:30"),
    ),
    Change(  # +10:30, then +11 from 15:30 UTC of the day before
        zone="Australia/Lord_Howe",
        day="10-03",
        nine=("10-01T22:30", "10-02T22:00", "10-03T22:00"),
        seven=("10-01T20:30", "10-02T20:00"),
        eight="10-02T21:00",
        half_past_seven="10-02T09:00",
        twenty="10-03T09:00",
        reminder="10-01T23:00",
        odd=("10-03T02:15", "10-02T15:45"),
    ),
    Change(  # +11, then +10:30 from 15:00 UTC of the day before
        zone="Australia/Lord_Howe",
        day="04-04",
        nine=("04-02T22:00", "04-03T22:30", "04-04T22:30"),
        seven=("04-02T20:00", "04-03T20:30"),
        eight="04-03T21:30",
        half_past_seven="04-03T08:30",
        twenty="04-04T09:30",
        reminder="04-02T23:30",
        odd=("04-04T01:45", "04-03T14:45"),
    ),
    Change(  # −4, then −3 from 04:00 UTC: midnight is skipped
        zone="America/Santiago",
        day="09-05",
        nine=("09-04T13:00", "09-05T12:00", "09-06T12:00"),
        seven=("09-04T11:00", "09-05T10:00"),
        eight="09-05T11:00",
        half_past_seven="09-04T23:30",
        twenty="09-05T23:00",
        reminder="09-04T13:00",
        odd=("09-05T00:30", "09-05T04:30"),
    ),
    Change(  # −3, then −4 from 03:00 UTC: at midnight it is eleven again
        zone="America/Santiago",
        day="04-04",
        nine=("04-03T12:00", "04-04T13:00", "04-05T13:00"),
        seven=("04-03T10:00", "04-04T11:00"),
        eight="04-04T12:00",
        half_past_seven="04-03T22:30",
        twenty="04-05T00:00",
        reminder="04-03T14:00",
        odd=("04-03T23:30", "04-04T02:30"),
    ),
    Change(  # +2, then +3 from 22:00 UTC of the day before: midnight is skipped
        zone="Africa/Cairo",
        day="04-30",
        nine=("04-29T07:00", "04-30T06:00", "05-01T06:00"),
        seven=("04-29T05:00", "04-30T04:00"),
        eight="04-30T05:00",
        half_past_seven="04-29T17:30",
        twenty="04-30T17:00",
        reminder="04-29T07:00",
        odd=("04-30T00:30", "04-29T22:30"),
    ),
    Change(  # +3, then +2 from 21:00 UTC of the day before: at midnight it is eleven again
        zone="Africa/Cairo",
        day="10-29",
        nine=("10-28T06:00", "10-29T07:00", "10-30T07:00"),
        seven=("10-28T04:00", "10-29T05:00"),
        eight="10-29T06:00",
        half_past_seven="10-28T16:30",
        twenty="10-29T18:00",
        reminder="10-28T08:00",
        odd=("10-28T23:30", "10-28T20:30"),
    ),
    *(  # +5:45 all year
        Change(
            zone="Asia/Kathmandu",
            day=day,
            nine=(f"{before}T03:15", f"{day}T03:15", f"{after}T03:15"),
            seven=(f"{before}T01:15", f"{day}T01:15"),
            eight=f"{day}T02:15",
            half_past_seven=f"{before}T13:45",
            twenty=f"{day}T14:15",
            reminder=f"{before}T04:15",
            odd=(f"{day}T02:30", f"{before}T20:45"),
        )
        for before, day, after in (("03-27", "03-28", "03-29"), ("10-30", "10-31", "11-01"))
    ),
]
over_each_change = pytest.mark.parametrize("it", CHANGES, ids=lambda it: f"{it.zone} {it.day}")


@over_each_change
def test_follow_ups_keep_the_chosen_hour(it: Change) -> None:
    ended = it.wall(-3, "14:00")
    plan = Plan(key="k", session_ended_at=ended, made_at=ended)
    found = [due_of(plan, Step(days, dt.time(9)), it.rules) for days in (2, 3, 4)]
    assert found == [utc(text) for text in it.nine]


@over_each_change
def test_a_follow_up_at_an_hour_that_is_skipped_or_comes_twice_has_one_instant(it: Change) -> None:
    wall = dt.datetime.fromisoformat(f"2027-{it.odd[0]}")
    ended = it.wall(-3, "14:00")
    step = Step((wall.date() - ended.date()).days, wall.time())
    assert due_of(Plan(key="k", session_ended_at=ended, made_at=ended), step, it.rules) == utc(it.odd[1])


@over_each_change
def test_the_digest_comes_at_seven(it: Change) -> None:
    days = [it.wall(shift, "12:00").date() for shift in (-1, 0)]
    assert [digest.morning_of(day, it.rules) for day in days] == [utc(text) for text in it.seven]


@over_each_change
def test_a_text_that_is_due_at_night_goes_at_eight(it: Change) -> None:
    found = outside_quiet_hours(
        it.wall(-1, "23:00"), it.rules, *QUIET, before=it.wall(1, "10:00"), now=it.wall(-2, "12:00")
    )
    assert found == utc(it.eight)


@over_each_change
def test_a_text_for_an_early_session_goes_the_evening_before(it: Change) -> None:
    session = it.wall(0, "08:30").astimezone(dt.UTC)
    found = outside_quiet_hours(
        session - 2 * HOUR, it.rules, *QUIET, before=session, now=it.wall(-2, "12:00")
    )
    assert found == utc(it.half_past_seven)


@over_each_change
def test_offers_and_quiet_hours_begin_and_end_on_the_second(it: Change) -> None:
    person = WaitlistCriteria(key=1, kind=1, zone=it.rules, last_day=dt.date(2027, 12, 31))
    opens, closes = utc(it.eight), utc(it.twenty)
    moments = (opens - SECOND, opens, closes - SECOND, closes)
    assert [may_be_asked(person, moment) for moment in moments] == [False, True, True, False]
    assert [in_quiet_hours(moment, it.rules, *QUIET) for moment in moments] == [True, False, False, True]


@over_each_change
def test_a_reminder_of_24_hours_goes_24_hours_before_whatever_the_clocks_do(it: Change) -> None:
    session = Appointment(starts_at=it.wall(0, "10:00").astimezone(dt.UTC))
    found = [due for _, due in due_ones(session, [Reminder(24)], now=it.wall(-5, "12:00"))]
    assert found == [utc(it.reminder)]


@pytest.mark.parametrize("it", [CHANGES[0], *CHANGES[4:8]], ids=lambda it: f"{it.zone} {it.day}")
def test_the_rows_of_the_queue_wait_for_these_instants(it: Change, scenario) -> None:
    Practitioner.objects.update(zone=it.zone)
    User.objects.filter(pk=scenario.ann.pk).update(zone=it.zone)
    scenario.session.delete()  # some of these changes are before it
    ended = it.wall(-3, "14:00")
    session = scenario.meet(scenario.ann, ended - HOUR, state=Appointment.State.COMPLETED)
    (follow_up,) = plan_letters(session, steps=[Step(3, dt.time(9))], now=ended)
    news = digest.plan_digest(Practitioner.objects.get(), now=it.wall(-1, "12:00"))
    assert (follow_up.letter.due_at, news.due_at) == (utc(it.nine[1]), utc(it.seven[1]))
    assert follow_up.letter.due_wall.startswith(f"2027-{it.day}T09:00:00")
    assert news.due_wall.startswith(f"2027-{it.day}T07:00:00")
    news.delete()
    assert (send_until(utc(it.nine[1]) - SECOND), len(send_until(utc(it.nine[1])))) == ([], 1)
