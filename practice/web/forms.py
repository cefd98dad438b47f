"""Fields of forms that any page may use: an amount of money."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from practice.core import formatting, money
from practice.queries import the_practice


class MoneyField(forms.CharField):
    """An amount as people write it in the practice's locale and currency; its value is in cents."""

    def __init__(self, *, most: int = money.MOST_CENTS, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.TextInput({"inputmode": "decimal", "autocomplete": "off"}))
        super().__init__(**kwargs)
        self.most = most

    def prepare_value(self, value: Any) -> Any:
        """Return cents as they are typed, such as "140.00"; what was typed is kept."""
        if not isinstance(value, int):
            return value
        practice = the_practice()
        return money.typed(value, currency=practice.currency, locale=practice.locale)

    def clean(self, value: Any) -> int | None:
        """Return the cents; None for an empty field that may be empty. Raises ValidationError."""
        text = super().clean(value)
        if not text:
            return None
        practice = the_practice()
        try:
            return money.read(text, currency=practice.currency, locale=practice.locale, most=self.most)
        except money.NotAnAmount as error:
            raise ValidationError(
                refusal(error, currency=practice.currency, locale=practice.locale), code=error.fault
            ) from error


def refusal(error: money.NotAnAmount, *, currency: str, locale: str) -> str:
    """Return the sentence that says why a text is no amount, and how to write it."""

    def shown(cents: int) -> str:
        return formatting.money(cents, currency, locale=locale)

    if error.fault is money.Fault.AMBIGUOUS and error.readings:
        typed = money.typed(error.readings[0], currency=currency, locale=locale)
        return _("Did you mean %(amount)s? Then enter %(typed)s.") % {
            "amount": shown(error.readings[0]),
            "typed": typed,
        }
    if error.fault is money.Fault.OTHER_CURRENCY:
        return _("This practice uses %(currency)s. Enter an amount such as %(example)s.") % {
            "currency": currency,
            "example": shown(14000),
        }
    if error.fault is money.Fault.TOO_MUCH:
        return _("At most %(most)s.") % {"most": shown(error.most)}
    return _refused_plainly(error.fault, example=shown(14000))


def _refused_plainly(fault: money.Fault, *, example: str) -> str:
    if fault is money.Fault.NEGATIVE:
        return _("An amount can’t be below zero.")
    if fault is money.Fault.NO_CENTS:
        return _("This currency has no cents. Enter a whole amount.")
    return _("Enter an amount such as %(example)s.") % {"example": example}
