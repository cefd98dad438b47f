"""Follow-ups through real rows and the real delivery: what is planned, and how it goes."""

import datetime as dt

import pytest
from django.core import mail
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from booking.models import Appointment
from portal.export.record import record_of
from portal.followups.queue import plan_letters
from portal.models import FollowUp, FollowUpPlan, FollowUpStep
from portal.testing import assign, make_exercise
from portal.tests.followups.sample_rows import (
    SESSION,
    State,
    denver,
    letter_at,
    planned,
    row,
    scenario,
    send_until,
)
from practice.consents.actions.letter_preferences import decline_letters
from practice.mail.channels.lines import Lines
from practice.mail.delivery import deliver
from practice.mail.delivery.claims import claim_one
from practice.models import Letter, Practice, User

pytestmark = pytest.mark.engines

__all__ = ["planned", "scenario"]  # fixtures
HOUR = dt.timedelta(hours=1)
DAY = dt.timedelta(days=1)
MARKER = "after breakfast, on the zebra rug"
COMPLETED = Appointment.State.COMPLETED
WRAPPED_UP_SINCE = "A later session has since been wrapped up."


# --- Planning ----------------------------------------------------------------------------------


def test_the_default_plan_waits_as_rows(scenario, planned):
    assert [one.letter.due_at for one in planned] == [denver(day) for day in (12, 15, 22, 29, 36, 43, 50)]


def test_each_row_says_why_then(scenario, planned):
    assert (row(1).reason, letter_at(1).reason) == ("4 days after the session, per the plan.",) * 2


def test_a_copy_of_the_record_says_why_and_reads_the_practice_once(scenario, planned):
    with CaptureQueriesContext(connection) as asked:
        record = record_of(scenario.ann, by=scenario.ann, now=SESSION)
    assert record["follow_ups"][1]["reason"] == "4 days after the session, per the plan."
    assert record["emails"][1]["reason"] == "4 days after the session, per the plan."
    table = f'FROM "{Practice._meta.db_table}"'
    assert sum(table in one["sql"] for one in asked) == 1


def test_planned_twice_is_planned_once(scenario, planned):
    assert plan_letters(scenario.session, now=SESSION + HOUR) == planned
    assert Letter.objects.count() == 7


def test_rolled_back_there_is_no_email(scenario):
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        plan_letters(scenario.session, now=SESSION)
        raise ZeroDivisionError
    assert not Letter.objects.exists()
    assert send_until(denver(12)) == []


def test_without_consent_to_emails_nothing_is_planned(scenario):
    decline_letters(scenario.ann, now=SESSION, why="No.")
    assert plan_letters(scenario.session, now=SESSION) == []
    assert not FollowUp.objects.exists()


def test_a_plan_copied_late_has_no_emails_for_past_dates(scenario):
    made = plan_letters(scenario.session, now=denver(20))
    assert [one.place for one in made if one.letter] == [2, 3, 4, 5, 6]
    assert made[0].reason == "Its day, Tuesday, January 12 at 9:00 AM, had passed when the plan was made."


def test_without_an_address_the_rows_say_so(scenario):
    User.objects.filter(pk=scenario.ann.pk).update(email=None)
    assert {one.reason for one in plan_letters(scenario.session, now=SESSION)} == {
        "There is no email address on file."
    }
    assert not Letter.objects.exists()


def test_emails_come_at_the_hour_she_prefers(scenario):
    scenario.page(letter_at=dt.time(17, 30))
    assert plan_letters(scenario.session, now=SESSION)[0].letter.due_at == denver(12, 17, 30)


def test_the_practices_plan_is_used_and_its_hours_come_first(scenario):
    scenario.page(letter_at=dt.time(17, 30))
    plan = FollowUpPlan.objects.create(name="Short", is_default=True)
    FollowUpStep.objects.create(plan=plan, days=2)
    FollowUpStep.objects.create(plan=plan, days=9, at=dt.time(12))
    made = plan_letters(scenario.session, now=SESSION)
    assert [one.letter.due_at for one in made] == [denver(13, 17, 30), denver(20, 12)]


def test_what_waits_holds_nothing_of_hers(scenario):
    scenario.page(plan=MARKER, obstacle=MARKER)
    plan_letters(scenario.session, now=SESSION)
    kept = " ".join(str(value) for one in Letter.objects.values() for value in one.values())
    assert "zebra" not in kept
    assert scenario.lesson.title not in kept


