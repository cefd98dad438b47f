"""Who may open the pages of plans, and whose names a preview shows."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404

from booking.access import clients_seen_by
from portal.followup_plans.effect import SessionEffect
from portal.models import FollowUpPlan
from practice.access import rows
from practice.access.pages import require_staff
from practice.models import User


def edits_plans(request: HttpRequest) -> User:
    """Return the person who may change the practice's plans. Raises Http404 for all others."""
    user = require_staff(request)
    if not rows.may(user, "plans", "change"):
        raise Http404
    return user


def edited_plan(request: HttpRequest, pk: int) -> tuple[User, FollowUpPlan]:
    """Return who edits, and the practice's plan. Raises Http404."""
    return edits_plans(request), get_object_or_404(FollowUpPlan.objects.shared(), pk=pk)


def shown_to(user: User, found: Sequence[SessionEffect], *, most: int) -> tuple[list[SessionEffect], int]:
    """Return the first effects on clients whom this person knows, and how many others there are."""
    ids = [one.client.pk for one in found]
    known = set(clients_seen_by(user).filter(pk__in=ids).values_list("pk", flat=True))
    shown = [one for one in found if one.client.pk in known][:most]
    return shown, len(found) - len(shown)
