"""Which plan a client's emails follow: their own, the one for their pain, or the standard one."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q

from booking.intake import queries as intake_queries
from booking.intake.answers import Unreadable as UnreadableAnswers
from booking.intake.answers import read
from portal.followups.engine.facts import DEFAULT_STEPS, Step
from portal.followups.engine.plan_change import PlanStep
from portal.models import ClientProfile, FollowUpPlan
from practice.models import User
from practice.security.crypto import Unreadable

#: The kind of pain, by what the intake says of since when it is there; all else follows the standard plan.
PAIN = {
    "days": FollowUpPlan.Pain.NEW,
    "weeks": FollowUpPlan.Pain.NEW,
    "years": FollowUpPlan.Pain.LONG,
    "ten_years": FollowUpPlan.Pain.LONG,
}
BUILT_IN = tuple(PlanStep(step.days) for step in DEFAULT_STEPS)


def plan_for(client: User, *, without_own: bool = False) -> FollowUpPlan | None:
    """Return the plan that this client's emails follow unless another is chosen; None: the built-in one.

    `without_own`: as if the client had no plan of their own. Of plans for a kind of pain, the one that fits
    what the client last said before a session.
    """
    theirs = Q() if without_own else Q(client=client)
    shared = Q(client=None) & (Q(is_default=True) | ~Q(pain=""))
    plans = list(FollowUpPlan.objects.filter(shared if without_own else theirs | shared))
    own = next((plan for plan in plans if plan.client_id), None)
    if own:
        return own
    by_pain = {plan.pain: plan for plan in plans if plan.pain}
    chosen = by_pain.get(pain_of(client)) if by_pain else None
    return chosen or next((plan for plan in plans if plan.is_default), None)


def pain_of(client: User) -> str:
    """Return the kind of pain that a plan can be for, by the client's newest intake; "" for any other."""
    try:
        last = intake_queries.last_of(client)
        since = read(last.answers).part("since").get("since", "") if last else ""
    except (Unreadable, UnreadableAnswers):  # its key is lost: the standard plan is right for everyone
        return ""
    return PAIN.get(since, "")


def plan_steps(plan: FollowUpPlan | None) -> tuple[PlanStep, ...]:
    """Return a plan's steps by day, or those of the built-in one."""
    if plan is None:
        return BUILT_IN
    rows = plan.steps.order_by("days", "id")
    return tuple(PlanStep(one.days, one.at, one.stage, tuple(one.variants)) for one in rows)


def for_client(steps: Iterable[PlanStep], client: User) -> tuple[Step, ...]:
    """Return the steps for a client; one without an hour takes the client's own."""
    hour = ClientProfile.objects.of(client).letter_at
    return tuple(step.for_client(hour) for step in steps)


def steps_of(plan: FollowUpPlan | None, client: User) -> tuple[Step, ...]:
    """Return the steps of a plan, or of the one that this client's emails follow anyway."""
    return for_client(plan_steps(plan or plan_for(client)), client)