def test_a_later_session_calls_off_what_waits_of_the_earlier(scenario, planned):
    send_until(denver(12))
    later = scenario.meet(scenario.ann, denver(20, 10), state=COMPLETED)
    plan_letters(later, now=denver(20, 11))
    old = FollowUp.objects.filter(appointment=scenario.session, letter__state=State.PLANNED)
    assert not old.exists()
    assert Letter.objects.get(follow_up=planned[3]).reason == WRAPPED_UP_SINCE


def test_an_earlier_session_wrapped_up_late_sends_nothing(scenario):
    later = scenario.meet(scenario.ann, denver(12, 10), state=COMPLETED)
    plan_letters(later, now=denver(12, 11))
    late = plan_letters(scenario.session, now=denver(12, 12))
    assert {(one.letter, one.reason) for one in late} == {(None, WRAPPED_UP_SINCE)}


def test_nor_where_the_later_session_was_to_have_no_emails(scenario):
    later = scenario.meet(scenario.ann, denver(12, 10), state=COMPLETED)
    plan_letters(later, steps=(), now=denver(12, 11))
    late = plan_letters(scenario.session, now=denver(12, 12))
    assert {one.reason for one in late} == {WRAPPED_UP_SINCE}


def test_an_email_being_sent_gives_way_to_a_later_session_without_emails(scenario, planned):
    held = claim_one(denver(12))
    later = scenario.meet(scenario.ann, denver(12, 7), state=COMPLETED)
    plan_letters(later, steps=(), now=denver(12, 8))
    with Lines() as lines:
        deliver.check_and_send(held, lines, denver(12))
    assert (mail.outbox, Letter.objects.get(pk=held.pk).reason) == ([], WRAPPED_UP_SINCE)


def test_anyone_who_did_not_come_keeps_the_emails_of_the_session_before(scenario, planned):
    scenario.meet(scenario.ann, denver(12, 10), state=Appointment.State.NO_SHOW)
    assert len(send_until(denver(15))) == 1


def test_who_was_here_is_asked_about_no_more_though_they_want_no_emails(scenario, planned):
    FollowUp.objects.filter(place=0).update(asks_human=True)
    decline_letters(scenario.ann, now=denver(20), why="No.")
    plan_letters(scenario.meet(scenario.ann, denver(20, 10), state=COMPLETED), now=denver(20, 11))
    assert row(0).cleared_at == denver(20, 11)


# --- It goes -----------------------------------------------------------------------------------


def test_a_due_email_goes_once_and_says_what_it_was(scenario, planned):
    (sent,) = send_until(denver(12))
    assert sent.to == ["Ann Lee <ann@example.com>"]
    assert (row().assignment, row().stage, row().variant) == (scenario.assignment, "assigned", "assigned-a")
    assert send_until(denver(12, 9, 1)) == []


def test_what_went_is_what_the_row_keeps(scenario, planned):
    (sent,) = send_until(denver(12))
    letter = letter_at()
    assert (letter.state, letter.subject, letter.text) == (State.SENT, sent.subject, sent.body)


def test_its_head_offers_the_way_out(scenario, planned):
    (sent,) = send_until(denver(12))
    assert sent.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_it_goes_to_the_address_she_has_now(scenario, planned):
    User.objects.filter(pk=scenario.ann.pk).update(email="new@example.com")
    assert send_until(denver(12))[0].to == ["Ann Lee <new@example.com>"]


def test_an_exercise_is_written_about_too(scenario, planned):
    type(scenario.assignment).objects.update(ended_at=SESSION)
    assign(make_exercise("tilt", title="The small tilt"), scenario.ann, by=scenario.tess)
    (sent,) = send_until(denver(12))
    assert "/portal/exercises/tilt/" in sent.body


# --- Erased ------------------------------------------------------------------------------------


def test_erased_before_it_leaves_nothing_goes_and_nothing_is_kept(scenario, planned):
    FollowUp.objects.all().delete()
    Letter.objects.update(user=None)
    assert send_until(denver(12)) == []
    letter = Letter.objects.order_by("due_at").first()
    assert (letter.state, letter.text, letter.html, letter.to_address, letter.to_name) == (
        *(State.CANCELLED, "", ""),
        *("", ""),
    )
    assert letter.reason == "The client or the session it followed no longer exists."
