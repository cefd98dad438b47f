"""Save a plan: the practice's or one client's, for later sessions alone or for the emails that wait too.

The practice's row is locked, then the plan's, then the clients' in the order of their ids, as sending locks
them. What a sender has claimed is left alone.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from portal.followup_plans.actions.apply import apply
from portal.followup_plans.effect import (
    NewSteps,
    SessionEffect,
    clients_with_waiting,
    effects,
    fingerprint,
    of_client,
    of_plan,
    refuse_too_many,
)
from portal.followups.choosing import plan_for, plan_steps
from portal.followups.engine.plan_change import PlanStep
from portal.followups.send_check import lock
from portal.models import FollowUpPlan, FollowUpStep
from practice.models import Practice, User


@dataclass(frozen=True, kw_only=True)
class Confirmed:
    """The answer to a preview. `mark`: of the effect it showed (`fingerprint`); None: later sessions only."""

    mark: str | None = None


class PlanStale(Exception):
    """Raised when somebody else saved the plan since the page was opened."""

    def __init__(self, plan: FollowUpPlan | None) -> None:
        super().__init__(
            _("Someone else changed this plan in the meantime. Your entries are still here, not saved yet.")
        )
        self.plan = plan


class QueueChanged(Exception):
    """Raised when the waiting emails are no longer those that the preview showed."""

    def __init__(self, found: list[SessionEffect]) -> None:
        super().__init__(_("The waiting emails changed in the meantime. This is the effect as of now."))
        self.found = found


class PainTaken(Exception):
    """Raised when another plan is chosen for that pain already. Its message can be shown."""

    def __init__(self, name: str) -> None:
        super().__init__(
            _("“%(name)s” is already chosen for that pain. Change it there first.") % {"name": name}
        )


def lock_choice() -> None:
    """Let only one at a time say which plan is the standard one and which is for which pain."""
    list(Practice.objects.select_for_update(no_key=True).values("pk"))


def must_be_free(pain: str, plan: FollowUpPlan) -> None:
    """Raise PainTaken where another plan of the practice is chosen for this pain."""
    others = FollowUpPlan.objects.shared().exclude(pk=plan.pk)
    if pain and (taken := others.filter(pain=pain).first()):
        raise PainTaken(taken.name)


@transaction.atomic
def save_plan(
    plan: FollowUpPlan,
    new: NewSteps,
    *,
    name: str,
    pain: str,
    seen: int,
    confirmed: Confirmed,
    now: dt.datetime,
) -> int:
    """Save a plan of the practice, and return how many waiting emails changed.

    Raises PlanStale unless its version is still the one `seen`, PainTaken, QueueChanged and TooManyWaiting.
    """
    lock_choice()
    held = FollowUpPlan.objects.select_for_update(no_key=True).filter(pk=plan.pk).first()
    if held is None or held.version != seen:
        raise PlanStale(held)
    must_be_free(pain, held)
    found = _confirmed_effects(of_plan(held), new, confirmed, now=now)
    held.name, held.pain, held.version = name, pain, held.version + 1
    held.save(update_fields=["name", "pain", "version"])
    write_steps(held, new.steps)
    return apply(found, plan=held, now=now)


@transaction.atomic
def save_for_client(client: User, new: NewSteps, *, seen: int, confirmed: Confirmed, now: dt.datetime) -> int:
    """Save a plan for one client, and return how many waiting emails changed. `seen`: 0 for none before.

    Raises PlanStale and QueueChanged as `save_plan` does.
    """
    held = _own_plan(client, seen)
    found = _confirmed_effects(of_client(client), new, confirmed, now=now)
    if held is None:
        held = FollowUpPlan.objects.create(client=client, name=_("Their own plan"))
    else:
        held.version += 1
        held.save(update_fields=["version"])
    write_steps(held, new.steps)
    return apply(found, plan=held, now=now)


@transaction.atomic
def back_to_plan(client: User, *, seen: int, confirmed: Confirmed, now: dt.datetime) -> int:
    """Remove a client's own plan, and return how many waiting emails changed. Raises as `save_for_client`."""
    held = _own_plan(client, seen)
    plan = plan_for(client, without_own=True)
    new = NewSteps(steps=plan_steps(plan))
    done = apply(_confirmed_effects(of_client(client), new, confirmed, now=now), plan=plan, now=now)
    if held:
        held.delete()
    return done


def _own_plan(client: User, seen: int) -> FollowUpPlan | None:
    """Return a client's own plan, with the client locked. Raises PlanStale unless its version is `seen`."""
    lock(client.pk)
    held = FollowUpPlan.objects.filter(client=client).first()
    if (held.version if held else 0) != seen:
        raise PlanStale(held)
    return held


def _confirmed_effects(
    which: Q, new: NewSteps, confirmed: Confirmed, *, now: dt.datetime
) -> list[SessionEffect]:
    """Return the effects to apply, with their clients locked; none where only later sessions follow."""
    if confirmed.mark is None:
        return []
    refuse_too_many(which, now=now)
    clients = clients_with_waiting(which, now=now)
    list(User.objects.select_for_update(no_key=True).filter(pk__in=clients).order_by("pk").values("pk"))
    found = effects(which, new, now=now)
    if fingerprint(found) != confirmed.mark:
        raise QueueChanged(found)
    return found


def write_steps(plan: FollowUpPlan, steps: Sequence[PlanStep]) -> None:
    """Replace a plan's steps."""
    plan.steps.all().delete()
    FollowUpStep.objects.bulk_create(
        FollowUpStep(plan=plan, days=one.days, at=one.at, stage=one.stage, variants=list(one.variants))
        for one in steps
    )
