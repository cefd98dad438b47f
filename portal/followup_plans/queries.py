"""The practice's plans with their days, what waits of them, and the steps of a client's emails."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from portal.followup_plans.effect import of_client, of_plan, sessions_waiting, waits, was_dropped
from portal.followup_plans.wording import days_in_words
from portal.followups.choosing import plan_for, plan_steps
from portal.followups.engine.plan_change import PlanStep
from portal.models import ClientProfile, FollowUp, FollowUpPlan
from practice.models import Letter, User


@dataclass(frozen=True)
class ListedPlan:
    """A plan as the list shows it."""

    plan: FollowUpPlan
    days: str


def plans_listed() -> list[ListedPlan]:
    """Return the practice's plans, the standard one first."""
    found = FollowUpPlan.objects.shared().prefetch_related("steps").order_by("-is_default", "-pain", "name")
    return [
        ListedPlan(one, days_in_words([PlanStep(step.days) for step in one.steps.all()])) for one in found
    ]


def waiting_count(plan: FollowUpPlan, *, now: dt.datetime) -> int:
    """Return how many emails of a plan wait."""
    return FollowUp.objects.filter(
        of_plan(plan), letter__state=Letter.State.PLANNED, letter__due_at__gt=now
    ).count()


def waiting_by_day(client: User, *, now: dt.datetime) -> dict[int, dt.datetime]:
    """Return when each of a client's emails is due that waits, by the days of its step."""
    rows = [one for session in sessions_waiting(of_client(client), now=now) for one in session]
    return {
        one.days: one.letter.due_at for one in rows if waits(one, now) and one.letter and one.letter.due_at
    }


def steps_to_edit(client: User, *, now: dt.datetime) -> Sequence[PlanStep]:
    """Return the steps from which editing a client's emails begins.

    Their own plan; else the steps of the session after which emails wait, as those were planned; else the
    plan that they would have.
    """
    own = FollowUpPlan.objects.filter(client=client).first()
    sessions = [] if own else sessions_waiting(of_client(client), now=now)
    if not sessions:
        return plan_steps(own or plan_for(client))
    hour, latest = ClientProfile.objects.of(client).letter_at, sessions[-1]
    rows = {one.days: one.step for one in latest if not was_dropped(one)}
    return [
        PlanStep(days, None if step.at == hour else step.at, step.stage, step.variants)
        for days, step in sorted(rows.items())
    ]
