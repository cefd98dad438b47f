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
from portal.tests.followups.rows import (
    SESSION,
    State,
    denver,
    house,
    letter_at,
    planned,
    row,
    send_until,
)
from practice.consents.actions.letter_preferences import decline_letters
from practice.mail.channels.lines import Lines
from practice.mail.delivery import deliver
from practice.mail.delivery.claims import claim_one
from practice.models import Letter, Practice, User

pytestmark = pytest.mark.engines

__all__ = ["house", "planned"]  # fixtures
HOUR = dt.timedelta(hours=1)
DAY = dt.timedelta(days=1)
MARKER = "after breakfast, on the zebra rug"
COMPLETED = Appointment.State.COMPLETED
WRAPPED_UP_SINCE = "A later session has since been wrapped up."


# --- Planning ----------------------------------------------------------------------------------


def test_the_default_plan_waits_as_rows(house, planned):
    assert [one.letter.due_at for one in planned] == [denver(day) for day in (12, 15, 22, 29, 36, 43, 50)]


def test_each_row_says_why_then(house, planned):
    assert (row(1).reason, letter_at(1).reason) == ("4 days after the session, per the plan.",) * 2


def test_a_copy_of_the_record_says_why_and_reads_the_practice_once(house, planned):
    with CaptureQueriesContext(connection) as asked:
        record = record_of(house.ann, by=house.ann, now=SESSION)
    assert record["follow_ups"][1]["reason"] == "4 days after the session, per the plan."
    assert record["emails"][1]["reason"] == "4 days after the session, per the plan."
    table = f'FROM "{Practice._meta.db_table}"'
    assert sum(table in one["sql"] for one in asked) == 1


def test_planned_twice_is_planned_once(house, planned):
    assert plan_letters(house.session, now=SESSION + HOUR) == planned
    assert Letter.objects.count() == 7


def test_rolled_back_there_is_no_letter(house):
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        plan_letters(house.session, now=SESSION)
        raise ZeroDivisionError
    assert not Letter.objects.exists()
    assert send_until(denver(12)) == []


def test_without_a_wish_for_letters_nothing_is_planned(house):
    decline_letters(house.ann, now=SESSION, why="No.")
    assert plan_letters(house.session, now=SESSION) == []
    assert not FollowUp.objects.exists()


def test_a_plan_copied_late_has_no_letters_for_past_dates(house):
    made = plan_letters(house.session, now=denver(20))
    assert [one.place for one in made if one.letter] == [2, 3, 4, 5, 6]
    assert made[0].reason == "Its day, Tuesday, January 12 at 9:00 AM, had passed when the plan was made."


def test_without_an_address_the_rows_say_so(house):
    User.objects.filter(pk=house.ann.pk).update(email=None)
    assert {one.reason for one in plan_letters(house.session, now=SESSION)} == {
        "There is no email address on file."
    }
    assert not Letter.objects.exists()


def test_letters_come_at_the_hour_she_prefers(house):
    house.page(letter_at=dt.time(17, 30))
    assert plan_letters(house.session, now=SESSION)[0].letter.due_at == denver(12, 17, 30)


def test_the_plan_of_the_house_is_used_and_its_hours_come_first(house):
    house.page(letter_at=dt.time(17, 30))
    plan = FollowUpPlan.objects.create(name="Short", is_default=True)
    FollowUpStep.objects.create(plan=plan, days=2)
    FollowUpStep.objects.create(plan=plan, days=9, at=dt.time(12))
    made = plan_letters(house.session, now=SESSION)
    assert [one.letter.due_at for one in made] == [denver(13, 17, 30), denver(20, 12)]


def test_what_waits_holds_nothing_of_hers(house):
    house.page(plan=MARKER, obstacle=MARKER)
    plan_letters(house.session, now=SESSION)
    kept = " ".join(str(value) for one in Letter.objects.values() for value in one.values())
    assert "zebra" not in kept
    assert house.lesson.title not in kept


