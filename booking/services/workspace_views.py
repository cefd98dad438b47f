"""The owner's pages for services: the list with its order, one form each, and the reminders."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from booking.models import SessionType
from booking.services.actions import (
    ServiceError,
    delete_service,
    is_in_use,
    move_service,
    save_service,
    set_reminders,
)
from booking.services.forms import RemindersForm, ServiceForm
from booking.services.wording import facts, summaries
from practice.access.pages import owner_only
from practice.queries import the_practice


@owner_only
@require_safe
def services(request: HttpRequest) -> HttpResponse:
    """Show everything that can be booked, in its order, and when reminders are sent."""
    return _list(request, RemindersForm())


def _list(request: HttpRequest, reminders: RemindersForm) -> HttpResponse:
    practice = the_practice()
    kinds = SessionType.objects.prefetch_related("practitioners__user")
    page = {"services": [(kind, facts(kind, practice)) for kind in kinds], "reminders": reminders}
    return render(request, "workspace/services.html", page, status=422 if reminders.errors else 200)


@owner_only
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Add a service."""
    return _form(request, SessionType(step=30))


@owner_only
@require_http_methods(["GET", "HEAD", "POST"])
def service(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a service."""
    return _form(request, get_object_or_404(SessionType, pk=pk))


def _form(request: HttpRequest, kind: SessionType) -> HttpResponse:
    before = (kind.minutes, kind.price_cents)
    shown = get_object_or_404(SessionType, pk=kind.pk) if kind.pk else kind
    form = ServiceForm(request.POST or None, instance=kind)
    if request.method == "POST" and form.is_valid():
        try:
            saved = save_service(
                kind,
                values=form.values(),
                practitioners=form.cleaned_data["practitioners"],
                seen=form.cleaned_data["seen"],
            )
        except ServiceError as refused:
            _refuse(form, refused)
        else:
            messages.success(request, _saved(saved, before if shown.pk else None))
            return redirect("workspace_services")
    practice = the_practice()
    page = {
        "form": form,
        "service": shown,
        "facts": facts(shown, practice) if shown.pk else "",
        "summaries": summaries(shown, practice),
        "parts": form.parts(),
        "can_go": bool(shown.pk) and not is_in_use(shown),
    }
    return render(request, "workspace/service.html", page, status=422 if form.errors else 200)


def _refuse(form: ServiceForm, refused: ServiceError) -> None:
    """Show why it was not saved; after a change by someone else, a second save is meant."""
    form.add_error("slug" if refused.code == "address_taken" else None, refused.message)
    if refused.code == "changed":
        form.replace_their_changes()


def _saved(kind: SessionType, before: tuple[int, int] | None) -> str:
    if before and before != (kind.minutes, kind.price_cents):
        return _("Saved. Existing appointments keep their length and price.")
    return _("Saved.")


@owner_only
@require_POST
def move(request: HttpRequest, pk: int) -> HttpResponse:
    """Move a service one place up or down the list."""
    move_service(pk, up=request.POST.get("to") == "up")
    return redirect("workspace_services")


@owner_only
@require_POST
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Delete a service that was never used."""
    try:
        delete_service(pk)
    except ServiceError as refused:
        messages.error(request, refused.message)
        return redirect("workspace_service", pk=pk)
    messages.success(request, _("Deleted."))
    return redirect("workspace_services")


@owner_only
@require_POST
def reminders(request: HttpRequest) -> HttpResponse:
    """Save when reminders are sent before a session."""
    form = RemindersForm(request.POST)
    if not form.is_valid():
        return _list(request, form)
    set_reminders(form.cleaned_data["hours"])
    messages.success(request, _("Saved. Reminders of existing appointments follow within minutes."))
    return redirect("workspace_services")
