"""Follow-ups through real rows and the real delivery: what is planned, what goes, what is held back, why."""

import datetime as dt

import pytest
from django.core import mail
from django.db import transaction
from structlog.testing import capture_logs

from booking.models import Appointment
from portal.followups.facts import Step
from portal.followups.queue import clear_asks, plan_letters, preview, previews, replan, to_come
from portal.models import FollowUp, FollowUpPlan, FollowUpStep, PracticeEntry, Question
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
    stands,
)
from practice.actions.wishes import decline_letters
from practice.mail import deliver, suppression
from practice.mail.claims import claim_one
from practice.models import Letter, Practice, Suppression, User

__all__ = ["house", "planned"]  # fixtures
HOUR = dt.timedelta(hours=1)
DAY = dt.timedelta(days=1)
MARKER = "after breakfast, on the zebra rug"
COMPLETED = Appointment.State.COMPLETED
WRAPPED_UP_SINCE = "A later session has been wrapped up since."


# --- Planning ----------------------------------------------------------------------------------


def test_the_default_plan_waits_as_rows(house, planned):
    assert [one.letter.due_at for one in planned] == [denver(day) for day in (12, 15, 22, 29, 36, 43, 50)]


def test_each_row_says_why_then(house, planned):
    assert (row(1).reason, letter_at(1).reason) == ("4 days after the session, as the plan has it.",) * 2


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
    assert made[0].reason == "Its day, Tuesday 12 January, 9:00 am, had passed when the plan was made."


