"""The form for selling a package at the desk: several sessions of a type, at one price."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from booking.models import LedgerEntry, SessionType

WAYS = [(how.value, capfirst(how.label)) for how in LedgerEntry.How]


class PackageForm(forms.Form):
    """The form for selling a package. Its cleaned data are the options of `sell`."""

    use_required_attribute = False

    session_type = forms.ModelChoiceField(
        label=gettext_lazy("Session type"),
        queryset=SessionType.objects.filter(is_active=True),
        empty_label=None,
        error_messages={"invalid_choice": gettext_lazy("Please choose one of these.")},
    )
    sessions = forms.IntegerField(
        label=gettext_lazy("Number of sessions"),
        initial=5,
        widget=forms.NumberInput(attrs={"min": 1, "max": 100, "inputmode": "numeric"}),
        error_messages={
            "required": gettext_lazy("Please enter a number."),
            "invalid": gettext_lazy("Please give a whole number."),
        },
    )
    price = forms.DecimalField(
        label=gettext_lazy("Total price"),
        max_digits=9,
        decimal_places=2,
        min_value=0,
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
        error_messages={
            "required": gettext_lazy("Please enter a price, or 0 for a gift."),
            "invalid": gettext_lazy("Please enter an amount like 425 or 425.50."),
            "min_value": gettext_lazy("Please enter an amount like 425 or 425.50."),
            "max_digits": gettext_lazy("That is too much for a package."),
            "max_whole_digits": gettext_lazy("That is too much for a package."),
            "max_decimal_places": gettext_lazy("Please enter an amount like 425 or 425.50."),
        },
    )
    valid_until = forms.DateField(
        label=gettext_lazy("Valid until"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        error_messages={"invalid": gettext_lazy("Please enter a date like 2027-06-30, or leave it empty.")},
    )
    how = forms.ChoiceField(
        label=gettext_lazy("Paid now"),
        required=False,
        choices=[
            ("", gettext_lazy("Not now")),
            *((how.value, capfirst(how.label)) for how in LedgerEntry.How),
        ],
        error_messages={"invalid_choice": gettext_lazy("Please choose one of these.")},
    )
    paid = forms.CharField(
        label=gettext_lazy("Note on the payment"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("Such as invoice 12."),
        error_messages={"max_length": gettext_lazy("Up to 200 characters, please.")},
    )

    def __init__(self, *args: Any, currency: str, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["price"].label = _("Total price, in %(currency)s") % {"currency": currency}

    def clean(self) -> dict[str, Any]:
        """Return the cleaned data, with the price in cents."""
        said = dict(super().clean() or self.cleaned_data)
        if "price" in said:
            said["price_cents"] = int(said.pop("price") * 100)
        return said
