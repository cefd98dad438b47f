"""What holds a follow-up back when it is due, and what becomes of it."""

import datetime as dt

import pytest
from django.core import mail

from booking.models import Appointment
from portal.followups.engine.facts import Step
from portal.followups.queue import mark_answered, plan_letters
from portal.models import PracticeEntry, Question
from portal.tests.followups.sample_rows import (
    SESSION,
    State,
    denver,
    letter_at,
    planned,
    row,
    scenario,
    send_until,
    state_and_reason,
)
from practice.consents.actions.letter_preferences import decline_letters
from practice.mail import suppression
from practice.mail.delivery import deliver
from practice.models import Letter, Suppression, User

pytestmark = pytest.mark.engines

__all__ = ["planned", "scenario"]  # fixtures
HOUR = dt.timedelta(hours=1)
DAY = dt.timedelta(days=1)


def test_unsubscribed_one_second_before_it_is_not_sent(scenario, planned):
    decline_letters(scenario.ann, now=denver(12) - dt.timedelta(seconds=1), why="They asked for no more.")
    assert send_until(denver(12)) == []
    assert state_and_reason() == (State.CANCELLED, "They asked for no more.")


def test_unsubscribed_while_a_sender_holds_it_it_is_not_sent(scenario, planned, monkeypatch):
    claim = deliver.claim_one

    def late(*args, **options):
        letter = claim(*args, **options)
        decline_letters(scenario.ann, now=denver(12), why="They asked for no more.")
        return letter

    monkeypatch.setattr(deliver, "claim_one", late)
    deliver.step(now=denver(12))
    assert mail.outbox == []
    assert state_and_reason() == (State.CANCELLED, "They don’t want emails like this one.")


def booked_just_now(scenario):
    scenario.meet(scenario.ann, denver(40), booked_at=denver(12, 8))


def has_a_session_tomorrow(scenario):
    scenario.meet(scenario.ann, denver(13, 8))


def was_here_yesterday_and_nobody_wrote_it_down(scenario):
    scenario.meet(scenario.ann, denver(11, 17))


def has_a_forgotten_session_and_one_tomorrow(scenario):
    scenario.meet(scenario.ann, SESSION + HOUR)
    scenario.meet(scenario.ann, denver(13, 8), state=Appointment.State.PENDING)


HELD_BACK = {
    "practiced ten minutes ago": (
        lambda scenario: scenario.practise(denver(12, 8, 50)),
        State.CANCELLED,
        "They practiced on Tuesday, January 12 at 8:50 AM; it waits until Friday, January 15 at 9:00 AM. "
        "The next email, due Friday, January 15 at 9:00 AM, takes its place.",
    ),
    "playing now": (
        lambda scenario: scenario.practise(denver(12, 8, 59), finished=False),
        State.CANCELLED,
        "They are practicing right now; it waits until Friday, January 15 at 9:00 AM. "
        "The next email, due Friday, January 15 at 9:00 AM, takes its place.",
    ),
    "booked": (
        booked_just_now,
        State.PLANNED,
        "They booked on Tuesday, January 12 at 8:00 AM; it waits until Wednesday, January 13 at 9:00 AM.",
    ),
    "paused": (
        lambda scenario: scenario.page(paused_until=denver(14)),
        State.PLANNED,
        "They asked for a pause until Thursday, January 14 at 9:00 AM; it waits until "
        "Thursday, January 14 at 9:00 AM.",
    ),
    "another day": (
        lambda scenario: scenario.page(letter_weekdays=[2]),
        State.PLANNED,
        "They don’t want emails on a Tuesday; it waits until Wednesday, January 13 at 9:00 AM.",
    ),
    "session tomorrow": (
        has_a_session_tomorrow,
        State.CANCELLED,
        "Their session on Wednesday, January 13 at 8:00 AM is so close that they get no other email.",
    ),
    "session not wrapped up": (
        was_here_yesterday_and_nobody_wrote_it_down,
        State.CANCELLED,
        "Their session on Monday, January 11 at 5:00 PM is so close that they get no other email.",
    ),
    "pain rose": (
        lambda scenario: scenario.practise(
            denver(12, 8, 50), needs_human="pain_rose", pain_before="3", pain_after="6"
        ),
        State.CANCELLED,
        "Held back because of what they reported after practicing on Tuesday, January 12 at 8:50 AM, until "
        "you have reviewed it.",
    ),
    "nothing assigned": (
        lambda scenario: type(scenario.assignment).objects.update(ended_at=SESSION),
        State.CANCELLED,
        "Nothing is assigned anymore.",
    ),
    "the lesson was taken away": (
        lambda scenario: type(scenario.lesson).objects.update(is_published=False),
        State.CANCELLED,
        "Nothing is assigned anymore.",
    ),
    "mail to the new address came back": (
        lambda scenario: (
            User.objects.filter(pk=scenario.ann.pk).update(email="gone@example.com"),
            suppression.suppress("gone@example.com", cause=Suppression.Cause.BOUNCE),
        ),
        State.CANCELLED,
        "Earlier email to that address bounced.",
    ),
    "account closed": (
        lambda scenario: User.objects.filter(pk=scenario.ann.pk).update(is_active=False),
        State.CANCELLED,
        "That account is closed.",
    ),
}


@pytest.mark.parametrize("case", HELD_BACK)
def test_it_is_held_back_with_the_reason(scenario, planned, case):
    happens, state, reason = HELD_BACK[case]
    happens(scenario)
    assert send_until(denver(12)) == []
    assert state_and_reason() == (state, reason)


