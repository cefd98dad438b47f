"""A refusal is a code and what its sentence needs."""

from datetime import datetime

import pytest

from booking.availability.engine.explain import Refusal, of_clock
from booking.tests.engine.sample_practice import DENVER
from practice.core.clock import ClockError, resolve


@pytest.mark.parametrize(
    ("wall", "rule", "candidates"),
    [("2027-03-14 02:30", "nonexistent_time", 2), ("2027-11-07 01:30", "ambiguous_time", 2)],
)
def test_a_wall_time_that_is_not_one_instant_is_refused_by_name(wall, rule, candidates):
    with pytest.raises(ClockError) as caught:
        resolve(datetime.fromisoformat(wall), DENVER)

    refusal = of_clock(caught.value)
    assert (refusal.rule, len(refusal.params["candidates"])) == (rule, candidates)


def test_a_refusal_without_what_its_sentence_needs_cannot_be_made():
    with pytest.raises(TypeError, match="past carries"):
        Refusal("past", {})


def test_a_refusal_with_a_rule_nobody_knows_cannot_be_made():
    with pytest.raises(KeyError):
        Refusal("moonlight", {})


def test_what_a_refusal_carries_stays_as_it_was():
    params = {"notice": 1, "horizon": 2}
    refusal = Refusal("notice_beyond_horizon", params)
    params["notice"] = 3

    assert refusal.params["notice"] == 1
    with pytest.raises(TypeError):
        refusal.params["notice"] = 3
