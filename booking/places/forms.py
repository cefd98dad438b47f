"""Form fields that depend on where the session is: a number to call, the address of a visit."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from booking.models import Place
from booking.places import wording
from practice.core.plain_text import plain_line

PHONE_SIGNS = set("0123456789 +-()/.x")
PHONE_HELP = {
    Place.CLIENT.value: gettext_lazy("So we can reach you when we’re on our way."),
    Place.PHONE.value: gettext_lazy("We’ll call this number for your session."),
}


class AsksForPlace(forms.Form):
    """A form with a field `phone`. It asks for an address only after `ask_for` was called for a visit."""

    needs_phone = False

    def ask_for(self, place: str, *, phone: str = "", address: str = "") -> None:
        """Require the fields that `place` needs. Known values are filled in and can be changed."""
        if wording.missing(place, "phone"):
            number = self.fields["phone"]
            self.needs_phone = number.required = True
            number.error_messages["required"] = wording.missing(place, "phone")
            number.help_text, number.initial = PHONE_HELP[place], phone
        if wording.missing(place, "address"):
            self.fields["address"] = forms.CharField(
                label=_("Address"),
                initial=address,
                help_text=_("Street address and city, and anything that helps us find the door."),
                widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "street-address"}),
                error_messages={"required": wording.missing(place, "address")},
            )
            self.order_fields([*(name for name in self.fields if name != "agree"), "agree"])

    def clean_phone(self) -> str:
        """Return digits and the usual signs between them. Raises ValidationError."""
        phone = plain_line(self.cleaned_data["phone"])
        if ails := what_ails_phone(phone, needed=self.needs_phone):
            raise forms.ValidationError(ails)
        return phone

    def clean_address(self) -> str:
        """Return tidy lines, as on an envelope. Raises ValidationError."""
        address = wording.tidy(self.cleaned_data["address"])
        if not address:
            raise forms.ValidationError(self.fields["address"].error_messages["required"])
        if len(address) > wording.LONGEST:
            raise forms.ValidationError(wording.too_long())
        return address


class OfferForm(AsksForPlace):
    """A form for what the place of an offered time needs and the waitlist entry does not have."""

    use_required_attribute = False

    phone = forms.CharField(
        label=gettext_lazy("Phone"),
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "tel", "type": "tel"}),
    )

    def __init__(self, data: Any = None, *, place: str, phone: str, address: str) -> None:
        super().__init__(data)
        self.ask_for(place)
        if phone or not self.needs_phone:
            del self.fields["phone"]
        if address:
            self.fields.pop("address", None)


def what_ails_phone(phone: str, *, needed: bool = False) -> str:
    """Return what is wrong with a phone number; empty when nothing is, or when it may be left out."""
    if phone and (not set(phone) <= PHONE_SIGNS or sum(sign.isdigit() for sign in phone) < 5):
        if needed:
            return _("This doesn’t look like a phone number.")
        return _("This doesn’t look like a phone number. You can also leave it blank.")
    return ""