def test_a_new_address_is_written_to_though_the_old_one_bounced(scenario, planned):
    suppression.suppress("ann@example.com", cause=Suppression.Cause.BOUNCE)
    User.objects.filter(pk=scenario.ann.pk).update(email="new@example.com")
    assert [one.to for one in send_until(denver(12))] == [["Ann Lee <new@example.com>"]]


def test_a_new_address_that_called_an_email_unwanted_is_not(scenario, planned):
    suppression.suppress("new@example.com", cause=Suppression.Cause.COMPLAINT)
    User.objects.filter(pk=scenario.ann.pk).update(email="new@example.com")
    assert send_until(denver(12)) == []
    assert state_and_reason()[1] == "They reported an email as unwanted, so we only send what they ask for."


def test_a_session_nobody_wrapped_up_does_not_hide_the_next(scenario, planned):
    has_a_forgotten_session_and_one_tomorrow(scenario)
    send_until(denver(12, 9))
    assert letter_at().state == State.CANCELLED


def test_an_email_that_was_moved_lives_as_long_after_its_new_time(scenario, planned):
    scenario.page(paused_until=denver(14))
    send_until(denver(12))
    assert letter_at().not_after == denver(14, 21)
    assert len(send_until(denver(14))) == 1


def test_practiced_while_it_waited_it_goes_three_days_later(scenario, planned):
    scenario.practise(denver(11, 20))
    send_until(denver(12))
    assert send_until(denver(14, 20) + 12 * HOUR) == []
    assert len(send_until(denver(15))) == 1
    assert row(1).stage == "finished"


def test_it_does_not_crowd_the_next_one(scenario, planned):
    scenario.practise(denver(12, 8))
    send_until(denver(12))
    assert state_and_reason(0) == (
        State.CANCELLED,
        "They practiced on Tuesday, January 12 at 8:00 AM; it waits until Friday, January 15 at 9:00 AM. "
        "The next email, due Friday, January 15 at 9:00 AM, takes its place.",
    )


def test_pain_that_was_looked_at_no_longer_holds_back(scenario, planned):
    entry = scenario.practise(denver(11, 20), needs_human="pain_rose")
    PracticeEntry.objects.filter(pk=entry.pk).update(cleared_at=denver(11, 22))
    send_until(denver(12))
    assert state_and_reason()[1].startswith("They practiced")


def test_of_two_rises_one_looked_at_the_other_still_holds_back(scenario, planned):
    scenario.practise(SESSION - 90 * DAY, needs_human="pain_rose")  # older than all windows
    scenario.practise(denver(11, 20), needs_human="pain_rose", cleared_at=denver(11, 22))
    send_until(denver(12))
    assert letter_at().state == State.CANCELLED


def test_worker_down_three_days_one_goes_and_the_rest_is_missed(scenario):
    steps = [Step(days) for days in (1, 2, 3, 4)]
    plan_letters(scenario.session, steps=steps, now=SESSION)
    Letter.objects.update(due_at=denver(12))  # as several moves might have it
    for place, day in enumerate((12, 13, 14, 15)):
        Letter.objects.filter(follow_up__place=place).update(due_at=denver(day), not_after=denver(20))
    assert len(send_until(denver(15, 9, 5))) == 1
    assert [state_and_reason(place)[0] for place in range(4)] == [State.MISSED] * 3 + [State.SENT]
    assert state_and_reason(0)[1] == (
        "It was due on Tuesday, January 12 at 9:00 AM, when no emails could be sent; the one due on "
        "Friday, January 15 at 9:00 AM takes its place."
    )


def test_after_the_outage_nobody_gets_an_email_from_days_ago(scenario, planned):
    assert send_until(denver(14, 9)) == []
    assert state_and_reason() == (State.MISSED, "Its time had passed before it could be sent.")


def test_three_kinds_in_one_hour_are_one(scenario, planned):
    other = {"user": scenario.ann, "category": "encouragement", "to_address": "ann@example.com", "text": "x"}
    for number, kind in enumerate(("free_lesson", "article")):
        Letter.objects.create(
            key=f"o{number}",
            message_id=f"<o{number}@x>",
            kind=kind,
            state="sent",
            due_at=denver(12, 8),
            sent_at=denver(12, 8, 30),
            **other,
        )
    assert send_until(denver(12)) == []
    assert state_and_reason()[1].startswith(
        "Less than a day after the email of Tuesday, January 12 at 8:30 AM"
    )


def test_after_three_without_an_answer_it_stops_and_asks_a_person(scenario, planned):
    sent = [send_until(denver(day)) for day in (12, 15, 22, 29)]
    assert [len(each) for each in sent] == [1, 1, 1, 0]
    assert (row(3).asks_human, state_and_reason(3)[0]) == (True, State.CANCELLED)


def test_they_answered_lets_the_emails_continue_and_asks_no_more(scenario, planned):
    for day in (12, 15, 22, 29):
        send_until(denver(day))
    mark_answered(scenario.ann, now=denver(30))
    assert row(3).cleared_at == denver(30)
    assert len(send_until(denver(36))) == 1


def test_a_question_is_an_answer(scenario, planned):
    for day in (12, 15, 22):
        send_until(denver(day))
    Question.objects.create(client=scenario.ann, text="Which side?", asked_at=denver(23))
    assert len(send_until(denver(29))) == 1
