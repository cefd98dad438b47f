"""What a form says when a field is empty or wrong, unless the field has a sentence of its own.

Django's sentences ("Ensure this value is greater than or equal to 5.") are written for those who make forms.
"""

from django.core import validators
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.forms import fields, models
from django.utils.translation import gettext, ngettext_lazy
from django.utils.translation import gettext_lazy as _

from practice.core.locales.email_addresses import LONGEST, ascii_address

CHOOSE = {"required": _("Please choose one of these."), "invalid_choice": _("Please choose one of these.")}
CHOOSE_SOME = {"required": _("Please choose at least one of these.")}


def install() -> None:
    """Make these the sentences of all forms, before the first form is made."""
    fields.Field.default_error_messages["required"] = _("Please fill this in.")
    for kind in (fields.ChoiceField, models.ModelChoiceField):
        kind.default_error_messages |= CHOOSE
    for several in (fields.MultipleChoiceField, models.ModelMultipleChoiceField):
        several.default_error_messages |= CHOOSE_SOME
    validators.MinValueValidator.message = _("Please enter %(limit_value)s or more.")
    validators.MaxValueValidator.message = _("Please enter %(limit_value)s or less.")
    fields.EmailField.default_validators = [validate_email_address]
    validators.MaxLengthValidator.message = ngettext_lazy(
        "Please shorten this to %(limit_value)d character. It has %(show_value)d.",
        "Please shorten this to %(limit_value)d characters. It has %(show_value)d.",
        "limit_value",
    )


def wrong_email(email: str) -> str:
    """Return what is wrong with an email address, in words that say how to fix it; "" if nothing is.

    Right is what an email can be sent to: an international domain has an ASCII form, an international name
    before the @ has none.
    """
    name, at, host = email.rpartition("@")
    if len(email) > LONGEST:
        words = gettext("This email address is too long. The longest possible one has %(most)s characters.")
        return words % {"most": LONGEST}
    if at and not name.isascii():
        return gettext(
            "Many mail servers don’t accept these characters before the @. Please enter another address."
        )
    try:
        validate_email(email)
    except ValidationError:
        return _what_is_missing(name, at, host)
    if not ascii_address(email):
        return gettext("No email can be sent to this address. Please check it, or enter another one.")
    return ""


def _what_is_missing(name: str, at: str, host: str) -> str:
    """Return which part an address lacks."""
    if not at:
        return gettext("This address is missing the @.")
    if not name:
        return gettext("This address is missing the part before the @.")
    if "." not in host:
        return gettext("This address is missing the end after “%(host)s”, such as .com.") % {"host": host}
    return gettext("Please enter a full email address, like ann@example.com.")


def validate_email_address(value: str) -> None:
    """Raise ValidationError for an address that no email can be sent to.

    Its code is not Django's "invalid": no form's general sentence takes the place of these.
    """
    if words := wrong_email(value):
        raise ValidationError(words, code="unusable")
