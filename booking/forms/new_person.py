"""Somebody who rings, and has no record yet."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy

from booking.forms.details import what_ails_phone
from practice.names import plain_line


class NewPerson(forms.Form):
    """Somebody who has no record yet, as they say it on the telephone. Without an address no letter goes."""

    use_required_attribute = False

    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=150,
        error_messages={"required": gettext_lazy("Please write who is coming.")},
    )
    email = forms.EmailField(
        label=gettext_lazy("Email"),
        max_length=254,
        required=False,
        help_text=gettext_lazy("The confirmation and reminders go there. Without one, none do."),
        error_messages={"invalid": gettext_lazy("This does not look like an email address.")},
    )
    phone = forms.CharField(label=gettext_lazy("Phone"), max_length=40, required=False)

    def clean_phone(self) -> str:
        """Digits, and the signs people write between them."""
        phone = plain_line(self.cleaned_data["phone"])
        if ails := what_ails_phone(phone):
            raise forms.ValidationError(ails)
        return phone
