"""Which plan a client's emails follow: their own, the one for their pain, or the standard one."""

import pytest

from booking.intake.answers import SINCE, Answers, write
from booking.models import Intake
from portal.followups.choosing import BUILT_IN, plan_for, plan_steps
from portal.followups.queue import plan_letters
from portal.models import FollowUp, FollowUpPlan
from portal.tests.followups.sample_rows import SESSION, scenario

__all__ = ["scenario"]  # a fixture


@pytest.fixture
def plans(scenario):
    """A standard plan and one for each kind of pain."""
    made = {
        "": FollowUpPlan.objects.create(name="Standard", is_default=True),
        **{pain: FollowUpPlan.objects.create(name=pain, pain=pain) for pain in ("new", "long")},
    }
    for days, plan in enumerate(made.values(), start=3):
        plan.steps.create(days=days)
    return made


def intake_of(client, since):
    answers = Answers(parts={"since": {"since": since, "how": "Slowly."}})
    return Intake.objects.create(client=client, answers=write(answers), handed_in_at=SESSION)


@pytest.mark.parametrize(
    ("since", "pain"),
    [
        *(("days", "new"), ("weeks", "new"), ("months", ""), ("year", "")),
        *(("years", "long"), ("ten_years", "long"), ("", ""), ("for ever", "")),
    ],
)
def test_the_intake_decides(scenario, plans, since, pain):
    intake_of(scenario.ann, since)
    assert plan_for(scenario.ann) == plans[pain]


def test_every_answer_of_the_intake_was_thought_of():
    assert SINCE == ("days", "weeks", "months", "year", "years", "ten_years")


def test_without_an_intake_it_is_the_standard_plan_and_without_any_plan_the_built_in_one(scenario, plans):
    assert plan_for(scenario.ann) == plans[""]
    FollowUpPlan.objects.all().delete()
    assert plan_steps(plan_for(scenario.ann)) == BUILT_IN


def test_an_intake_that_cannot_be_read_does_not_keep_emails_from_being_planned(scenario, plans):
    Intake.objects.create(client=scenario.ann, answers="{broken", handed_in_at=SESSION)
    assert plan_for(scenario.ann) == plans[""]


def test_their_own_plan_comes_before_all_others_and_is_no_other_clients(scenario, plans, django_user_model):
    intake_of(scenario.ann, "years")
    own = FollowUpPlan.objects.create(name="", client=scenario.ann)
    other = django_user_model.objects.create_user(name="Ben", email="ben@example.com")
    assert (plan_for(scenario.ann), plan_for(other)) == (own, plans[""])
    assert plan_for(scenario.ann, without_own=True) == plans["long"]


def test_a_session_is_planned_by_it_and_its_rows_say_so(scenario, plans):
    intake_of(scenario.ann, "days")
    plan_letters(scenario.session, now=SESSION)
    assert list(FollowUp.objects.values_list("plan", "days")) == [(plans["new"].pk, 4)]


def test_a_plan_chosen_at_the_wrap_up_comes_first(scenario, plans):
    intake_of(scenario.ann, "days")
    plan_letters(scenario.session, plan=plans["long"], now=SESSION)
    assert list(FollowUp.objects.values_list("plan", "days")) == [(plans["long"].pk, 5)]


def test_plans_of_no_pain_cost_no_look_at_the_intake(scenario, django_assert_num_queries):
    FollowUpPlan.objects.create(name="Standard", is_default=True)
    with django_assert_num_queries(1):
        plan_for(scenario.ann)
