"""The practice's plans of follow-up emails: the list, the steps of one, a copy, the standard plan, an end."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from portal.followup_plans.access import edited_plan, edits_plans
from portal.followup_plans.actions.plans import begin_plan, copy_plan, delete_plan, make_standard
from portal.followup_plans.actions.save import Confirmed, save_plan
from portal.followup_plans.actions.shipped import add_missing, missing
from portal.followup_plans.editor_views import Editor, edit
from portal.followup_plans.effect import NewSteps, of_plan
from portal.followup_plans.forms import NewPlanForm, PlanForm
from portal.followup_plans.queries import plans_listed, waiting_count
from portal.followup_plans.wording import days_in_words
from portal.followups.choosing import BUILT_IN, plan_steps
from practice.access.pages import staff_only


@staff_only
@require_http_methods(["GET", "HEAD", "POST"])
def plans(request: HttpRequest) -> HttpResponse:
    """List the practice's plans; begin another one, or add those that the product has."""
    edits_plans(request)
    if request.POST.get("do") == "shipped":
        add_missing()
        messages.success(request, _("Added. Emails that are already waiting do not change."))
        return redirect("workspace_plans")
    form = NewPlanForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        return redirect("workspace_plan", pk=begin_plan(form.cleaned_data["name"]).pk)
    listed = plans_listed()
    page = {
        "plans": listed,
        "built_in": None if any(one.plan.is_default for one in listed) else days_in_words(BUILT_IN),
        "missing": [str(one.name) for one in missing()],
        "form": form,
    }
    return render(request, "workspace/plans.html", page, status=422 if form.errors else 200)


@staff_only
@require_http_methods(["GET", "HEAD", "POST"])
def plan(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the steps of a plan; show what a change would do to waiting emails, and save it."""
    user, found = edited_plan(request, pk)
    now, address = timezone.now(), reverse("workspace_plan", args=[pk])
    form: forms.Form = PlanForm(request.POST if request.method == "POST" else None, plan=found)

    def save(new: NewSteps, confirmed: Confirmed) -> int:
        said = form.cleaned_data
        return save_plan(
            found,
            new,
            name=said["name"],
            pain=said["pain"],
            seen=said["version"],
            confirmed=confirmed,
            now=now,
        )

    page = {"plan": found, "heading": found.name, "back": reverse("workspace_plans")}
    editor = Editor(
        user=user,
        form=form,
        steps=plan_steps(found),
        which=of_plan(found),
        save=save,
        address=address,
        after=address,
        now=now,
        page=page,
    )
    return edit(request, editor)


@staff_only
@require_POST
def plan_copy(request: HttpRequest, pk: int) -> HttpResponse:
    """Copy a plan, and open the copy."""
    _user, found = edited_plan(request, pk)
    messages.success(request, _("Copied. This is the copy; it’s used only where you choose it."))
    return redirect("workspace_plan", pk=copy_plan(found).pk)


@staff_only
@require_POST
def plan_standard(request: HttpRequest, pk: int) -> HttpResponse:
    """Make this the standard plan."""
    _user, found = edited_plan(request, pk)
    if not make_standard(found):
        raise Http404
    messages.success(
        request, _("“%(name)s” is now the standard plan for future sessions.") % {"name": found.name}
    )
    return redirect("workspace_plans")


@staff_only
@require_http_methods(["GET", "HEAD", "POST"])
def plan_delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Say what deleting a plan means, and delete it."""
    _user, found = edited_plan(request, pk)
    if request.method == "POST":
        delete_plan(found)
        messages.success(request, _("“%(name)s” is deleted.") % {"name": found.name})
        return redirect("workspace_plans")
    page = {"plan": found, "waiting": waiting_count(found, now=timezone.now())}
    return render(request, "workspace/plan_delete.html", page)
