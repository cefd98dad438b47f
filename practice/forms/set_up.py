"""The one form of the set-up: who owns the practice, and what it is called."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from practice.models.validators import known_zone
from practice.names import plain_line


class SetUpForm(forms.Form):
    """Everything else is edited later, in the back office."""

    name = forms.CharField(
        label=_("Your name"),
        max_length=150,
        widget=forms.TextInput({"autocomplete": "name"}),
        error_messages={"required": _("Please write your name.")},
    )
    email = forms.EmailField(
        label=_("Your email address"),
        help_text=_("The codes to sign in go there."),
        widget=forms.EmailInput({"autocomplete": "email"}),
        error_messages={
            "required": _("Please give an address: the codes to sign in go there."),
            "invalid": _("This does not look like an email address. Something like ann@example.com."),
        },
    )
    practice_name = forms.CharField(
        label=_("What the practice is called"),
        max_length=120,
        error_messages={"required": _("Please give the practice a name.")},
    )
    zone = forms.CharField(
        label=_("Its time zone"),
        max_length=64,
        initial="America/Denver",
        validators=[known_zone],
        error_messages={"required": _("Please name a time zone, such as America/Denver.")},
    )

    def clean_name(self) -> str:
        """One line."""
        return self._line("name")

    def clean_practice_name(self) -> str:
        """One line."""
        return self._line("practice_name")

    def _line(self, field: str) -> str:
        line = plain_line(self.cleaned_data[field])
        if not line:
            raise forms.ValidationError(_("Please write a name."))
        return line
