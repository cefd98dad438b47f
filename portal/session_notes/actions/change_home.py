"""Changing what a client has to do at home, and their plan, between two sessions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction

from portal.models import Assignment
from portal.session_notes.actions.assign import NewAssignment, assign_all
from portal.session_notes.actions.wrap_up import AssignmentsChanged, must_fit, write_plan
from portal.session_notes.assignable import given_to, home_mark
from practice.models import Practitioner, User


@dataclass(frozen=True, kw_only=True)
class HomePlan:
    """The assignments of a client and their own plan, as a page sends them.

    `home_seen`, `plan_seen`: the marks of what the page began from (`home_mark`, `plan_mark`).
    """

    home: Sequence[NewAssignment] = ()
    home_seen: str = ""
    plan: str = ""
    obstacle: str = ""
    plan_seen: str = ""


@transaction.atomic
def change_home(client: User, at_home: HomePlan, *, by: Practitioner, now: dt.datetime) -> list[Assignment]:
    """Replace the client's assignments and plan, or change nothing.

    Emails that are planned stay planned: their text is made as they leave, from what is so then. Raises
    HomeChanged, PlanChanged, TooLong, and NotGiven of assigning.
    """
    must_fit(vars(at_home))
    User.objects.select_for_update(no_key=True).get(pk=client.pk)  # as a wrap-up does
    given = given_to(client)
    if home_mark(given) != at_home.home_seen:
        raise AssignmentsChanged(given)
    kept = assign_all(client, at_home.home, by=by, now=now)
    write_plan(client, plan=at_home.plan, obstacle=at_home.obstacle, seen=at_home.plan_seen)
    return kept


@transaction.atomic
def change_plan(client: User, *, plan: str, obstacle: str, seen: str) -> None:
    """Save the client's own plan alone. Raises PlanChanged or TooLong."""
    must_fit({"plan": plan, "obstacle": obstacle})
    write_plan(client, plan=plan, obstacle=obstacle, seen=seen)
