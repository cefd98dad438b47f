"""The set-up form: who owns the practice, and what it is called."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from practice.core.plain_text import plain_line
from practice.models.validators import validate_zone


class SetUpForm(forms.Form):
    """The form that makes the practice and its owner; everything else is edited later in the back office."""

    name = forms.CharField(
        label=_("Your name"),
        max_length=150,
        widget=forms.TextInput({"autocomplete": "name"}),
        error_messages={"required": _("Please enter your name.")},
    )
    email = forms.EmailField(
        label=_("Your email address"),
        help_text=_("We send sign-in codes there."),
        widget=forms.EmailInput({"autocomplete": "email"}),
        error_messages={
            "required": _("Please enter an email address. We send sign-in codes there."),
        },
    )
    practice_name = forms.CharField(
        label=_("Name of the practice"),
        max_length=120,
        error_messages={"required": _("Please enter the name of the practice.")},
    )
    zone = forms.CharField(
        label=_("Time zone"),
        max_length=64,
        initial="America/Denver",
        validators=[validate_zone],
        error_messages={"required": _("Please choose a time zone, such as America/Denver.")},
    )

    def clean_name(self) -> str:
        """Return the name as one line."""
        return self._line("name")

    def clean_practice_name(self) -> str:
        """Return the practice's name as one line."""
        return self._line("practice_name")

    def _line(self, field: str) -> str:
        line = plain_line(self.cleaned_data[field])
        if not line:
            raise forms.ValidationError(_("Please enter a name."))
        return line
