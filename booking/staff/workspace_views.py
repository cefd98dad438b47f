"""The owner's pages "People and roles": the list, someone new, and one page for each person."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from booking.access import zone_at_work
from booking.staff.actions import PractitionerError, save_practitioner
from booking.staff.forms import NewPersonForm, PractitionerForm, RoleForm
from booking.staff.queries import booked_with, practitioner_of, staff
from practice.access.pages import owner_only, require_owner
from practice.accounts.actions.staff import StaffError, add_staff, change_role, end_access, restore_access
from practice.models import User

SHOWN = 10


@owner_only
@require_http_methods(["GET", "HEAD", "POST"])
def people(request: HttpRequest) -> HttpResponse:
    """Show who works here; POST adds someone and emails them."""
    form = NewPersonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            user = add_staff(**form.cleaned_data, by=require_owner(request), now=timezone.now())
        except StaffError as refused:
            form.add_error("email", str(refused))
        else:
            said = _("%(name)s was added, and we’ve emailed them how to sign in.") % {"name": user.name}
            messages.success(request, said)
            return redirect("workspace_person", pk=user.pk)
    page = {"form": form, "people": staff()}
    return render(request, "workspace/people.html", page, status=422 if form.errors else 200)


@owner_only
@require_http_methods(["GET", "HEAD", "POST"])
def person(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one person; POST saves what is said of them as a practitioner."""
    user = _colleague(pk)
    form = PractitionerForm(request.POST or None, user=user) if user.role != User.Role.FRONT_DESK else None
    if request.method == "POST" and form is not None and form.is_valid():
        try:
            save_practitioner(
                user,
                values=form.values(),
                new_room=form.cleaned_data["new_room"],
                services=form.cleaned_data["services"],
            )
        except PractitionerError as refused:
            form.add_error("slug", refused.message)
        else:
            messages.success(request, _("Saved."))
            return redirect("workspace_person", pk=pk)
    return _show(request, user, form)


def _show(request: HttpRequest, user: User, form: PractitionerForm | None) -> HttpResponse:
    owner, practitioner = require_owner(request), practitioner_of(user)
    booked = list(booked_with(practitioner, now=timezone.now())[: SHOWN + 1]) if practitioner else []
    page = {
        "person": user,
        "practitioner": practitioner,
        "form": form,
        "role": RoleForm(initial={"role": user.role}),
        "is_oneself": user.pk == owner.pk,
        "booked": booked[:SHOWN],
        "more": len(booked) > SHOWN,
        "zone": zone_at_work(owner),
    }
    return render(request, "workspace/person.html", page, status=422 if form and form.errors else 200)


@owner_only
@require_POST
def set_role(request: HttpRequest, pk: int) -> HttpResponse:
    """Give someone another role."""
    user, form = _colleague(pk), RoleForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Please choose a role."))
        return redirect("workspace_person", pk=pk)
    try:
        change_role(user, form.cleaned_data["role"], by=require_owner(request), now=timezone.now())
    except StaffError as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("Saved. They can see in their access log that their role changed."))
    return redirect("workspace_person", pk=pk)


@owner_only
@require_POST
def access(request: HttpRequest, pk: int) -> HttpResponse:
    """End someone's access, or give it back."""
    user, owner, now = _colleague(pk), require_owner(request), timezone.now()
    try:
        if request.POST.get("do") == "give":
            restore_access(user, by=owner, now=now)
            said = _("%(name)s can sign in again.")
        else:
            end_access(user, by=owner, now=now)
            said = _("%(name)s can no longer sign in, and was signed out everywhere.")
    except StaffError as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, said % {"name": user.name})
    return redirect("workspace_person", pk=pk)


def _colleague(pk: int) -> User:
    """Return someone who works or worked here; 404 for clients."""
    return get_object_or_404(staff(), pk=pk)