def test_without_an_address_the_rows_say_so(house):
    User.objects.filter(pk=house.ann.pk).update(email=None)
    assert {one.reason for one in plan_letters(house.session, now=SESSION)} == {
        "There is no address to write to."
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
    with deliver.Postbox() as postbox:
        deliver.deal_with(held, postbox, denver(12))
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


# --- Cases: letters ----------------------------------------------------------------------------


def planned_in(house, zone, session_ended, *steps):
    User.objects.filter(pk=house.ann.pk).update(zone=zone)
    house.session.delete()  # some of these lie before it
    session = house.meet(house.ann, session_ended - HOUR, state=COMPLETED)
    return plan_letters(session, steps=steps, now=session_ended)


def awake(begins="21:00", ends="00:30"):
    Practice.objects.update(quiet_from=begins, quiet_until=ends)


def utc(words):
    return dt.datetime.fromisoformat(words).replace(tzinfo=dt.UTC)


def times_sent(start, hours, *, every=10):
    """When a letter went, with the worker at work every so many minutes."""
    return [
        moment
        for minutes in range(0, hours * 60, every)
        if send_until(moment := start + dt.timedelta(minutes=minutes))
    ]


def test_due_in_the_hour_that_is_skipped_it_goes_once(house):
    awake()
    planned_in(house, "America/New_York", utc("2027-03-12T15:00"), Step(2, dt.time(2, 30)))
    assert times_sent(utc("2027-03-14T00:00"), 24) == [utc("2027-03-14T07:30")]


def test_due_in_the_hour_that_comes_twice_it_goes_once(house):
    awake()
    planned_in(house, "America/New_York", utc("2026-10-30T15:00"), Step(2, dt.time(1, 30)))
    assert times_sent(utc("2026-11-01T00:00"), 24) == [utc("2026-11-01T05:30")]


def test_nine_in_the_morning_stays_nine_over_a_change_of_clocks(house):
    made = planned_in(house, "America/New_York", utc("2026-10-30T15:00"), Step(1), Step(4))
    assert [one.letter.due_at.hour for one in made] == [13, 14]


def test_due_just_before_the_quiet_hours_and_free_just_after_it_waits_for_the_morning(house):
    Practice.objects.update(quiet_from="21:00")
    plan_letters(house.session, steps=[Step(1, dt.time(20, 59))], now=SESSION)
    assert send_until(denver(12, 21, 5)) == []
    assert stands() == (
        State.PLANNED,
        "From 9:00 pm to 8:00 am, by their clock, no letters go; it waits until "
        "Wednesday 13 January, 8:00 am.",
    )
    assert len(send_until(denver(13, 8))) == 1


def test_an_unknown_zone_is_the_practices_with_a_warning_that_names_nobody(house):
    User.objects.filter(pk=house.ann.pk).update(zone="Mars/Olympus")
    with capture_logs() as logs:
        made = plan_letters(house.session, now=SESSION)
    assert made[0].letter.due_at == denver(12)
    (said,) = [line for line in logs if "unknown zone" in line["event"]]
    assert said == {
        "event": "follow-ups: unknown zone",
        "log_level": "warning",
        "user": house.ann.pk,
        "goes_by": "America/Denver",
    }


def test_moved_from_berlin_to_tokyo_each_letter_goes_once_by_the_new_clock(house):
    planned_in(house, "Europe/Berlin", utc("2027-01-11T20:00"), Step(2), Step(6))
    User.objects.filter(pk=house.ann.pk).update(zone="Asia/Tokyo")
    house.ann.refresh_from_db()
    replan(house.ann, now=utc("2027-01-12T12:00"))
    # 9 am in Tokyo is midnight in UTC.
    went = times_sent(utc("2027-01-12T12:00"), 24 * 7, every=60)
    assert went == [utc("2027-01-14T00:00"), utc("2027-01-18T00:00")]


def test_unsubscribed_one_second_before_it_is_not_sent(house, planned):
    decline_letters(house.ann, now=denver(12) - dt.timedelta(seconds=1), why="They asked for no more.")
    assert send_until(denver(12)) == []
    assert stands() == (State.CANCELLED, "They asked for no more.")


def test_unsubscribed_while_a_sender_holds_it_it_is_not_sent(house, planned, monkeypatch):
    claim = deliver.claim_one

    def late(*args):
        letter = claim(*args)
        decline_letters(house.ann, now=denver(12), why="They asked for no more.")
        return letter

    monkeypatch.setattr(deliver, "claim_one", late)
    deliver.step(now=denver(12))
    assert mail.outbox == []
    assert stands() == (State.CANCELLED, "They do not wish to have letters like this one.")


def booked_just_now(house):
    house.meet(house.ann, denver(40), booked_at=denver(12, 8))


def has_a_session_tomorrow(house):
    house.meet(house.ann, denver(13, 8))


def was_here_yesterday_and_nobody_wrote_it_down(house):
    house.meet(house.ann, denver(11, 17))


def has_a_forgotten_session_and_one_tomorrow(house):
    house.meet(house.ann, SESSION + HOUR)
    house.meet(house.ann, denver(13, 8), state=Appointment.State.PENDING)


HELD_BACK = {
    "practised ten minutes ago": (
        lambda house: house.practise(denver(12, 8, 50)),
        State.PLANNED,
        "They practised on Tuesday 12 January, 8:50 am; it waits until Friday 15 January, 8:50 am.",
    ),
    "playing now": (
        lambda house: house.practise(denver(12, 8, 59), finished=False),
        State.PLANNED,
        "They are practising right now; it waits until Friday 15 January, 8:59 am.",
    ),
    "booked": (
        booked_just_now,
        State.PLANNED,
        "They booked on Tuesday 12 January, 8:00 am; it waits until Wednesday 13 January, 8:00 am.",
    ),
    "paused": (
        lambda house: house.page(paused_until=denver(14)),
        State.PLANNED,
        "They asked for a pause until Thursday 14 January, 9:00 am; it waits until "
        "Thursday 14 January, 9:00 am.",
    ),
    "another day": (
        lambda house: house.page(letter_weekdays=[2]),
        State.PLANNED,
        "They would rather not have letters on a Tuesday; it waits until Wednesday 13 January, 8:00 am.",
    ),
    "session tomorrow": (
        has_a_session_tomorrow,
        State.CANCELLED,
        "Their session on Wednesday 13 January, 8:00 am is so near that a letter would be too much.",
    ),
    "session not wrapped up": (
        was_here_yesterday_and_nobody_wrote_it_down,
        State.CANCELLED,
        "Their session on Monday 11 January, 5:00 pm is so near that a letter would be too much.",
    ),
    "pain rose": (
        lambda house: house.practise(
            denver(12, 8, 50), needs_human="pain_rose", pain_before="3", pain_after="6"
        ),
        State.CANCELLED,
        "Held back because of what they told after practising on Tuesday 12 January, 8:50 am, until you have "
        "looked at it.",
    ),
    "nothing assigned": (
        lambda house: type(house.assignment).objects.update(ended_at=SESSION),
        State.CANCELLED,
        "Nothing is assigned any more.",
    ),
    "the lesson was taken away": (
        lambda house: type(house.lesson).objects.update(is_published=False),
        State.CANCELLED,
        "Nothing is assigned any more.",
    ),
    "mail to the new address came back": (
        lambda house: (
            User.objects.filter(pk=house.ann.pk).update(email="gone@example.com"),
            suppression.flag("gone@example.com", cause=Suppression.Cause.BOUNCE),
        ),
        State.CANCELLED,
        "Earlier mail to that address came back.",
    ),
    "account closed": (
        lambda house: User.objects.filter(pk=house.ann.pk).update(is_active=False),
        State.CANCELLED,
        "That account is closed.",
    ),
}


@pytest.mark.parametrize("case", HELD_BACK)
def test_it_is_held_back_with_the_reason(house, planned, case):
    happens, state, reason = HELD_BACK[case]
    happens(house)
    assert send_until(denver(12)) == []
    assert stands() == (state, reason)


def test_a_new_address_is_written_to_though_the_old_one_bounced(house, planned):
    suppression.flag("ann@example.com", cause=Suppression.Cause.BOUNCE)
    User.objects.filter(pk=house.ann.pk).update(email="new@example.com")
    assert [one.to for one in send_until(denver(12))] == [["Ann Lee <new@example.com>"]]


def test_a_new_address_that_called_a_letter_unwanted_is_not(house, planned):
    suppression.flag("new@example.com", cause=Suppression.Cause.COMPLAINT)
    User.objects.filter(pk=house.ann.pk).update(email="new@example.com")
    assert send_until(denver(12)) == []
    assert stands()[1] == "They reported a letter as unwanted, so we write to that address no more."


def test_a_session_nobody_wrapped_up_does_not_hide_the_next(house, planned):
    has_a_forgotten_session_and_one_tomorrow(house)
    send_until(denver(12, 9))
    assert letter_at().state == State.CANCELLED


def test_a_letter_that_was_moved_lives_as_long_after_its_new_time(house, planned):
    house.page(paused_until=denver(14))
    send_until(denver(12))
    assert letter_at().not_after == denver(14, 21)
    assert len(send_until(denver(14))) == 1


def test_practised_while_it_waited_it_goes_three_days_later(house, planned):
    house.practise(denver(11, 20))
    send_until(denver(12))
    assert len(send_until(denver(14, 20) + 12 * HOUR)) == 1
    assert row().stage == "finished"


def test_it_does_not_crowd_the_next_one(house, planned):
    house.practise(denver(12, 8))
    send_until(denver(12))
    house.practise(denver(14, 20))
    send_until(denver(15, 8))
    assert stands(0) == (
        State.CANCELLED,
        "They practised on Thursday 14 January, 8:00 pm; it waits until Monday 18 January, 8:00 am. "
        "The next letter, due Friday 15 January, 9:00 am, stands for it.",
    )


def test_pain_that_was_looked_at_no_longer_holds_back(house, planned):
    entry = house.practise(denver(11, 20), needs_human="pain_rose")
    PracticeEntry.objects.filter(pk=entry.pk).update(cleared_at=denver(11, 22))
    send_until(denver(12))
    assert letter_at().state == State.PLANNED  # they practised


def test_of_two_rises_one_looked_at_the_other_still_holds_back(house, planned):
    house.practise(SESSION - 90 * DAY, needs_human="pain_rose")  # older than all windows
    house.practise(denver(11, 20), needs_human="pain_rose", cleared_at=denver(11, 22))
    send_until(denver(12))
    assert letter_at().state == State.CANCELLED


def test_worker_down_three_days_one_goes_and_the_rest_is_missed(house):
    steps = [Step(days) for days in (1, 2, 3, 4)]
    plan_letters(house.session, steps=steps, now=SESSION)
    Letter.objects.update(due_at=denver(12))  # as several moves might have it
    for place, day in enumerate((12, 13, 14, 15)):
        Letter.objects.filter(follow_up__place=place).update(due_at=denver(day), not_after=denver(20))
    assert len(send_until(denver(15, 9, 5))) == 1
    assert [stands(place)[0] for place in range(4)] == [State.MISSED] * 3 + [State.SENT]
    assert stands(0)[1] == (
        "It was due on Tuesday 12 January, 9:00 am while no letters could leave; the one due on "
        "Friday 15 January, 9:00 am stands for it."
    )


def test_after_the_outage_nobody_gets_a_letter_from_days_ago(house, planned):
    assert send_until(denver(14, 9)) == []
    assert stands() == (State.MISSED, "Its time had passed before it could be sent.")


def test_three_kinds_in_one_hour_are_one(house, planned):
    other = {"user": house.ann, "category": "encouragement", "to_address": "ann@example.com", "text": "x"}
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
    assert stands()[1].startswith("Less than a day after the letter of Tuesday 12 January, 8:30 am")


def test_after_three_without_an_answer_it_stops_and_asks_a_human(house, planned):
    sent = [send_until(denver(day)) for day in (12, 15, 22, 29)]
    assert [len(each) for each in sent] == [1, 1, 1, 0]
    assert (row(3).asks_human, stands(3)[0]) == (True, State.CANCELLED)


def test_they_answered_lets_the_letters_go_on_and_asks_no_more(house, planned):
    for day in (12, 15, 22, 29):
        send_until(denver(day))
    clear_asks(house.ann, now=denver(30))
    assert row(3).cleared_at == denver(30)
    assert len(send_until(denver(36))) == 1


def test_a_question_is_an_answer(house, planned):
    for day in (12, 15, 22):
        send_until(denver(day))
    Question.objects.create(client=house.ann, text="Which side?", asked_at=denver(23))
    assert len(send_until(denver(29))) == 1


# --- Killed, refused, put off ------------------------------------------------------------------


def sender_dies(place):
    """Its lease is over, whatever it had done."""
    Letter.objects.filter(follow_up__place=place).update(leased_until=utc("2020-01-01T00:00"))


def test_killed_after_the_claim_it_is_unknown_and_never_sent_again(house, planned):
    deliver.claim_one(denver(12))
    sender_dies(0)
    assert send_until(denver(12, 9, 6)) == []
    assert letter_at().state == State.UNKNOWN
    assert send_until(denver(13)) == []


def test_killed_after_the_judgement_it_counts_as_gone_with_its_text(house, planned, monkeypatch):
    monkeypatch.setattr(deliver.Postbox, "send", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        deliver.step(now=denver(12))
    monkeypatch.undo()
    sender_dies(0)
    send_until(denver(12, 9, 6))
    assert (letter_at().state, row().variant) == (State.UNKNOWN, "assigned-a")
    mail.outbox.clear()
    send_until(denver(15))
    assert row(1).variant == "assigned-b"


def test_left_as_it_is_by_a_person_it_still_counts(house, planned, monkeypatch):
    test_killed_after_the_judgement_it_counts_as_gone_with_its_text(house, planned, monkeypatch)
    Letter.objects.filter(follow_up__place=0).update(state=State.CANCELLED)
    send_until(denver(22))
    assert row(2).variant == "assigned-c"


def test_of_two_in_hand_at_once_only_one_goes(house):
    plan_letters(house.session, steps=[Step(1), Step(4)], now=SESSION)
    Letter.objects.update(due_at=denver(15), not_after=denver(16))
    first, second = deliver.claim_one(denver(15)), deliver.claim_one(denver(15))
    with deliver.Postbox() as postbox:
        deliver.deal_with(second, postbox, denver(15))
        deliver.deal_with(first, postbox, denver(15))
    assert len(mail.outbox) == 1


def test_a_letter_that_is_not_mine_any_more_is_not_sent(house, planned):
    letter = deliver.claim_one(denver(12))
    Letter.objects.filter(pk=letter.pk).update(claim=Letter.new_claim())
    with deliver.Postbox() as postbox:
        deliver.deal_with(letter, postbox, denver(12))
    assert mail.outbox == []


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
    assert letter.reason == "Whom it was for, or the session it followed, is no longer kept."


# --- Planned anew ------------------------------------------------------------------------------


def dues():
    waiting = Letter.objects.filter(state=State.PLANNED).order_by("due_at")
    return list(waiting.values_list("due_at", flat=True))


def test_another_hour_is_followed_by_what_waits(house, planned):
    send_until(denver(12))
    house.page(letter_at=dt.time(18))
    replan(house.ann, now=denver(13))
    assert dues() == [denver(day, 18) for day in (15, 22, 29, 36, 43, 50)]


def test_an_hour_that_a_plan_of_the_house_names_is_kept(house):
    plan = FollowUpPlan.objects.create(name="Noon", is_default=True)
    FollowUpStep.objects.create(plan=plan, days=2, at=dt.time(12))
    FollowUpStep.objects.create(plan=plan, days=9)
    plan_letters(house.session, now=SESSION)
    house.page(letter_at=dt.time(18))
    replan(house.ann, now=SESSION)
    assert dues() == [denver(13, 12), denver(20, 18)]


def test_a_letter_lives_as_long_after_its_new_time(house, planned):
    house.page(letter_at=dt.time(18))
    replan(house.ann, now=SESSION)
    assert letter_at().not_after == denver(13, 6)


def test_what_was_called_off_is_not_brought_back(house, planned):
    decline_letters(house.ann, now=SESSION, why="No.")
    house.page(letter_at=dt.time(18))
    replan(house.ann, now=SESSION)
    assert dues() == []


def test_what_a_guard_moved_keeps_its_time(house, planned):
    house.page(paused_until=denver(14, 12))
    send_until(denver(12))
    for hour in (18, 19):
        house.page(letter_at=dt.time(hour))
        replan(house.ann, now=denver(13))
    assert letter_at().due_at == denver(14, 12)


def test_what_a_sender_holds_is_left_alone(house, planned):
    claimed = deliver.claim_one(denver(12))
    house.page(letter_at=dt.time(18))
    replan(house.ann, now=denver(12))
    letter = letter_at()
    assert (letter.due_at, letter.state, letter.claim) == (denver(12), State.CLAIMED, claimed.claim)


def test_an_hour_that_is_over_today_does_not_cost_the_letter(house, planned):
    house.page(letter_at=dt.time(8))
    replan(house.ann, now=denver(12, 8, 30))
    assert letter_at().due_at == denver(12, 9)


def test_planned_anew_without_a_change_nothing_changes(house, planned):
    before = list(Letter.objects.order_by("pk").values())
    replan(house.ann, now=SESSION)
    assert list(Letter.objects.order_by("pk").values()) == before


# --- Looking ahead -----------------------------------------------------------------------------


def test_what_is_to_come_the_soonest_first(house, planned):
    send_until(denver(12))
    assert [one.place for one in to_come(house.ann, now=denver(12))] == [1, 2, 3, 4, 5, 6]


def test_a_preview_is_what_goes(house, planned):
    house.page(plan=MARKER)
    foreseen = preview(row(), now=SESSION)
    (sent,) = send_until(denver(12))
    assert (foreseen.words.subject, foreseen.words.text) == (sent.subject, sent.body)


def test_a_preview_says_why_then_and_why_this(house, planned):
    seen = preview(row(1), now=SESSION)
    assert (seen.why_then, seen.why_this, seen.held_back) == (
        "4 days after the session, as the plan has it.",
        "They have not begun yet.",
        "",
    )


def test_the_preview_of_a_later_one_has_another_text(house, planned):
    subjects = [preview(row(place), now=SESSION).words.subject for place in range(3)]
    assert len(set(subjects)) == 3


def test_a_preview_says_if_it_would_be_held_back(house, planned):
    house.practise(denver(11, 20), needs_human="pain_rose")
    assert preview(row(), now=denver(11, 21)).held_back.startswith("Held back because of what they told")


def test_all_of_them_at_once_are_what_each_is(house, planned):
    assert previews(house.ann, now=SESSION) == [preview(row(place), now=SESSION) for place in range(7)]


def test_while_one_is_being_sent_the_others_are_foreseen_as_each_is(house, planned):
    deliver.claim_one(denver(12))
    assert previews(house.ann, now=denver(12)) == [preview(row(place), now=denver(12)) for place in range(7)]


def test_all_of_them_at_once_read_what_they_share_once(house, planned, django_assert_max_num_queries):
    with django_assert_max_num_queries(JUDGED_IN + 7 * 5):
        previews(house.ann, now=SESSION)


def test_a_preview_changes_nothing(house, planned):
    before = list(Letter.objects.order_by("pk").values()), list(FollowUp.objects.order_by("pk").values())
    preview(row(4), now=SESSION)
    assert before == (
        list(Letter.objects.order_by("pk").values()),
        list(FollowUp.objects.order_by("pk").values()),
    )


# --- What it costs -----------------------------------------------------------------------------


def test_a_judgement_costs_the_same_after_years(house, planned, django_assert_num_queries):
    for week in range(120):
        house.practise(SESSION - week * 7 * DAY - 4 * DAY)
        house.meet(
            house.ann,
            SESSION - week * 7 * DAY - 5 * DAY,
            state=Appointment.State.COMPLETED,
            booked_at=SESSION - week * 7 * DAY - 6 * DAY,
        )
    letter = deliver.claim_one(denver(12))
    with django_assert_num_queries(JUDGED_IN):
        assert deliver.judgement.judge(letter, denver(12)).fresh


JUDGED_IN = 22


def test_an_exercise_is_written_about_too(house, planned):
    type(house.assignment).objects.update(ended_at=SESSION)
    assign(make_exercise("tilt", title="The small tilt"), house.ann, by=house.tess)
    (sent,) = send_until(denver(12))
    assert "/portal/exercises/tilt/" in sent.body
