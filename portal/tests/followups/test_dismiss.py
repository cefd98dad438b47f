"""Letters stopped without an answer, and somebody looked: nobody asks again until something new happened."""

import pytest

from portal.followups.actions import dismiss
from portal.followups.engine.facts import Step
from portal.followups.queue import plan_letters
from portal.models import FollowUp
from portal.tests.followups.sample_rows import (
    SESSION,
    State,
    denver,
    planned,
    scenario,
    send_until,
    state_and_reason,
)

pytestmark = pytest.mark.engines

__all__ = ["planned", "scenario"]  # fixtures


def listed(scenario):
    """Whether somebody should look at Ann."""
    return FollowUp.objects.filter(client=scenario.ann, asks_human=True, cleared_at=None).exists()


def test_let_be_stays_let_be_however_many_emails_of_that_plan_fall_due(scenario, planned):
    for day in (12, 15, 22, 29):
        send_until(denver(day))
    assert listed(scenario)
    dismiss(scenario.ann, now=denver(30))
    for day in (36, 43, 50):
        send_until(denver(day))
    assert [state_and_reason(place)[0] for place in (3, 4, 5, 6)] == [State.CANCELLED] * 4
    assert not listed(scenario)


def test_let_be_and_practiced_again_emails_without_an_answer_are_listed_again(scenario):
    steps = [Step(days) for days in (1, 5, 9, 13, 20, 24, 28, 32)]
    plan_letters(scenario.session, steps=steps, now=SESSION)
    for day in (12, 16, 20, 24):
        send_until(denver(day))
    dismiss(scenario.ann, now=denver(25))
    scenario.practise(denver(26))
    for day in (31, 35, 39):
        send_until(denver(day))
        assert not listed(scenario)
    send_until(denver(43))
    assert listed(scenario)
