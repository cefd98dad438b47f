"""The public form for who is coming, and for agreeing to the canceling rules."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from booking.places.forms import AsksForPlace
from practice.core.plain_text import plain_line
from practice.models import User

ME, OTHER = "me", "other"


class DetailsForm(AsksForPlace):
    """The form for who is coming, and for agreeing to the canceling rules."""

    use_required_attribute = False

    name = forms.CharField(
        label=gettext_lazy("Your name"),
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={
            "required": gettext_lazy("Please tell us your name."),
            "max_length": gettext_lazy("That’s too long. Please use up to 150 characters."),
        },
    )
    email = forms.CharField(
        label=gettext_lazy("Email"),
        max_length=254,
        help_text=gettext_lazy(
            "For your confirmation and calendar file. Nothing else, unless you ask for it."
        ),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={
            "required": gettext_lazy("Please give an email address so we can confirm."),
            "max_length": gettext_lazy("This email address is too long."),
        },
    )
    phone = forms.CharField(
        label=gettext_lazy("Phone"),
        max_length=40,
        required=False,
        help_text=gettext_lazy("Only if we need to reach you that day."),
        widget=forms.TextInput(attrs={"autocomplete": "tel", "type": "tel"}),
        error_messages={"max_length": gettext_lazy("This phone number is too long.")},
    )
    for_name = forms.CharField(
        label=gettext_lazy("Who is coming, if it’s not you"),
        max_length=150,
        required=False,
        help_text=gettext_lazy(
            "Their name. The questions before a first session are about them; the emails come to you."
        ),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={
            "max_length": gettext_lazy("That’s too long. Please use up to 150 characters."),
        },
    )
    agree = forms.BooleanField(
        label=gettext_lazy("I have read this and agree."),
        error_messages={
            "required": gettext_lazy("Please check the box to agree to the cancellation policy.")
        },
    )

    def clean_name(self) -> str:
        """Return one line of plain text. Raises ValidationError."""
        name = plain_line(self.cleaned_data["name"])
        if not name:
            raise ValidationError(_("Please tell us your name."))
        return name

    def clean_email(self) -> str:
        """Return an address in lower case; the error names what is missing. Raises ValidationError."""
        email = str(self.cleaned_data["email"]).strip()
        try:
            validate_email(email)
        except ValidationError as error:
            raise ValidationError(what_ails(email)) from error
        return email.lower()

    def clean_for_name(self) -> str:
        """Return one line of plain text, or ""."""
        return plain_line(self.cleaned_data["for_name"])


class KnownClientForm(DetailsForm):
    """The form for a signed-in client: for whom it is, and only what is not known yet."""

    whom = forms.ChoiceField(
        label=gettext_lazy("Who is it for?"),
        widget=forms.RadioSelect,
        initial=ME,
        error_messages={
            "required": gettext_lazy("Please choose who is coming."),
            "invalid_choice": gettext_lazy("Please choose who is coming."),
        },
    )
    field_order = ("whom", "name", "phone", "agree")

    def __init__(self, *args: Any, client: User, has_agreed: bool, place: str = "", **options: Any) -> None:
        super().__init__(*args, **options)
        self.client, self.has_agreed = client, has_agreed
        whom: Any = self.fields["whom"]
        whom.choices = [(ME, _("For me, %(name)s") % {"name": client.name}), (OTHER, _("For someone else"))]
        del self.fields["email"], self.fields["for_name"]
        if client.name:
            self.fields["name"].required = False
            self.fields["name"].label = _("Their name")
            self.fields["name"].widget.attrs["autocomplete"] = "off"
        else:
            del self.fields["whom"]
        if has_agreed:
            del self.fields["agree"]
        if place:
            self.ask_for(place, phone=str(client.phone or ""))
        if client.phone and not self.needs_phone:
            del self.fields["phone"]

    def clean_name(self) -> str:
        """Return who comes: the client, unless somebody else is named. Raises ValidationError."""
        if self.client.name and self.cleaned_data.get("whom") != OTHER:
            return self.client.name
        name = plain_line(self.cleaned_data["name"])
        if not name:
            raise ValidationError(
                _("Please tell us who is coming.") if self.client.name else _("Please tell us your name.")
            )
        return name

    def clean(self) -> dict[str, Any]:
        """Return the answers together with what is known of the client."""
        known = {"email": self.client.email or "", "phone": str(self.client.phone or ""), "agree": True}
        self.cleaned_data = {**known, **(super().clean() or self.cleaned_data)}
        return self.cleaned_data


def what_ails(email: str) -> str:
    """Return what is wrong with an email address, in words that say how to fix it."""
    name, at, host = email.rpartition("@")
    if not at:
        return _("This address is missing the @.")
    if not name:
        return _("This address is missing the part before the @.")
    if "." not in host:
        return _("This address is missing the end after “%(host)s”, such as .com.") % {"host": host}
    return _("Please enter a full email address, like ann@example.com.")
