"""Another hour is wished for: all that waits follows, but what a sender holds."""

import datetime as dt

from portal.followups.queue import plan_letters, replan
from portal.models import FollowUpPlan, FollowUpStep
from portal.tests.followups.rows import (
    SESSION,
    State,
    denver,
    house,
    letter_at,
    planned,
    send_until,
)
from practice.consents.actions.letter_preferences import decline_letters
from practice.core import wall_time
from practice.mail.delivery import deliver
from practice.models import Letter

__all__ = ["house", "planned"]  # fixtures


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


def test_what_a_guard_moved_keeps_its_day_and_follows_the_hour(house, planned):
    house.page(paused_until=denver(13, 12))
    send_until(denver(12))
    assert letter_at().due_at == denver(14)
    for hour in (18, 19):
        house.page(letter_at=dt.time(hour))
        replan(house.ann, now=denver(13))
    assert letter_at().due_at == denver(14, 19)
    assert letter_at().reason.endswith("it goes on Thursday, January 14 at 7:00 PM.")


def test_and_the_weekday(house, planned):
    house.page(paused_until=denver(13, 12))
    send_until(denver(12))
    house.page(letter_weekdays=[4])
    replan(house.ann, now=denver(13))
    assert letter_at().due_at == denver(15)


def test_what_a_sender_holds_is_left_alone(house, planned):
    claimed = deliver.claim_one(denver(12))
    house.page(letter_at=dt.time(18))
    replan(house.ann, now=denver(12))
    letter = letter_at()
    assert (letter.due_at, letter.state, letter.claim) == (denver(12), State.CLAIMED, claimed.claim)


def test_an_hour_that_is_over_today_does_not_cost_the_letter(house, planned):
    house.page(letter_at=dt.time(8))
    replan(house.ann, now=denver(12, 8, 30))
    assert letter_at().due_at == denver(12, 8, 30)  # about eight


def test_one_that_is_long_over_today_is_tomorrows(house, planned):
    for hour, now in ((18, SESSION), (9, denver(12, 12))):
        house.page(letter_at=dt.time(hour))
        replan(house.ann, now=now)
    assert letter_at().due_at == denver(13)


def test_planned_anew_without_a_change_nothing_changes(house, planned):
    before = list(Letter.objects.order_by("pk").values())
    replan(house.ann, now=SESSION)
    assert list(Letter.objects.order_by("pk").values()) == before


def test_the_hour_that_each_waits_for_stands_beside_its_instant_whatever_moves_it(house, planned):
    def hours():
        return [
            wall_time.is_about(one.due_wall, one.due_at) for one in Letter.objects.filter(state=State.PLANNED)
        ]

    assert hours() == [True] * 7
    house.page(letter_at=dt.time(18), paused_until=denver(14, 12))
    replan(house.ann, now=SESSION)
    send_until(denver(12, 19))  # which the pause moves
    assert letter_at().due_at == denver(14, 18)
    assert hours() == [True] * 7
    assert letter_at().due_wall.endswith("[America/Denver]")
