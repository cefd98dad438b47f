"""Copy a plan, make it the standard one, or delete it."""

from __future__ import annotations

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from portal.followup_plans.actions.save import lock_choice, write_steps
from portal.followups.choosing import BUILT_IN, plan_steps
from portal.models import FollowUp, FollowUpPlan

NAME_LONGEST = 80


@transaction.atomic
def copy_plan(plan: FollowUpPlan) -> FollowUpPlan:
    """Return a copy of a plan, which is used only where somebody chooses it."""
    name = _("%(name)s, copy") % {"name": plan.name[: NAME_LONGEST - 20]}
    made: FollowUpPlan = FollowUpPlan.objects.create(name=name[:NAME_LONGEST])
    write_steps(made, plan_steps(plan))
    return made


@transaction.atomic
def begin_plan(name: str) -> FollowUpPlan:
    """Return a new plan of this name, with the built-in steps to begin from."""
    made: FollowUpPlan = FollowUpPlan.objects.create(name=name)
    write_steps(made, BUILT_IN)
    return made


@transaction.atomic
def make_standard(plan: FollowUpPlan) -> bool:
    """Make this the standard plan from now on; return whether it is still there.

    Emails that wait stay as they are. Those that came of no plan are given the standard plan of before, so
    that they stay its own.
    """
    lock_choice()
    if not FollowUpPlan.objects.shared().select_for_update(no_key=True).filter(pk=plan.pk).exists():
        return False  # deleted in the meantime: the standard plan of before stays
    before = FollowUpPlan.objects.filter(is_default=True).first()
    if before and before.pk != plan.pk:
        FollowUp.objects.filter(plan=None).update(plan=before)
        FollowUpPlan.objects.filter(pk=before.pk).update(is_default=False, version=F("version") + 1)
    FollowUpPlan.objects.filter(pk=plan.pk).update(is_default=True, version=F("version") + 1)
    return True


def delete_plan(plan: FollowUpPlan) -> None:
    """Delete a plan; emails that wait stay as they are."""
    plan.delete()