def test_a_later_session_calls_off_what_waits_of_the_earlier(house, planned):
    send_until(denver(12))
    later = house.meet(house.ann, denver(20, 10), state=COMPLETED)
    plan_letters(later, now=denver(20, 11))
    old = FollowUp.objects.filter(appointment=house.session, letter__state=State.PLANNED)
    assert not old.exists()
    assert Letter.objects.get(follow_up=planned[3]).reason == WRAPPED_UP_SINCE


def test_an_earlier_session_wrapped_up_late_sends_nothing(house):
    later = house.meet(house.ann, denver(12, 10), state=COMPLETED)
    plan_letters(later, now=denver(12, 11))
    late = plan_letters(house.session, now=denver(12, 12))
    assert {(one.letter, one.reason) for one in late} == {(None, WRAPPED_UP_SINCE)}


def test_nor_where_the_later_session_was_to_have_no_letters(house):
    later = house.meet(house.ann, denver(12, 10), state=COMPLETED)
    plan_letters(later, steps=(), now=denver(12, 11))
    late = plan_letters(house.session, now=denver(12, 12))
    assert {one.reason for one in late} == {WRAPPED_UP_SINCE}


def test_a_letter_in_a_senders_hand_makes_way_for_a_later_session_without_letters(house, planned):
    held = claim_one(denver(12))
    later = house.meet(house.ann, denver(12, 7), state=COMPLETED)
    plan_letters(later, steps=(), now=denver(12, 8))
    with Lines() as lines:
        deliver.deal_with(held, lines, denver(12))
    assert (mail.outbox, Letter.objects.get(pk=held.pk).reason) == ([], WRAPPED_UP_SINCE)


def test_whoever_did_not_come_keeps_the_letters_of_the_session_before(house, planned):
    house.meet(house.ann, denver(12, 10), state=Appointment.State.NO_SHOW)
    assert len(send_until(denver(15))) == 1


def test_who_was_here_is_asked_about_no_more_though_they_want_no_letters(house, planned):
    FollowUp.objects.filter(place=0).update(asks_human=True)
    decline_letters(house.ann, now=denver(20), why="No.")
    plan_letters(house.meet(house.ann, denver(20, 10), state=COMPLETED), now=denver(20, 11))
    assert row(0).cleared_at == denver(20, 11)


# --- It goes -----------------------------------------------------------------------------------


def test_a_due_letter_goes_once_and_says_what_it_was(house, planned):
    (sent,) = send_until(denver(12))
    assert sent.to == ["Ann Lee <ann@example.com>"]
    assert (row().assignment, row().stage, row().variant) == (house.assignment, "assigned", "assigned-a")
    assert send_until(denver(12, 9, 1)) == []


def test_what_went_is_what_the_row_keeps(house, planned):
    (sent,) = send_until(denver(12))
    letter = letter_at()
    assert (letter.state, letter.subject, letter.text) == (State.SENT, sent.subject, sent.body)


def test_its_head_offers_the_way_out(house, planned):
    (sent,) = send_until(denver(12))
    assert sent.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_it_goes_to_the_address_she_has_now(house, planned):
    User.objects.filter(pk=house.ann.pk).update(email="new@example.com")
    assert send_until(denver(12))[0].to == ["Ann Lee <new@example.com>"]


def test_an_exercise_is_written_about_too(house, planned):
    type(house.assignment).objects.update(ended_at=SESSION)
    assign(make_exercise("tilt", title="The small tilt"), house.ann, by=house.tess)
    (sent,) = send_until(denver(12))
    assert "/portal/exercises/tilt/" in sent.body


# --- Erased ------------------------------------------------------------------------------------


def test_erased_before_it_leaves_nothing_goes_and_nothing_is_kept(house, planned):
    FollowUp.objects.all().delete()
    Letter.objects.update(user=None)
    assert send_until(denver(12)) == []
    letter = Letter.objects.order_by("due_at").first()
    assert (letter.state, letter.text, letter.html, letter.to_address, letter.to_name) == (
        *(State.CANCELLED, "", ""),
        *("", ""),
    )
    assert letter.reason == "The client or the session it followed no longer exists."
