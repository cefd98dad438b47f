"""The page at which a practitioner changes a client's assignments and plan between two sessions."""

from __future__ import annotations

import datetime as dt
from http import HTTPStatus

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from booking.access import zone_at_work
from portal.records.access import client_for, writer_in
from portal.session_notes.actions.assign import NotAssigned
from portal.session_notes.actions.change_home import HomePlan, change_home
from portal.session_notes.actions.wrap_up import (
    AssignmentsChanged,
    NotWritten,
    PlanChanged,
    TooLong,
    plan_mark,
)
from portal.session_notes.assignable import home_mark
from portal.session_notes.forms.home import HomeForm
from portal.workspace.client_page import at_home as given_now
from practice.access.actions.open_record import log_opening
from practice.access.pages import require_staff, staff_only
from practice.models import Practitioner, User


@staff_only
@require_http_methods(["GET", "HEAD", "POST"])
def at_home(request: HttpRequest, pk: int) -> HttpResponse:
    """Show or save the client's assignments and plan; 404 for those who may not write in this record."""
    user, now = require_staff(request), timezone.now()
    whose = client_for(user, pk)
    by = writer_in(user, whose, now=now)
    if by is None:
        raise Http404
    form = HomeForm(request.POST if request.method == "POST" else None, client=whose)
    status = _write(whose, form, by=by, now=now) if request.method == "POST" else HTTPStatus.OK
    if status == HTTPStatus.FOUND:
        messages.success(request, _("Saved. %(name)s sees it at once.") % {"name": whose.first_name})
        return redirect("workspace_client", pk=whose.pk)
    log_opening(user, whose, "access:record", now=now)
    page = {
        "client": whose,
        "first_name": whose.first_name,
        "form": form,
        "given": given_now(whose) if status == HTTPStatus.CONFLICT else [],
        "zone": zone_at_work(user),
    }
    return render(request, "workspace/client_home.html", page, status=status)


def _write(whose: User, form: HomeForm, *, by: Practitioner, now: dt.datetime) -> HTTPStatus:
    """Save the form; a refusal becomes an error at its field, and what was typed stays on the page."""
    if not form.is_valid():
        return HTTPStatus.UNPROCESSABLE_ENTITY
    said = form.cleaned_data
    names = ("home_seen", "plan", "obstacle", "plan_seen")
    try:
        change_home(whose, HomePlan(home=form.home(), **{name: said[name] for name in names}), by=by, now=now)
    except AssignmentsChanged as changed:
        _once_more(form, None, changed, home_seen=home_mark(changed.given))
        return HTTPStatus.CONFLICT
    except PlanChanged as changed:
        _once_more(form, "plan", changed, plan_seen=plan_mark(changed.page.plan, changed.page.obstacle))
        return HTTPStatus.CONFLICT
    except (NotAssigned, NotWritten) as refusal:
        form.add_error(refusal.name if isinstance(refusal, TooLong) else None, str(refusal))
        return HTTPStatus.UNPROCESSABLE_ENTITY
    return HTTPStatus.FOUND


def _once_more(form: HomeForm, field: str | None, refusal: NotWritten, **seen: str) -> None:
    """Add the error and take over the present marks, so that the page sent again counts."""
    form.add_error(field, str(refusal))
    form.data = form.data.copy()
    form.data.update(seen)
