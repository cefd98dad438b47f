"""The owner's pages about the practice: its details, the words of the home page, its logo and colors."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from practice.access.pages import owner_only
from practice.business.engine import colors
from practice.business.forms import DetailsForm, HomePageForm, LookForm
from practice.business.settings_views import edit_settings
from practice.pictures.actions import set_logo
from practice.pictures.forms import LogoForm
from practice.queries import the_practice


@owner_only
@require_http_methods(["GET", "HEAD", "POST"])
def details(request: HttpRequest) -> HttpResponse:
    """Show and save who and where the practice is."""
    form = DetailsForm(request.POST or None, instance=the_practice())
    return edit_settings(request, form, "workspace/details.html", "workspace_details")


@owner_only
@require_http_methods(["GET", "HEAD", "POST"])
def words(request: HttpRequest) -> HttpResponse:
    """Show and save the words of the home page."""
    form = HomePageForm(request.POST or None, instance=the_practice())
    return edit_settings(request, form, "workspace/words.html", "workspace_words")


@owner_only
@require_http_methods(["GET", "HEAD", "POST"])
def look(request: HttpRequest) -> HttpResponse:
    """Show and save the colors, with a sample of pages in them; "preview" saves nothing. Or save the logo."""
    if request.method == "POST" and request.POST.get("do") in ("logo", "no_logo"):
        return _logo(request)
    data = request.POST.copy()
    if "original" in data:
        data["accent"], data["dark_auto"] = colors.LIGHT.accent, "on"
    form = LookForm(data or None, instance=the_practice())
    page = _look_page(form, LogoForm())
    if "preview" in request.POST and form.is_valid():
        return render(request, "workspace/look.html", {"form": form, **page})
    return edit_settings(request, form, "workspace/look.html", "workspace_branding", page)


def _look_page(form: LookForm, logo: LogoForm) -> dict[str, Any]:
    light, dark = form.shown
    return {
        "logo_form": logo,
        "sample": (light, dark),
        "is_own": colors.is_own(light, dark),
        "themes": ("light", "dark"),
    }


def _logo(request: HttpRequest) -> HttpResponse:
    """Save or remove the logo."""
    logo = LogoForm(request.POST, request.FILES)
    if request.POST["do"] == "no_logo":
        set_logo(None)
        messages.success(request, _("The logo was removed."))
        return redirect("workspace_branding")
    if logo.is_valid():
        set_logo(logo.cleaned_data["logo"])
        messages.success(request, _("Saved."))
        return redirect("workspace_branding")
    form = LookForm(instance=the_practice())
    page = {"form": form, **_look_page(form, logo)}
    return render(request, "workspace/look.html", page, status=422)
