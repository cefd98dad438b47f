"""The three plans that a practice starts with: the standard one, one for new pain, one for pain of years.

Each begins the next day and stays within two emails in a week. New pain often eases within weeks (Pengel
2003), so its plan is dense at first and ends early. With pain of many years, doing something at home is what
is hard (Jack 2010), so its plan is slower and stays with the texts of a beginning for longer.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portal.followup_plans.actions.save import lock_choice
from portal.followups.choosing import BUILT_IN
from portal.followups.engine.plan_change import PlanStep
from portal.followups.engine.stages import Stage
from portal.models import FollowUpPlan, FollowUpStep

Pain = FollowUpPlan.Pain


@dataclass(frozen=True, kw_only=True)
class ShippedPlan:
    """A plan as the product has it. `pain`: for which it is chosen by itself; "": the standard plan."""

    name: str | Promise
    pain: str
    steps: tuple[PlanStep, ...]


SHIPPED = (
    ShippedPlan(name=_("Standard"), pain="", steps=BUILT_IN),
    ShippedPlan(
        name=_("New pain"), pain=Pain.NEW, steps=tuple(PlanStep(days) for days in (1, 4, 9, 14, 21, 28))
    ),
    ShippedPlan(
        name=_("Pain for years"),
        pain=Pain.LONG,
        steps=(
            *(PlanStep(days, stage=Stage.ASSIGNED) for days in (1, 6, 13)),
            *(PlanStep(days) for days in (20, 27, 34, 41)),
        ),
    ),
)


def missing() -> list[ShippedPlan]:
    """Return the shipped plans in whose place the practice has none."""
    places = set(FollowUpPlan.objects.shared().values_list("is_default", "pain"))
    has_standard = any(is_default for is_default, _pain in places)
    pains = {pain for _is_default, pain in places}
    return [one for one in SHIPPED if (one.pain not in pains if one.pain else not has_standard)]


@transaction.atomic
def add_missing() -> int:
    """Add the shipped plans in whose place the practice has none, and return how many."""
    lock_choice()
    found = missing()
    for one in found:
        plan = FollowUpPlan.objects.create(name=str(one.name), pain=one.pain, is_default=not one.pain)
        FollowUpStep.objects.bulk_create(
            FollowUpStep(plan=plan, days=step.days, at=step.at, stage=step.stage, variants=[])
            for step in one.steps
        )
    return len(found)


def add_plans(now: dt.datetime) -> None:
    """Give a new practice the shipped plans."""
    add_missing()
