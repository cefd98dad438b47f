"""The index of the practice's pages, the policies, and the booking for another website."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from booking.links import embed_script_url, embed_url
from booking.owner_settings.actions.new_address import notify_clients, skip_notice
from booking.owner_settings.forms import PoliciesForm, SitesForm
from booking.owner_settings.practice_pages import groups_for
from booking.policy.terms import terms_of_practice
from booking.policy.wording import policy_in_general
from practice.access.pages import owner_only, require_staff, staff_only
from practice.business.settings_views import edit_settings
from practice.contact import please_call
from practice.models import Practice
from practice.queries import the_practice


@staff_only
@require_safe
def practice_index(request: HttpRequest) -> HttpResponse:
    """Show what can be changed about the practice, and where."""
    page = {"groups": groups_for(require_staff(request))}
    return render(request, "workspace/practice.html", page)


@staff_only
@require_safe
def settings_moved(request: HttpRequest) -> HttpResponse:
    """Lead from the former address of the settings to the practice's pages."""
    return redirect("workspace_practice", permanent=True)


@owner_only
@require_http_methods(["GET", "HEAD", "POST"])
def embed(request: HttpRequest) -> HttpResponse:
    """Show the line of code for another website, and the sites that may use it."""
    practice = the_practice()
    form = SitesForm(request.POST or None, initial={"sites": practice.embed_sites})
    if request.method == "POST" and form.is_valid():
        Practice.objects.filter(pk=practice.pk).update(embed_sites=form.cleaned_data["sites"])
        messages.success(request, _("Saved."))
        return redirect("workspace_embed")
    page = {"form": form, "address": embed_url(), "script": embed_script_url()}
    return render(request, "workspace/embed.html", page, status=422 if form.errors else 200)


@owner_only
@require_http_methods(["GET", "HEAD", "POST"])
def policies(request: HttpRequest) -> HttpResponse:
    """Show and save the policies, with the sentences a client will read; "preview" saves nothing."""
    practice = the_practice()
    form = PoliciesForm(request.POST or None, instance=practice)
    if request.method == "POST" and "preview" in request.POST and form.is_valid():
        return render(request, "workspace/policies.html", {"form": form, **_as_read(form.instance)})
    # A form that is not valid has half of what was typed in its instance.
    shown = form.instance if form.is_valid() or request.method != "POST" else Practice.objects.get(pk=1)
    return edit_settings(request, form, "workspace/policies.html", "workspace_policies", _as_read(shown))


def _as_read(practice: Practice) -> dict[str, Any]:
    """Return what a client reads before booking, by these policies."""
    return {
        "windows": policy_in_general(terms_of_practice(practice), call=please_call(practice)),
        "own_words": practice.treatment_consent,
    }


@owner_only
@require_POST
def new_address(request: HttpRequest) -> HttpResponse:
    """Answer the question whether booked clients get an email about a new address."""
    if request.POST.get("do") == "tell":
        count = notify_clients()
        said = ngettext("We’re emailing one person.", "We’re emailing %(count)s people.", count) % {
            "count": count
        }
        messages.success(request, said if count else _("No one is booked, so no one was emailed."))
    else:
        skip_notice()
        messages.success(request, _("No one was emailed. New emails have the new address."))
    return redirect("workspace")
