"""The forms for the policies, and for other sites that may show the booking in a frame."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from practice.business.forms import SettingsForm
from practice.models import Practice
from practice.web.frame_ancestors import site_in


class SitesForm(forms.Form):
    """The form for the sites whose pages may show the booking."""

    use_required_attribute = False
    sites = forms.CharField(
        label=gettext_lazy("Websites that may show it"),
        required=False,
        max_length=2000,
        help_text=gettext_lazy("One per line, such as https://example.com. Leave empty to allow any."),
        widget=forms.Textarea({"rows": 3, "class": "one"}),
    )

    def clean_sites(self) -> str:
        """Return origins, one a line. Raises ValidationError, naming the lines that are none."""
        lines = [line.strip() for line in self.cleaned_data["sites"].splitlines() if line.strip()]
        if wrong := [line for line in lines if site_in(line) is None]:
            raise ValidationError(
                _(
                    "“%(line)s” is not a website address. Enter only its beginning, such as "
                    "https://example.com."
                )
                % {"line": wrong[0][:80]}
            )
        return "\n".join(site for line in lines if (site := site_in(line)))


class PoliciesForm(SettingsForm):
    """The form for the windows of moving and canceling, and what clients agree to when booking."""

    class Meta:
        model = Practice
        fields = (
            *("free_hours", "locked_hours", "late_percent", "moves_allowed", "request_hours"),
            "treatment_consent",
        )
        widgets = {"treatment_consent": forms.Textarea({"rows": 4})}
        labels = {
            "free_hours": gettext_lazy("Free to move or cancel until … hours before"),
            "locked_hours": gettext_lazy("By phone only in the last … hours"),
            "late_percent": gettext_lazy("Late cancellation fee, percent of the price"),
            "moves_allowed": gettext_lazy("How often a client can move a session"),
            "request_hours": gettext_lazy("Unanswered requests expire after … hours"),
            "treatment_consent": gettext_lazy("What clients agree to when booking"),
        }

    def clean(self) -> dict[str, Any]:
        """Refuse a locked time that is longer than the free one: no client could tell what applies."""
        found = super().clean() or {}
        free, locked = found.get("free_hours"), found.get("locked_hours")
        if free is not None and locked is not None and locked > free:
            self.add_error(
                "locked_hours",
                _("Canceling would still be free when it is by phone only. Enter at most %(hours)s.")
                % {"hours": free},
            )
        return found
