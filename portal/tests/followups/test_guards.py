"""What holds a letter back at the moment of sending, and what becomes of it."""

import datetime as dt
import re
from dataclasses import replace
from itertools import pairwise

import pytest

from portal.followups.engine.facts import Plan, last_date, last_practice, pain_open_since, unanswered
from portal.followups.engine.guards import SendNow, decide
from portal.followups.engine.reasons import Reason
from portal.tests.followups.sample_facts import (
    FIRST,
    NEW_YORK,
    PLAN,
    SECOND,
    SESSION,
    TOKYO,
    ann,
    answer,
    denver,
    letter,
    on,
    practice,
)

THREE = (letter(12), letter(15), letter(22))
# Each guard with what makes it refuse on Friday, January 29, 9 AM; in the documented order.
REFUSING = {
    "inactive": {"active": False},
    "bounced": {"bounced": True},
    "no_consent": {"consent": False},
    "assignment_ended": {"assignments": ()},
    "pain_rose": {"practices": (practice(14, pain_before=3, pain_after=6),)},
    "no_answer": {"prompts": THREE, "practices": ()},
    "practised": {"practices": (practice(28),)},
    "session_near": {"next_session": denver(29, 15)},
    "just_booked": {"bookings": (denver(28, 20),)},
    "paused": {"paused_until": denver(31, 12)},
    "quiet_hours": {"quiet_from": dt.time(8), "quiet_until": dt.time(10)},
    "weekday": {"weekdays": frozenset({0})},
    "spacing": {"prompts": (letter(28, 8),)},
}
CANCELLED = {
    "inactive",
    "bounced",
    "no_consent",
    "assignment_ended",
    "pain_rose",
    "no_answer",
    "session_near",
}


def test_nothing_against_it_it_goes():
    assert on(29) == SendNow("first", "quiet", "quiet-a")


@pytest.mark.parametrize("code", REFUSING)
def test_each_guard_refuses_with_its_own_reason(code):
    assert on(29, facts=ann(**REFUSING[code])).reason.code == code


@pytest.mark.parametrize("code", REFUSING)
def test_a_refusal_cancels_or_moves_as_documented(code):
    verdict = on(29, facts=ann(**REFUSING[code]))
    assert (verdict.outcome == "cancelled", verdict.due_at is None) == (code in CANCELLED, code in CANCELLED)


SAID = {
    "pain_rose": {"at": denver(14)},
    "no_answer": {"count": 3, "since": SESSION},
    "practised": {"at": denver(28), "due": denver(31)},
    "session_near": {"starts": denver(29, 15)},
    "just_booked": {"at": denver(28, 20), "due": denver(30)},
    "paused": {"until": denver(31, 12), "due": denver(32)},
    "quiet_hours": {"begins": dt.time(8), "ends": dt.time(10), "due": denver(29, 10)},
    "weekday": {"weekday": 4, "due": denver(32)},
    "spacing": {"at": denver(28, 8), "due": denver(31)},
}


@pytest.mark.parametrize("code", REFUSING)
def test_a_refusal_says_since_when_and_until_when(code):
    assert on(29, facts=ann(**REFUSING[code])).reason.params == SAID.get(code, {})


@pytest.mark.parametrize("code", REFUSING)
def test_only_whom_nobody_answers_anymore_is_listed(code):
    assert on(29, facts=ann(**REFUSING[code])).list_client is (code == "no_answer")


# Practice is an answer: "practised" and "no answer" never meet.
NEIGHBOURS = [pair for pair in pairwise(REFUSING) if pair != ("no_answer", "practised")]
BOTH = {
    ("pain_rose", "no_answer"): {
        "practices": (practice(11, 23, pain_before=3, pain_after=6),),
        "prompts": THREE,
    }
}


@pytest.mark.parametrize("pair", NEIGHBOURS, ids="-".join)
def test_of_two_guards_the_first_decides(pair):
    earlier, later = pair
    facts = ann(**BOTH.get(pair, {**REFUSING[later], **REFUSING[earlier]}))
    assert on(29, facts=facts).reason.code == earlier


