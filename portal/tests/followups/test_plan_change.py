"""What a changed plan makes of the emails of one session, as values."""

import datetime as dt

import pytest

from portal.followups.engine.facts import Step
from portal.followups.engine.plan_change import Effect, PlanStep, StepRow, StepsError, changes_of, fault_of
from portal.tests.followups.sample_facts import PLAN, ann, denver

NOW = denver(12, 12)  # the day after: the first email is gone


def waiting(day, days, **fields):
    return StepRow(step=Step(days), due_at=denver(day), **fields)


ROWS = (StepRow(step=Step(1)), waiting(15, 4), waiting(22, 11))


def changed(*steps, rows=ROWS, moves=None, now=NOW):
    found = changes_of(PLAN, ann(), rows, steps=steps, moves=moves or {}, now=now)
    return [(one.effect, one.row, one.after) for one in found if one.effect is not Effect.NONE]


def test_the_same_steps_change_nothing():
    assert changed(Step(1), Step(4), Step(11)) == []


def test_a_step_that_moves_takes_its_email_along():
    assert changed(Step(1), Step(4), Step(14), moves={11: 14}) == [(Effect.MOVED, 2, denver(25))]


def test_one_that_is_dropped_is_canceled_and_one_that_is_added_is_new():
    found = changed(Step(1), Step(4), Step(20))
    assert sorted(found, key=str) == [(Effect.CANCELED, 2, None), (Effect.NEW, None, denver(31))]


def test_a_new_step_a_few_days_from_one_that_is_gone_is_the_same_email_moved():
    found = changed(Step(1), Step(6), Step(13), Step(20))
    assert found == [
        (Effect.MOVED, 1, denver(17)),
        (Effect.MOVED, 2, denver(24)),
        (Effect.NEW, None, denver(31)),
    ]


def test_what_was_sent_does_not_come_again_whatever_day_its_step_moves_to():
    assert changed(Step(4), Step(11), Step(30), moves={1: 30}) == []


def test_a_step_on_a_day_that_has_passed_brings_no_email():
    rows = (StepRow(step=Step(4)), waiting(22, 11))
    assert changed(Step(1), Step(4), Step(11), rows=rows) == []


def test_a_step_that_an_earlier_change_dropped_may_come_back():
    rows = (waiting(15, 4), StepRow(step=Step(11), dropped=True))
    assert changed(Step(4), Step(11), rows=rows) == [(Effect.NEW, None, denver(22))]


def test_one_that_a_guard_moved_keeps_its_day_unless_its_step_moves():
    rows = (StepRow(step=Step(1)), waiting(18, 4, was_moved=True))
    assert changed(Step(1), Step(4), rows=rows) == []
    assert changed(Step(1), Step(9), rows=rows, moves={4: 9}) == [(Effect.MOVED, 1, denver(20))]


def test_other_texts_alone_are_told_as_well():
    assert changed(Step(1), Step(4, stage="assigned"), Step(11)) == [(Effect.TEXT, 1, denver(15))]


def test_the_distances_of_the_guards_hold_between_changed_emails():
    after = [due for effect, _row, due in changed(Step(1), Step(4), Step(5), Step(11)) if due]
    assert denver(16) not in after
    assert denver(18) in after


@pytest.mark.parametrize(
    ("days", "fault"),
    [
        ((), (StepsError.NONE, 0)),
        ((4, 1, 4), (StepsError.SAME_DAY, 4)),
        ((1, 400), (StepsError.OUTSIDE, 400)),
        ((0,), (StepsError.OUTSIDE, 0)),
        (tuple(range(1, 401)), (StepsError.TOO_MANY, 400)),
        ((1, 42), None),
    ],
)
def test_no_step_four_hundred_or_two_on_a_day_are_faults(days, fault):
    assert fault_of(days) == fault


def test_a_step_without_an_hour_takes_the_clients():
    assert PlanStep(4).for_client(dt.time(18)) == Step(4, dt.time(18))
