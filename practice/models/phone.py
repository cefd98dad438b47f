"""The column of a phone number, and its value.

Both are django-phonenumber-field's, but keep the extension, which its E.164 drops
(`findings/phone_extension.sh`), and accept a number that is possible, though its prefix is not assigned yet.
"""

from __future__ import annotations

from typing import Any

import phonenumbers
from django.conf import settings
from django.utils.translation import gettext_lazy as _
from phonenumber_field import modelfields, phonenumber

from practice.core.locales import phone_numbers


class PhoneNumber(phonenumber.PhoneNumber):
    """A number whose text is the form in which it is kept, so that it can be read again in every country."""

    def is_valid(self) -> bool:
        """Return whether it could be dialed from anywhere (why: `locales.phone_numbers.read`)."""
        return bool(self.country_code) and bool(phone_numbers.as_kept(self))

    def __str__(self) -> str:
        return (phone_numbers.as_kept(self) if self.country_code else "") or self.raw_input or ""

    def __bool__(self) -> bool:
        """Return whether there is anything; by its length, it would be written out for that each time."""
        return bool(self.country_code or self.raw_input)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, str | phonenumbers.PhoneNumber) and str(self) == str(number_of(other))

    def __hash__(self) -> int:
        return hash(str(self))


def number_of(value: Any, *, region: str | None = None) -> Any:
    """Return a value of a form or a column as a number; an empty one is as it was."""
    if not value or isinstance(value, PhoneNumber):
        return value
    found = PhoneNumber()
    if isinstance(value, phonenumbers.PhoneNumber):
        found.merge_from(value)
        return found
    try:
        phonenumbers.parse(
            str(value), region or settings.PHONENUMBER_DEFAULT_REGION, keep_raw_input=True, numobj=found
        )
    except phonenumbers.NumberParseException:
        return PhoneNumber(raw_input=str(value))
    return found if found.is_valid() else PhoneNumber(raw_input=str(value))


class PhoneDescriptor(modelfields.PhoneNumberDescriptor):
    """The attribute of a row: what is assigned becomes a number."""

    def __set__(self, instance: Any, value: Any) -> None:
        instance.__dict__[self.field.name] = self.field.to_python(value)


class PhoneField(modelfields.PhoneNumberField):
    """A phone number. A text that is none (typed before we checked) stays as it is until it is corrected."""

    attr_class = PhoneNumber
    descriptor_class = PhoneDescriptor
    default_error_messages = {"invalid": _("Please enter a phone number with area code, like 303 555 0142.")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", phone_numbers.LONGEST)
        super().__init__(*args, **kwargs)

    def to_python(self, value: Any) -> Any:
        return number_of(value, region=self.region)

    def get_prep_value(self, value: Any) -> Any:
        return str(self.to_python(value)) if value else value

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        """Return the number; a text without a prefix is none yet: nobody has said of which country."""
        return number_of(value) if not value or value.startswith("+") else PhoneNumber(raw_input=value)
