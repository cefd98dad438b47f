"""The workspace form for a new person, or for what a place asks of a known client."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from booking.places.forms import AsksForPlace
from practice.models import User


class NewPerson(AsksForPlace):
    """A person without a record, as described on the phone. Without an address no email is sent.

    For a `client` with a record it asks only what the session's place needs.
    """

    use_required_attribute = False

    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=150,
        error_messages={"required": gettext_lazy("Please enter who is coming.")},
    )
    email = forms.EmailField(
        label=gettext_lazy("Email"),
        max_length=254,
        required=False,
        help_text=gettext_lazy(
            "We send the confirmation and reminders here. Without an email address, none are sent."
        ),
        error_messages={"invalid": gettext_lazy("This does not look like an email address.")},
    )
    phone = forms.CharField(label=gettext_lazy("Phone"), max_length=40, required=False)

    def __init__(
        self, data: Any = None, *, place: str = "", client: User | None = None, initial: Any = None
    ) -> None:
        super().__init__(data, initial=initial)
        if place:
            self.ask_for(place, phone=str(client.phone or "") if client else "")
        if client is not None:
            del self.fields["name"], self.fields["email"]
            if not self.needs_phone:
                del self.fields["phone"]
