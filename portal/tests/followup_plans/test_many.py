"""A plan is changed in a practice with many clients: its effect takes a few queries, or is refused."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from booking.models import Appointment
from portal.followup_plans import effect
from portal.followup_plans.effect import NewSteps, TooManyWaiting, effects, of_plan
from portal.followup_plans.loading import planning_facts
from portal.followups.engine.plan_change import PlanStep
from portal.followups.loading import load_facts
from portal.followups.queue import plan_letters
from portal.models import FollowUpPlan
from portal.tests.followup_plans.test_pages import desk, page_of, posted, said, today
from portal.tests.followups.sample_rows import SESSION, State, denver, scenario, send_until
from practice.consents.actions.letter_preferences import agree_to_letters
from practice.models import Letter
from practice.testing import make_user

__all__ = ["desk", "scenario", "today"]  # fixtures
pytestmark = [
    pytest.mark.django_db,
    pytest.mark.engines("portal.followup_plans.loading", "portal.followup_plans.actions.save"),
]
NOON = denver(12, 12)
NEW = NewSteps(steps=(PlanStep(1), PlanStep(6)), moves={4: 6})


def more_clients(scenario, count, first=0):
    """Clients with a session at the same time as Ann's, whose emails wait."""
    for number in range(first, first + count):
        client = make_user(f"Client {number}", email=f"c{number}@example.com", zone="Europe/Berlin")
        agree_to_letters(client, now=SESSION)
        start = SESSION - dt.timedelta(hours=number + 2)
        done = scenario.meet(client, start, state=Appointment.State.COMPLETED)
        plan_letters(done, now=SESSION)


@pytest.fixture
def plan(scenario):
    made = FollowUpPlan.objects.create(name="Short", is_default=True)
    for days in (1, 4):
        made.steps.create(days=days)
    plan_letters(scenario.session, now=SESSION)
    return made


def test_many_sessions_take_as_many_queries_as_one(scenario, plan):
    with CaptureQueriesContext(connection) as for_one:
        assert len(effects(of_plan(plan), NEW, now=NOON)) == 1
    more_clients(scenario, 7)
    with CaptureQueriesContext(connection) as for_many:
        assert len(effects(of_plan(plan), NEW, now=NOON)) == 8
    assert len(for_many) == len(for_one)


def test_facts_of_many_are_those_of_each(scenario, plan):
    more_clients(scenario, 2)
    assert send_until(denver(12))
    scenario.page(letter_weekdays=[1, 3], paused_until=denver(20))
    scenario.meet(scenario.ann, SESSION + dt.timedelta(days=1), state=Appointment.State.COMPLETED)
    rows = [one[0] for one in effect.sessions_waiting(of_plan(plan), now=NOON)]
    assert len(rows) == 3
    for row, many in zip(rows, planning_facts(rows, now=NOON), strict=True):
        one = load_facts(row.appointment, row.client, steps=(), made_at=row.made_at, now=NOON)
        assert many.plan == one.plan
        names = ("manner", "superseded", "paused_until")
        assert [getattr(many.facts, name) for name in names] == [getattr(one.facts, name) for name in names]
        assert sorted(many.facts.prompts, key=str) == sorted(one.facts.prompts, key=str)
    assert any(many.facts.prompts for many in planning_facts(rows, now=NOON))


def test_where_too_many_wait_nothing_is_changed_and_future_sessions_can_follow(desk, today, monkeypatch):
    monkeypatch.setattr(effect, "MOST_SESSIONS", 0)
    before = list(Letter.objects.filter(state=State.PLANNED).values_list("pk", "due_at"))
    address, rows = page_of(today), [("4", "6"), ("11", "20")]
    with pytest.raises(TooManyWaiting):
        effects(of_plan(today.plan), NEW, now=NOON.replace(year=2027, month=3))
    answer = desk.post(address, posted(*rows))
    assert answer.status_code == 409
    assert "too many to change at once" in said(answer)
    assert "Save for future sessions only" in said(answer)
    assert desk.post(address, posted(*rows, do="apply", mark="x")).status_code == 409
    assert desk.post(address, posted(*rows, do="later")).status_code == 302
    assert [one.days for one in today.plan.steps.order_by("days")] == [6, 20]
    assert list(Letter.objects.filter(state=State.PLANNED).values_list("pk", "due_at")) == before
