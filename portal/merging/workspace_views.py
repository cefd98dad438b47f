"""The pages that merge two records of one person: choose the other, see what would happen, merge, undo."""

from __future__ import annotations

import datetime as dt
from http import HTTPStatus

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from booking.access import zone_at_work
from portal.merging.access import candidates, may_begin, may_merge
from portal.merging.actions.merge import Choices, MergeChanged, NotMerged, merge, must_fit_together
from portal.merging.actions.undo import NotUndone, may_undo, undo, until, why_not
from portal.merging.conflicts import DryRun, dry_run
from portal.models import RecordMerge
from portal.records.access import client_for, records_of
from portal.workspace.client_page import with_sessions
from practice.access.actions.open_record import log_opening
from practice.access.pages import require_staff, staff_only
from practice.models import User

SEARCH_LONGEST = 150


@staff_only
@require_http_methods(["GET", "HEAD", "POST"])
def merge_with(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose the other record, show what merging would do, or merge; 404 without a right of one's own."""
    user, now = require_staff(request), timezone.now()
    kept = client_for(user, pk)
    if not may_begin(user, kept, now=now):
        raise Http404
    chosen = (request.POST if request.method == "POST" else request.GET).get("with", "")
    if not chosen:
        return _choose(request, user, kept, now=now)
    other = (
        records_of(user).filter(pk=int(chosen)).first() if chosen.isdecimal() and len(chosen) < 19 else None
    )
    if other is None:
        raise Http404
    try:
        must_fit_together(kept, other)
    except NotMerged as refusal:
        return _choose(request, user, kept, now=now, wrong=str(refusal), other=other)
    if request.method == "POST":
        return _merged(request, user, kept, other, now=now)
    for whose in (kept, other):
        log_opening(user, whose, "access:record", now=now)
    return _page(request, user, dry_run(kept, other, now=now), now=now)


def _choose(
    request: HttpRequest,
    user: User,
    kept: User,
    *,
    now: dt.datetime,
    wrong: str = "",
    other: User | None = None,
) -> HttpResponse:
    words = request.GET.get("name", "").strip()[:SEARCH_LONGEST]
    found = candidates(user, kept, words)
    earlier = RecordMerge.objects.filter(kept=kept).select_related("merged", "by")
    page = {
        "client": kept,
        "name": words,
        "found": with_sessions(found, now=now),
        "earlier": [(one, until(one), why_not(one, now=now), may_undo(user, one)) for one in earlier],
        "wrong": wrong,
        "other_way": other if other and other.email and not kept.email else None,
        "zone": zone_at_work(user),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if wrong else HTTPStatus.OK
    return render(request, "workspace/merge_choose.html", page, status=status)


def _page(
    request: HttpRequest, user: User, planned: DryRun, *, now: dt.datetime, wrong: str = "", status: int = 200
) -> HttpResponse:
    """Show the dry run; what was chosen before stays chosen."""
    page = {
        "client": planned.kept,
        "other": planned.merged,
        "planned": planned,
        "may": may_merge(user, planned, now=now),
        "wrong": wrong,
        "their_plan": request.POST.get("plan") == "theirs",
        "opens": "opens" in request.POST,
    }
    return render(request, "workspace/merge_sure.html", page, status=status)


def _merged(request: HttpRequest, user: User, kept: User, other: User, *, now: dt.datetime) -> HttpResponse:
    said = request.POST
    choices = Choices(
        seen=said.get("seen", ""), their_plan=said.get("plan") == "theirs", opens="opens" in said
    )
    try:
        merge(kept, other, choices, by=user, now=now)
    except MergeChanged as changed:
        return _page(request, user, changed.planned, now=now, wrong=str(changed), status=HTTPStatus.CONFLICT)
    except NotMerged as refusal:
        kept.refresh_from_db()
        other.refresh_from_db()
        planned = dry_run(kept, other, now=now)
        return _page(
            request, user, planned, now=now, wrong=str(refusal), status=HTTPStatus.UNPROCESSABLE_ENTITY
        )
    messages.success(request, _("Merged. You can undo it for 30 days."))
    return redirect("workspace_client", pk=kept.pk)


@staff_only
@require_POST
def undo_merge(request: HttpRequest, pk: int, merge: int) -> HttpResponse:
    """Undo a merge, or say why it can't be undone anymore."""
    user, now = require_staff(request), timezone.now()
    kept = client_for(user, pk)
    found = get_object_or_404(RecordMerge.objects.select_related("merged"), pk=merge, kept=kept)
    if not may_undo(user, found):
        raise Http404
    try:
        undo(found, by=user, now=now)
    except NotUndone as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Undone. Each record is back as before, with what was added since."))
    return redirect("workspace_merge", pk=kept.pk)
