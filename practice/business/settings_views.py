"""The way every page of settings shows and saves its form; for views."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from practice.business.actions import ChangedSince, save_settings
from practice.business.forms import SettingsForm


def edit_settings(
    request: HttpRequest, form: SettingsForm, template: str, route: str, page: dict[str, Any] | None = None
) -> HttpResponse:
    """Show the form; save it when it was sent and nobody else changed the same settings since."""
    if request.method == "POST" and form.is_valid():
        try:
            save_settings(form.values, seen=form.cleaned_data["seen"])
        except ChangedSince as error:
            form.show_again(error.practice)
            form.add_error(
                None,
                _(
                    "Someone else changed these settings while this page was open. What you typed is below. "
                    "Save again to replace their change, or reload the page to see it."
                ),
            )
        else:
            messages.success(request, _("Saved."))
            return redirect(route)
    return render(request, template, {"form": form, **(page or {})}, status=422 if form.errors else 200)