# Cases: letters.
@pytest.mark.parametrize(
    ("now", "facts", "expected"),
    [
        # Unsubscribed one second before.
        ((15, 9), ann(consent=False), ("cancelled", "no_consent", None)),
        # Practised 10 minutes ago; playing now.
        ((15, 9), ann(practices=(practice(15, 8, 50),)), ("moved", "practised", denver(18))),
        ((15, 9), ann(practices=(practice(15, 8, 51),)), ("moved", "playing", denver(18))),
        (
            (15, 9),
            ann(practices=(practice(15, 8, 51, finished=True),)),
            ("moved", "practised", denver(18)),
        ),
        # Three days later to the minute it goes; a minute before it does not.
        ((15, 9), ann(practices=(practice(12, 9),)), "sent"),
        ((15, 9), ann(practices=(practice(12, 9, 1),)), ("moved", "practised", denver(15, 9, 1))),
        # Practised in the evening: three days later is past her hour, so at that hour of the day after.
        ((15, 9), ann(practices=(practice(14, 21),)), ("moved", "practised", denver(18))),
        # Booked: 24 hours.
        ((15, 9), ann(bookings=(denver(14, 10),)), ("moved", "just_booked", denver(15, 10))),
        ((15, 9), ann(bookings=(denver(14, 9),)), "sent"),
        # A session within 24 hours; and one that began and has not been wrapped up yet.
        ((15, 9), ann(next_session=denver(16, 9)), ("cancelled", "session_near", None)),
        ((15, 9), ann(next_session=denver(16, 9, 1)), "sent"),
        ((15, 9), ann(next_session=denver(14, 17)), ("cancelled", "session_near", None)),
        ((15, 9), ann(next_session=denver(14, 15)), "sent"),
        # Paused: her hour, the first time after the pause.
        ((15, 9), ann(paused_until=denver(20)), ("moved", "paused", denver(20))),
        ((15, 9), ann(paused_until=denver(20, 12)), ("moved", "paused", denver(21))),
        ((15, 9), ann(paused_until=denver(20, 23)), ("moved", "paused", denver(21))),
        ((15, 9), ann(paused_until=denver(15, 9)), "sent"),
        # Not sooner than 18 hours after the session, which ended at 2 PM on the 11th.
        ((12, 8, 0), ann(), "sent"),
        ((12, 7, 59), ann(quiet_until=dt.time(7)), ("moved", "too_soon", denver(12))),
        # Quiet from 9 PM: due 8:59, the worker is free at 9:05.
        ((15, 20, 59), ann(quiet_from=dt.time(21)), "sent"),
        ((15, 21, 5), ann(quiet_from=dt.time(21)), ("moved", "quiet_hours", denver(16))),
        ((16, 7, 59), ann(), ("moved", "quiet_hours", denver(16))),
        ((16, 8, 0), ann(), "sent"),
        ((16, 3, 0), ann(quiet_from=dt.time(8)), "sent"),  # from 8 until 8: never quiet
        # Friday the 15th; Mondays and Wednesdays preferred.
        ((15, 9), ann(weekdays=frozenset({0, 2})), ("moved", "weekday", denver(18))),
        # A day of the week only, the pause over just after it: the same day a week later.
        (
            (18, 9),
            ann(weekdays=frozenset({0}), paused_until=denver(18, 20)),
            ("moved", "paused", denver(25)),
        ),
        # One in 24 hours, over all kinds: three due in one hour are one.
        ((15, 9), ann(prompts=(letter(15, 8, kind="free_lesson"),)), ("moved", "cap_day", denver(16))),
        ((15, 9), ann(prompts=(letter(14, 9, kind="free_lesson"),)), "sent"),
        # Two in seven days, over all kinds.
        (
            (15, 9),
            ann(prompts=(letter(9, 10, kind="free_lesson"), letter(12, 9))),
            ("moved", "cap_week", denver(16, 10)),
        ),
        ((16, 10), ann(prompts=(letter(9, 10, kind="free_lesson"), letter(12, 9))), "sent"),
        # Three days after the last follow-up.
        ((14, 9), ann(prompts=(letter(12, 9),)), ("moved", "spacing", denver(15, 9))),
        ((15, 9), ann(prompts=(letter(12, 9),)), "sent"),
        # Pain: a rise of two, or their word; a rise of one is error of measurement.
        (
            (19, 9),
            ann(practices=(practice(14, pain_before=3, pain_after=5),)),
            ("cancelled", "pain_rose", None),
        ),
        ((19, 9), ann(practices=(practice(14, worse=True),)), ("cancelled", "pain_rose", None)),
        ((19, 9), ann(practices=(practice(14, pain_before=3, pain_after=4),)), "sent"),
        ((19, 9), ann(practices=(practice(14, pain_before=0, pain_after=None),)), "sent"),
        # Cleared by the practitioner; and risen again since.
        ((19, 9), ann(practices=(practice(14, worse=True),), pain_cleared_at=denver(15)), "sent"),
        ((19, 9), ann(practices=(practice(14, worse=True),), pain_cleared_at=denver(14)), "sent"),
        (
            (19, 9),
            ann(practices=(practice(14, worse=True),), pain_cleared_at=denver(13)),
            ("cancelled", "pain_rose", None),
        ),
        # Superseded by the next wrap-up; over after week 6 (22 February is its last day).
        ((15, 9), ann(superseded=True), ("cancelled", "superseded", None)),
        ((53, 9), ann(), "sent"),
        ((53, 19), ann(), "sent"),  # 23 February in London
        ((54, 9), ann(), ("cancelled", "plan_over", None)),
    ],
)
def test_case(now, facts, expected):
    assert answer(on(*now, facts=facts)) == expected


