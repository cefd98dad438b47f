"""The form for other sites that may show the booking in a frame."""

from __future__ import annotations

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from practice.core.frame_ancestors import site_in


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
