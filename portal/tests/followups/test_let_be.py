"""Letters stopped without an answer, and somebody looked: nobody asks again until something new happened."""

import pytest

from portal.followups.actions import let_be
from portal.followups.engine.facts import Step
from portal.followups.queue import plan_letters
from portal.models import FollowUp
from portal.tests.followups.rows import SESSION, State, denver, house, planned, send_until, stands

pytestmark = pytest.mark.engines

__all__ = ["house", "planned"]  # fixtures


def listed(house):
    """Whether somebody should look at Ann."""
    return FollowUp.objects.filter(client=house.ann, asks_human=True, cleared_at=None).exists()


def test_let_be_stays_let_be_however_many_letters_of_that_plan_fall_due(house, planned):
    for day in (12, 15, 22, 29):
        send_until(denver(day))
    assert listed(house)
    let_be(house.ann, now=denver(30))
    for day in (36, 43, 50):
        send_until(denver(day))
    assert [stands(place)[0] for place in (3, 4, 5, 6)] == [State.CANCELLED] * 4
    assert not listed(house)


def test_let_be_and_practised_again_letters_without_an_answer_are_listed_anew(house):
    steps = [Step(days) for days in (1, 5, 9, 13, 20, 24, 28, 32)]
    plan_letters(house.session, steps=steps, now=SESSION)
    for day in (12, 16, 20, 24):
        send_until(denver(day))
    let_be(house.ann, now=denver(25))
    house.practise(denver(26))
    for day in (31, 35, 39):
        send_until(denver(day))
        assert not listed(house)
    send_until(denver(43))
    assert listed(house)