# Case 15: the hour that a client chose is not lost by practising. Her letters come at seven.
@pytest.mark.parametrize(
    ("practised", "due"),
    [
        ((13, 6, 40), denver(16, 19)),
        ((13, 21, 30), denver(17, 19)),
        ((14, 12, 5), denver(17, 19)),
        ((14, 19, 20), denver(17, 19, 20)),  # just after seven is still about seven
        ((14, 20, 1), denver(18, 19)),
    ],
)
def test_whatever_moves_it_it_goes_at_the_hour_she_chose(practised, due):
    plan = replace(PLAN, steps=tuple(replace(step, at=dt.time(19)) for step in PLAN.steps))
    verdict = decide(plan, SECOND, ann(practices=(practice(*practised),)), now=denver(15, 19))
    assert verdict.due_at == due


@pytest.mark.parametrize(
    "answered",
    [
        {"practices": (practice(23),)},
        {"questions": (denver(23),)},
        {"bookings": (denver(23),)},
        {"ticks": (denver(23),)},
    ],
)
def test_any_answer_lets_the_emails_continue(answered):
    assert answer(on(29, facts=ann(prompts=THREE, **answered))) == "sent"


def test_an_answer_before_the_emails_is_none_to_them():
    facts = ann(prompts=THREE, questions=(denver(12, 8),))
    assert on(29, facts=facts).reason.code == "no_answer"


def test_after_three_without_an_answer_the_client_is_listed():
    assert on(29, facts=ann(prompts=THREE)).list_client


def test_another_kind_of_email_is_not_one_of_the_three():
    facts = ann(prompts=(*THREE[:2], letter(22, kind="free_lesson")))
    assert answer(on(29, facts=facts)) == "sent"


def test_a_question_about_usefulness_without_an_answer_is_the_last_email():
    verdict = on(30, facts=ann(prompts=(letter(25, stage="quiet"),)))
    assert (verdict.reason.code, verdict.list_client) == ("silence", True)


def test_unanswered_emails_of_the_plan_before_do_not_count():
    before = tuple(letter(day, plan="ann-0") for day in (1, 4, 8))
    assert answer(on(12, step=FIRST, facts=ann(prompts=before))) == "sent"


def test_a_practice_before_the_session_does_not_put_off_the_first_email():
    assert answer(on(12, step=FIRST, facts=ann(practices=(practice(11, 8),)))) == "sent"


def test_the_same_step_never_goes_twice():
    facts = ann(prompts=(letter(15, step=SECOND),))
    assert answer(on(29, facts=facts)) == ("cancelled", "already_sent", None)


def test_not_even_after_a_move_to_another_zone():
    facts = ann(prompts=(letter(15, step=SECOND),), zone=TOKYO)
    assert on(29, facts=facts).reason.code == "already_sent"


def test_moved_to_tokyo_after_planning_it_is_judged_by_the_clocks_there():
    assert answer(on(15, 9, facts=ann(zone=TOKYO))) == ("moved", "quiet_hours", denver(15, 17))


def test_moved_as_far_as_the_next_email_it_is_called_off():
    verdict = on(15, facts=ann(practices=(practice(15, 8),)), following=denver(18, 8))
    assert (verdict.outcome, verdict.reason.code) == ("cancelled", "overtaken")
    assert verdict.reason.params["because"].code == "practised"


def test_moved_beyond_week_6_it_is_called_off():
    facts = ann(paused_until=denver(31 + 23))
    assert answer(on(29, facts=facts)) == ("cancelled", "moved_past_end", None)


