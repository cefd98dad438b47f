"""Settings: where each is changed, and the booking for another website."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from booking.links import on_our_site
from practice.access import owner_only, staff_only
from practice.framing import site_in
from practice.models import Practice
from practice.queries import the_practice


class SitesForm(forms.Form):
    """The sites whose pages may show the booking."""

    use_required_attribute = False
    sites = forms.CharField(
        label=gettext_lazy("On which sites may it stand"),
        required=False,
        max_length=2000,
        help_text=gettext_lazy("One a line, such as https://example.com. Empty: on any."),
        widget=forms.Textarea({"rows": 3, "class": "one"}),
    )

    def clean_sites(self) -> str:
        """Each line an origin; which one is none is said."""
        lines = [line.strip() for line in self.cleaned_data["sites"].splitlines() if line.strip()]
        if wrong := [line for line in lines if site_in(line) is None]:
            raise ValidationError(
                _("“%(line)s” is no site. Give its beginning only, such as https://example.com.")
                % {"line": wrong[0][:80]}
            )
        return "\n".join(site for line in lines if (site := site_in(line)))


@staff_only
@require_safe
def settings_index(request: HttpRequest) -> HttpResponse:
    """What can be changed here, and where."""
    return render(request, "workspace/settings.html")


@owner_only
@require_http_methods(["GET", "HEAD", "POST"])
def embed(request: HttpRequest) -> HttpResponse:
    """The one line for another website, and which sites may use it."""
    practice = the_practice()
    form = SitesForm(request.POST or None, initial={"sites": practice.embed_sites})
    if request.method == "POST" and form.is_valid():
        Practice.objects.filter(pk=practice.pk).update(embed_sites=form.cleaned_data["sites"])
        messages.success(request, _("Kept."))
        return redirect("workspace_embed")
    page = {"form": form, "address": embed_address()}
    return render(request, "workspace/embed.html", page, status=422 if form.errors else 200)


def embed_address() -> str:
    """Where the booking for a frame begins."""
    return on_our_site("book").replace("/book/", "/embed/book/")
