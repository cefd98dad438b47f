"""Another hour is wished for: all that waits follows, but what a sender holds."""

import datetime as dt

from portal.followups.queue import plan_letters, replan
from portal.models import FollowUpPlan, FollowUpStep
from portal.tests.followups.sample_rows import (
    SESSION,
    State,
    denver,
    letter_at,
    planned,
    scenario,
    send_until,
)
from practice.consents.actions.letter_preferences import decline_letters
from practice.core import wall_time
from practice.mail.delivery import deliver
from practice.models import Letter

__all__ = ["planned", "scenario"]  # fixtures


def dues():
    waiting = Letter.objects.filter(state=State.PLANNED).order_by("due_at")
    return list(waiting.values_list("due_at", flat=True))


def test_another_hour_is_followed_by_what_waits(scenario, planned):
    send_until(denver(12))
    scenario.page(letter_at=dt.time(18))
    replan(scenario.ann, now=denver(13))
    assert dues() == [denver(day, 18) for day in (15, 22, 29, 36, 43, 50)]


def test_an_hour_that_a_plan_of_the_practice_names_is_kept(scenario):
    plan = FollowUpPlan.objects.create(name="Noon", is_default=True)
    FollowUpStep.objects.create(plan=plan, days=2, at=dt.time(12))
    FollowUpStep.objects.create(plan=plan, days=9)
    plan_letters(scenario.session, now=SESSION)
    scenario.page(letter_at=dt.time(18))
    replan(scenario.ann, now=SESSION)
    assert dues() == [denver(13, 12), denver(20, 18)]


def test_an_email_lives_as_long_after_its_new_time(scenario, planned):
    scenario.page(letter_at=dt.time(18))
    replan(scenario.ann, now=SESSION)
    assert letter_at().not_after == denver(13, 6)


def test_what_was_called_off_is_not_brought_back(scenario, planned):
    decline_letters(scenario.ann, now=SESSION, why="No.")
    scenario.page(letter_at=dt.time(18))
    replan(scenario.ann, now=SESSION)
    assert dues() == []


def test_what_a_guard_moved_keeps_its_day_and_follows_the_hour(scenario, planned):
    scenario.page(paused_until=denver(13, 12))
    send_until(denver(12))
    assert letter_at().due_at == denver(14)
    for hour in (18, 19):
        scenario.page(letter_at=dt.time(hour))
        replan(scenario.ann, now=denver(13))
    assert letter_at().due_at == denver(14, 19)
    assert letter_at().reason.endswith("it goes on Thursday, January 14 at 7:00 PM.")


def test_and_the_weekday(scenario, planned):
    scenario.page(paused_until=denver(13, 12))
    send_until(denver(12))
    scenario.page(letter_weekdays=[4])
    replan(scenario.ann, now=denver(13))
    assert letter_at().due_at == denver(15)


def test_what_a_sender_holds_is_left_alone(scenario, planned):
    claimed = deliver.claim_one(denver(12))
    scenario.page(letter_at=dt.time(18))
    replan(scenario.ann, now=denver(12))
    letter = letter_at()
    assert (letter.due_at, letter.state, letter.claim) == (denver(12), State.CLAIMED, claimed.claim)


def test_an_hour_that_is_over_today_does_not_cost_the_email(scenario, planned):
    scenario.page(letter_at=dt.time(8))
    replan(scenario.ann, now=denver(12, 8, 30))
    assert letter_at().due_at == denver(12, 8, 30)  # about eight


def test_one_that_is_long_over_today_is_tomorrows(scenario, planned):
    for hour, now in ((18, SESSION), (9, denver(12, 12))):
        scenario.page(letter_at=dt.time(hour))
        replan(scenario.ann, now=now)
    assert letter_at().due_at == denver(13)


def test_planned_again_without_a_change_nothing_changes(scenario, planned):
    before = list(Letter.objects.order_by("pk").values())
    replan(scenario.ann, now=SESSION)
    assert list(Letter.objects.order_by("pk").values()) == before


def test_the_hour_that_each_waits_for_is_beside_its_instant_whatever_moves_it(scenario, planned):
    def hours():
        return [
            wall_time.names_instant(one.due_wall, one.due_at)
            for one in Letter.objects.filter(state=State.PLANNED)
        ]

    assert hours() == [True] * 7
    scenario.page(letter_at=dt.time(18), paused_until=denver(14, 12))
    replan(scenario.ann, now=SESSION)
    send_until(denver(12, 19))  # which the pause moves
    assert letter_at().due_at == denver(14, 18)
    assert hours() == [True] * 7
    assert letter_at().due_wall.endswith("[America/Denver]")