def test_quiet_hours_in_the_night_the_clocks_go_forward():
    facts = ann(zone=NEW_YORK)
    night = dt.datetime(2027, 3, 14, 6, 30, tzinfo=dt.UTC)  # 1:30 AM, half an hour before the gap
    plan = Plan(key="n", session_ended_at=night - dt.timedelta(days=4), made_at=night)
    assert decide(plan, 1, facts, now=night).due_at == dt.datetime(2027, 3, 14, 13, tzinfo=dt.UTC)


def test_an_email_that_went_is_named_with_when():
    facts = ann(prompts=(letter(15, step=SECOND),))
    assert on(29, facts=facts).reason.params == {"at": denver(15)}


def test_a_question_about_usefulness_is_named_with_when_it_was_asked():
    facts = ann(prompts=(letter(25, stage="quiet"),))
    assert on(30, facts=facts).reason.params == {"at": denver(25)}


def test_a_plan_that_is_over_says_its_last_day():
    assert on(54).reason.params == {"last": dt.date(2027, 2, 22)}


def test_a_move_that_leads_too_far_says_what_moved_it_and_how_far_it_might_have_gone():
    beyond = on(29, facts=ann(paused_until=denver(31 + 23))).reason
    onto = on(15, facts=ann(practices=(practice(15, 8),)), following=denver(18, 8)).reason
    assert (beyond.params["because"].code, beyond.params["last"]) == ("paused", dt.date(2027, 2, 22))
    assert onto.params["next"] == denver(18, 8)


@pytest.mark.parametrize("hour", [9, 19])  # at seven in the evening it is tomorrow in London
def test_a_move_to_the_last_day_of_week_6_is_allowed(hour):
    plan = replace(PLAN, steps=tuple(replace(step, at=dt.time(hour)) for step in PLAN.steps))
    verdict = decide(plan, SECOND, ann(paused_until=denver(53, hour)), now=denver(29))
    assert answer(verdict) == ("moved", "paused", denver(53, hour))


def test_a_move_to_just_before_the_next_email_is_allowed():
    facts = ann(practices=(practice(15, 8),))
    assert answer(on(15, facts=facts, following=denver(18, 9, 1))) == ("moved", "practised", denver(18))


# A session over at 7 PM in Denver ended on the next day in London.
EVENING = replace(PLAN, session_ended_at=denver(11, 19), made_at=denver(11, 19))


def test_six_weeks_are_counted_on_the_clients_calendar():
    assert last_date(EVENING, ann().manner.zone) == dt.date(2027, 2, 22)
    assert answer(decide(EVENING, SECOND, ann(), now=denver(54)))[1] == "plan_over"
    beyond = ann(paused_until=denver(54))
    assert answer(decide(EVENING, SECOND, beyond, now=denver(29)))[1] == "moved_past_end"


def test_a_weekday_is_the_one_on_the_clients_clock():
    facts = ann(weekdays=frozenset({0}))
    assert on(15, 19, facts=facts).reason.params["weekday"] == 4  # Saturday in London


def test_an_email_of_the_same_instant_as_an_answer_is_answered():
    assert unanswered(PLAN, ann(prompts=(letter(12),), ticks=(denver(12),))) == []


def test_what_was_practiced_until_the_session_ended_belongs_to_before_it():
    assert last_practice(PLAN, ann(practices=(practice(11, 14),))) is None


def test_pain_that_never_rose_is_not_open():
    assert pain_open_since(ann(practices=(practice(14),), pain_cleared_at=denver(13))) is None


def test_a_reason_without_what_its_sentence_needs_cannot_be_made():
    words = "spacing carries ('at', 'due'), not ('at',)"
    with pytest.raises(TypeError, match=f"^{re.escape(words)}$"):
        Reason("spacing", {"at": 1})


def test_what_a_reason_carries_stays_as_it_was():
    params = {"at": 1}
    reason = Reason("silence", params)
    params["at"] = 2
    assert reason.params == {"at": 1}
    with pytest.raises(TypeError):
        reason.params["at"] = 2


@pytest.mark.parametrize(
    ("told", "rose"),
    [
        ({"pain_after": 3}, False),
        ({"pain_before": 3}, False),
        ({"pain_before": 0, "pain_after": 1}, False),
        ({"pain_before": 0, "pain_after": 2}, True),
    ],
)
def test_pain_rose_by_two_or_more_where_both_numbers_were_told(told, rose):
    assert practice(14, **told).pain_rose is rose
