"""What is changed in place on a client's page: their plan, name and contact, and the next emails.

Each form stands in its section of the page (`?edit=plan#plan`). A refusal shows the same form on a page
of its own, with what was typed.
"""

from __future__ import annotations

from http import HTTPStatus

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from booking.access import clients_seen_by
from portal.followups.actions import cancel_one, hold_back, send_sooner
from portal.models import ClientProfile, FollowUp
from portal.records.access import client_for, may_open, writer_in
from portal.session_notes.actions.change_home import change_plan
from portal.session_notes.actions.wrap_up import NotWritten, PlanChanged, plan_mark
from portal.workspace.forms import ContactForm, PlanForm
from practice.access.actions.open_record import log_opening
from practice.access.pages import require_staff, staff_only
from practice.access.rows import may_access
from practice.accounts.actions.contact import AddressTaken, save_contact
from practice.models import User


def back_to(whose: User, part: str) -> HttpResponse:
    """Return the way back to a section of the client's page."""
    return redirect(f"{reverse('workspace_client', args=[whose.pk])}#{part}")


@staff_only
@require_http_methods(["GET", "HEAD", "POST"])
def plan(request: HttpRequest, pk: int) -> HttpResponse:
    """Show or save the client's own plan; 404 for those who may not write in this record."""
    user, now = require_staff(request), timezone.now()
    whose = client_for(user, pk)
    if writer_in(user, whose, now=now) is None:
        raise Http404
    form = PlanForm(request.POST if request.method == "POST" else None, page=ClientProfile.objects.of(whose))
    status = _save_plan(whose, form) if form.is_bound else HTTPStatus.OK
    if status == HTTPStatus.FOUND:
        messages.success(request, _("Saved. %(name)s sees it at once.") % {"name": whose.first_name})
        return back_to(whose, "plan")
    log_opening(user, whose, "access:record", now=now)
    page = {"client": whose, "form": form, "heading": _("Their plan"), "part": "plan", "opens": True}
    return render(request, "workspace/client_edit.html", page, status=status)


def _save_plan(whose: User, form: PlanForm) -> HTTPStatus:
    if not form.is_valid():
        return HTTPStatus.UNPROCESSABLE_ENTITY
    said = form.cleaned_data
    try:
        change_plan(whose, plan=said["plan"], obstacle=said["obstacle"], seen=said["plan_seen"])
    except PlanChanged as changed:
        form.add_error("plan", str(changed))
        form.data = form.data.copy()
        form.data["plan_seen"] = plan_mark(changed.page.plan, changed.page.obstacle)
        return HTTPStatus.CONFLICT
    except NotWritten as refusal:
        form.add_error("plan", str(refusal))
        return HTTPStatus.UNPROCESSABLE_ENTITY
    return HTTPStatus.FOUND


@staff_only
@require_http_methods(["GET", "HEAD", "POST"])
def contact(request: HttpRequest, pk: int) -> HttpResponse:
    """Show or save how a client is reached, for all who may change people they know: the front desk too."""
    user = require_staff(request)
    whose = clients_seen_by(user).filter(pk=pk).first()
    if whose is None or not may_access(user, whose, "change"):
        raise Http404
    form = ContactForm(request.POST if request.method == "POST" else None, instance=whose, reader=user)
    if form.is_bound and form.is_valid():
        try:
            save_contact(whose, **form.cleaned_data, by=user, now=timezone.now())
        except AddressTaken:
            form.add_error("email", form.TAKEN)
        else:
            messages.success(request, _("Saved."))
            return (
                back_to(whose, "contact") if may_open(user, whose) else redirect("workspace_contact", pk=pk)
            )
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.is_bound else HTTPStatus.OK
    known = clients_seen_by(user).get(pk=pk)
    page = {"client": known, "form": form, "heading": _("Name and contact"), "part": "contact"}
    return render(
        request, "workspace/client_edit.html", page | {"opens": may_open(user, known)}, status=status
    )


@staff_only
@require_POST
def next_email(request: HttpRequest, pk: int, follow_up: int) -> HttpResponse:
    """Hold an email back for a week ("later"), send it sooner ("now"), or cancel it ("cancel")."""
    user, now = require_staff(request), timezone.now()
    whose = client_for(user, pk)
    if writer_in(user, whose, now=now) is None:
        raise Http404
    found, do = get_object_or_404(FollowUp, pk=follow_up, client=whose), request.POST.get("do", "")
    if do == "later":
        done, said = hold_back(found, by=user), _("Held back for a week.")
    elif do == "now":
        done, said = (
            send_sooner(found, by=user, now=now),
            _("It goes now, unless a rule holds it back."),
        )
    elif do == "cancel":
        done, said = cancel_one(found, by=user), _("Canceled.")
    else:
        done, said = False, ""
    if done:
        messages.success(request, said)
    else:
        messages.warning(request, _("Nothing was changed: this email is no longer waiting."))
    return back_to(whose, "letters")
