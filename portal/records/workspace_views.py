"""Permissions for a colleague to open a client's record: given and ended on the client's page."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from portal.models import RecordPermission
from portal.records.access import client_for, may_permit
from portal.records.actions import DAYS, NotPermitted, permit, revoke
from practice.access.pages import require_staff, staff_only
from practice.models import Practitioner, User


@dataclass(frozen=True)
class Permissions:
    """The permissions on a client's page. `colleagues`: those to whom this reader may give one."""

    standing: list[tuple[RecordPermission, bool]]
    colleagues: list[Practitioner]
    days: list[tuple[int, str]]


def permissions_of(client: User, reader: User, *, now: dt.datetime) -> Permissions:
    """Return the valid permissions, each with whether the reader may end it, and choices for a new one."""
    found = RecordPermission.objects.filter(client=client, until__gt=now, revoked_at=None)
    may = may_permit(reader, client, now=now)
    colleagues = Practitioner.objects.filter(user__is_active=True).exclude(user=reader).select_related("user")
    return Permissions(
        [
            (one, reader.is_superuser or one.given_by_id == reader.pk)
            for one in found.select_related("practitioner__user", "given_by")
        ],
        [one for one in colleagues if not one.user.is_superuser] if may else [],
        [(days, ngettext("%(n)s day", "%(n)s days", days) % {"n": days}) for days in DAYS],
    )


@staff_only
@require_POST
def give(request: HttpRequest, pk: int) -> HttpResponse:
    """Let a colleague open this record for a time."""
    user, now = require_staff(request), timezone.now()
    whose = client_for(user, pk)
    slug, days = request.POST.get("practitioner", ""), request.POST.get("days", "")
    colleague = get_object_or_404(Practitioner.objects.select_related("user"), slug=slug)
    try:
        permit(whose, colleague, days=int(days) if days in map(str, DAYS) else 0, by=user, now=now)
    except NotPermitted as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("%(name)s may open this record now.") % {"name": colleague.first_name})
    return redirect("workspace_client", pk=pk)


@staff_only
@require_POST
def end(request: HttpRequest, pk: int, permission: int) -> HttpResponse:
    """End a permission."""
    user = require_staff(request)
    whose = client_for(user, pk)
    standing = RecordPermission.objects.select_related("practitioner__user", "client")
    found = get_object_or_404(standing, pk=permission, client=whose)
    try:
        revoke(found, by=user, now=timezone.now())
    except NotPermitted as refusal:
        messages.error(request, str(refusal))
    else:
        name = found.practitioner.first_name
        messages.success(request, _("The permission of %(name)s has ended.") % {"name": name})
    return redirect("workspace_client", pk=pk)
