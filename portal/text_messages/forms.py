"""The forms of a number for text messages, and of the code that was texted to it."""

from __future__ import annotations

from typing import Any

import phonenumbers
from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from practice.core.locales import phone_numbers
from practice.models import Practice, TextNumber
from practice.models.phone import number_of

#: Numbers that take no texts, or that cost whoever sends one.
NO_TEXTS = frozenset(
    {
        phonenumbers.PhoneNumberType.FIXED_LINE,
        phonenumbers.PhoneNumberType.TOLL_FREE,
        phonenumbers.PhoneNumberType.PREMIUM_RATE,
        phonenumbers.PhoneNumberType.SHARED_COST,
    }
)


class WayForm(forms.Form):
    """A form for how reminders come."""

    use_required_attribute = False

    way = forms.ChoiceField(
        label=gettext_lazy("Reminders before a session"),
        choices=TextNumber.Way.choices,
        widget=forms.RadioSelect,
        initial=TextNumber.Way.TEXT,
        error_messages={"required": gettext_lazy("Please choose one of these.")},
    )


class NumberForm(WayForm):
    """A form for a number that takes texts, in the practice's country."""

    number = forms.CharField(
        label=gettext_lazy("Your cell phone number"),
        max_length=phone_numbers.LONGEST,
        widget=forms.TextInput({"type": "tel", "autocomplete": "tel", "inputmode": "tel"}),
        error_messages={"required": gettext_lazy("Please enter your cell phone number.")},
    )
    field_order = ("number", "way")

    def __init__(self, *args: Any, practice: Practice, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.region = phone_numbers.region_of(practice.zone, practice.locale)
        self.fields["way"].choices = [  # type: ignore[attr-defined]
            one for one in TextNumber.Way.choices if one[0] != TextNumber.Way.EMAIL
        ]

    def clean_number(self) -> str:
        """Return the number in E.164. Raises ValidationError."""
        found = number_of(self.cleaned_data["number"], region=self.region)
        if not found.is_valid():
            example = phone_numbers.example(self.region)
            raise forms.ValidationError(
                _("Please enter a phone number with area code, like %(example)s.") % {"example": example}
            )
        if found.country_code != phonenumbers.country_code_for_region(self.region):
            raise forms.ValidationError(_("We can only text numbers in our own country."))
        if found.extension or phonenumbers.number_type(found) in NO_TEXTS:
            raise forms.ValidationError(_("This number takes no texts. Please enter a cell phone number."))
        return str(phonenumbers.format_number(found, phonenumbers.PhoneNumberFormat.E164))


class CodeForm(forms.Form):
    """A form for the six digits of a code."""

    use_required_attribute = False

    code = forms.CharField(
        label=gettext_lazy("The code from the text message"),
        max_length=20,
        widget=forms.TextInput(
            {"autocomplete": "one-time-code", "inputmode": "numeric", "autocapitalize": "off"}
        ),
        error_messages={"required": gettext_lazy("Please enter the six digits.")},
    )
