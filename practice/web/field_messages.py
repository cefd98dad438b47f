"""What a form says when a field is empty or wrong, unless the field has a sentence of its own.

Django's sentences ("Ensure this value is greater than or equal to 5.") are written for those who make forms.
"""

from django.core import validators
from django.forms import fields, models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

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
    validators.EmailValidator.message = _("Please enter an email address such as ann@example.com.")
    validators.MaxLengthValidator.message = ngettext_lazy(
        "Please shorten this to %(limit_value)d character. It has %(show_value)d.",
        "Please shorten this to %(limit_value)d characters. It has %(show_value)d.",
        "limit_value",
    )
