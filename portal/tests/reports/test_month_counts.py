"""What each number of a month counts, as the databases count it; today is Tuesday, March 2, 2027."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone

from booking.models import Appointment, AppointmentChange, LedgerEntry, Offer, WaitlistEntry
from booking.payments.actions.record import correct, record
from portal.models import FollowUp
from portal.reports.engine.figures import Counts, MonthFigures
from portal.reports.engine.months import months_until
from portal.reports.queries import figures_in
from portal.tests.practice_day import DENVER, Scenario, denver, make_scenario
from practice.models import Letter, User
from practice.testing import make_user
from practice.tests.mail.builders import make_letter

pytestmark = pytest.mark.engines
State, What = Appointment.State, AppointmentChange.What
POLICY = {"free_hours": 24, "locked_hours": 2, "late_percent": 50, "moves_allowed": 2}


@pytest.fixture
def scenario(db: None) -> Scenario:
    """Without the appointment it begins with."""
    made = make_scenario()
    Appointment.objects.all().delete()
    return made


@pytest.fixture
def ben(scenario: Scenario) -> User:
    return make_user("Ben Hart")


def month(first: str = "2027-02-01") -> MonthFigures:
    """The last of twelve months."""
    months = months_until(dt.date.fromisoformat(first), DENVER, count=12)
    return figures_in(months, now=timezone.now())[-1]


def counted(first: str = "2027-02-01") -> Counts:
    return month(first).counts


def canceled(scenario: Scenario, when: str, at: str, *, by_staff: bool = False, **fields: Any) -> Appointment:
    """Canceled at a time, by the client unless said otherwise; free until a day before."""
    made = scenario.comes(
        scenario.ann,
        when,
        **{
            "state": State.CANCELLED,
            "occupies": False,
            "policy": POLICY,
            "booked_at": denver("2027-01-04 12:00"),
            "cancelled_at": denver(at),
            **fields,
        },
    )
    AppointmentChange.objects.create(
        appointment=made, what=What.CANCELLED, by_staff=by_staff, at=denver(at), starts_at=made.starts_at
    )
    return made


def email(scenario: Scenario, after: Appointment, place: int, **fields: Any) -> FollowUp:
    """A follow-up email after a session."""
    letter = make_letter("follow_up", user=scenario.ann, **fields)
    return FollowUp.objects.create(
        client=scenario.ann, appointment=after, place=place, days=place + 1, at=dt.time(9), letter=letter
    )


def test_half_past_midnight_on_the_first_counts_in_the_month_on_our_clocks(scenario) -> None:
    scenario.came(scenario.ann, "2027-02-28 23:59")
    scenario.came(scenario.ann, "2027-03-01 00:30")
    assert (counted("2027-02-01").kept, counted("2027-03-01").kept) == (1, 1)


def test_booked_is_what_came_was_missed_canceled_late_or_is_ahead_and_nothing_else(scenario) -> None:
    scenario.came(scenario.ann, "2027-03-01 09:00", minutes=90)
    scenario.comes(scenario.ann, "2027-03-01 14:00")  # ended, not wrapped up yet: it took place
    scenario.comes(scenario.ann, "2027-03-01 16:00", state=State.NO_SHOW, occupies=False)
    scenario.comes(scenario.ann, "2027-03-30 09:00", minutes=30)
    scenario.comes(scenario.ann, "2027-03-30 11:00", state=State.PENDING)
    scenario.comes(scenario.ann, "2027-03-30 13:00", state=State.HELD)
    canceled(scenario, "2027-03-02 15:00", "2027-03-01 15:01")
    canceled(scenario, "2027-03-02 15:00", "2027-03-01 15:00")  # the last free moment
    canceled(scenario, "2027-03-02 15:00", "2027-03-02 09:00", by_staff=True)
    canceled(scenario, "2027-03-02 15:00", "2027-03-02 09:00", booked_at=None)  # a request
    found = counted("2027-03-01")
    assert (found.booked, found.booked_minutes) == (5, 90 + 60 + 60 + 30 + 60)
    assert (found.kept, found.kept_minutes) == (2, 150)
    assert (found.missed, found.late) == (1, 1)


def test_a_late_cancel_of_the_night_the_clocks_change_is_judged_by_elapsed_hours(scenario) -> None:
    # From ten on Saturday to ten on Sunday, March 8, 2026, are 23 hours.
    canceled(scenario, "2026-03-08 10:00", "2026-03-07 09:30")
    canceled(scenario, "2026-03-08 12:00", "2026-03-07 10:59")
    assert counted("2026-03-01").late == 1


def test_a_client_is_new_once_and_comes_back_in_the_same_month_and_later(scenario, ben) -> None:
    scenario.came(scenario.ann, "2026-12-10 09:00")
    scenario.comes(ben, "2027-01-05 09:00", state=State.NO_SHOW, occupies=False)  # not here yet
    scenario.came(ben, "2027-02-02 09:00")
    scenario.came(ben, "2027-02-16 09:00")
    scenario.came(scenario.ann, "2027-02-03 09:00")
    scenario.came(None, "2027-02-04 09:00")  # erased
    found = counted()
    assert (found.new_clients, found.returning_clients, found.back, found.kept) == (1, 1, 2, 4)
    assert counted("2027-01-01").new_clients == 0


def test_a_first_session_long_before_the_twelve_months_makes_nobody_new(scenario) -> None:
    scenario.came(scenario.ann, "2019-05-02 09:00")
    scenario.came(scenario.ann, "2027-02-02 09:00")
    assert (counted().new_clients, counted().returning_clients) == (0, 1)


def test_practice_counts_between_two_sessions_not_before_the_first_nor_after_the_last(scenario, ben) -> None:
    scenario.heard(ben, "2026-11-30 08:00")  # before the first
    for client in (scenario.ann, ben):
        scenario.came(client, "2026-12-01 09:00")
        scenario.came(client, "2027-02-02 09:00")
    scenario.heard(scenario.ann, "2027-01-15 08:00")
    scenario.heard(ben, "2027-02-03 08:00")  # after the last
    found = counted()
    assert (found.practiced, found.back) == (1, 2)


def test_a_page_that_was_only_opened_is_no_practice_and_two_devices_are_one_time(scenario) -> None:
    scenario.came(scenario.ann, "2027-01-05 09:00")
    scenario.came(scenario.ann, "2027-02-16 09:00")
    scenario.heard(scenario.ann, "2027-02-01 08:00", minutes=0)
    assert (counted().practiced, counted().practice_times) == (0, 0)
    first = scenario.heard(scenario.ann, "2027-02-10 08:00", minutes=12)
    scenario.heard(scenario.ann, "2027-02-10 08:20", minutes=5, first=first)
    done = denver("2027-02-11 08:00")
    scenario.heard(scenario.ann, "2027-02-11 08:00", minutes=0, exercise=scenario.tilt, finished_at=done)
    found = counted()
    assert (found.practice_times, found.practice_ms, found.practiced) == (2, 17 * 60_000, 1)


def test_an_accepted_offer_counts_when_it_was_accepted(scenario) -> None:
    for state, when in (("accepted", "2027-02-28 23:30"), ("declined", "2027-02-10 09:00")):
        wish = WaitlistEntry.objects.create(
            client=scenario.ann, session_type=scenario.kind, last_day=dt.date(2027, 4, 1)
        )
        held = scenario.comes(scenario.ann, "2027-03-09 09:00", state=State.HELD, occupies=False)
        Offer.objects.create(
            entry=wish, appointment=held, state=state, answered_at=denver(when), expires_at=denver(when)
        )
    assert (counted().filled, counted("2027-03-01").filled) == (1, 0)


def test_money_is_counted_by_way_and_what_was_taken_back_adds_up_to_nothing(scenario) -> None:
    session, tess = scenario.came(scenario.ann, "2027-02-02 09:00"), scenario.tess.user
    record(session, cents=5000, how="cash", by=tess, key="a", now=denver("2027-02-02 10:00"))
    record(session, cents=4500, how="card", tip_cents=500, by=tess, key="b", now=denver("2027-02-28 23:59"))
    wrong = LedgerEntry.objects.get(how="cash")
    correct(wrong, by=tess, now=denver("2027-02-02 10:05"))
    found = month()
    assert [(one.how, one.cents) for one in found.received] == [("card", 5000)]
    assert month("2027-03-01").received == ()


def test_a_follow_up_email_is_followed_within_three_days_and_never_by_what_came_before(scenario) -> None:
    after = scenario.came(scenario.ann, "2027-02-01 09:00")
    sent = {"state": Letter.State.SENT}
    email(scenario, after, 0, sent_at=denver("2027-02-02 09:00"), due_at=denver("2027-02-02 09:00"), **sent)
    scenario.heard(scenario.ann, "2027-02-02 08:30")
    scenario.heard(scenario.ann, "2027-02-05 09:01")  # a minute late
    assert (counted().emails_sent, counted().emails_followed) == (1, 0)
    email(scenario, after, 1, sent_at=denver("2027-02-05 09:00"), due_at=denver("2027-02-05 09:00"), **sent)
    assert (counted().emails_sent, counted().emails_followed) == (2, 1)


def test_an_email_is_held_back_once_it_was_due_and_other_emails_are_not_counted(scenario) -> None:
    after = scenario.came(scenario.ann, "2027-02-25 09:00")
    off = {"state": Letter.State.CANCELLED}
    email(scenario, after, 0, due_at=denver("2027-03-01 09:00"), **off)
    email(scenario, after, 1, due_at=denver("2027-03-02 09:00"), state=Letter.State.MISSED)
    email(scenario, after, 2, due_at=denver("2027-03-10 09:00"), **off)  # not due yet
    email(scenario, after, 3, due_at=denver("2027-03-02 09:00"), state=Letter.State.PLANNED)
    make_letter("reminder", user=scenario.ann, due_at=denver("2027-03-01 09:00"), **off)
    assert (counted("2027-03-01").emails_held, counted("2027-03-01").emails_sent) == (2, 0)


def test_twelve_months_cost_eight_queries_however_many_rows(scenario, django_assert_num_queries) -> None:
    for day in range(1, 21):
        scenario.came(scenario.ann, f"2027-01-{day:02} 09:00")
        scenario.heard(scenario.ann, f"2027-01-{day:02} 18:00")
        canceled(scenario, f"2027-01-{day:02} 13:00", "2027-01-01 09:00")
    months = months_until(dt.date(2027, 2, 1), DENVER, count=12)
    with django_assert_num_queries(8):
        figures_in(months, now=timezone.now())
