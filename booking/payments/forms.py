"""The forms of payments: record, refund, waive, issue a receipt, and what is printed on receipts."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from booking.models import LedgerEntry
from booking.payments.accounts import Account
from booking.payments.actions.record import new_key
from booking.payments.receipts.typefaces import unprintable
from practice.core import money
from practice.models import Practice
from practice.queries import the_practice
from practice.web.forms import MoneyField, refusal

WAYS = [(how.value, capfirst(how.label)) for how in LedgerEntry.How]


class AmountField(MoneyField):
    """A sum of money in the currency of the session, which may be another than the practice's today."""

    currency = ""

    def prepare_value(self, value: Any) -> Any:
        """Return cents as a field shows them; what was typed stays."""
        if isinstance(value, int):
            return money.typed(value, currency=self.currency, locale=the_practice().locale)
        return value

    def clean(self, value: Any) -> int | None:
        """Return the cents; None for an empty field that may be empty. Raises ValidationError."""
        text = forms.CharField.clean(self, value)
        if not text:
            return None
        locale = the_practice().locale
        try:
            return money.read(text, currency=self.currency, locale=locale, most=self.most)
        except money.NotAnAmount as error:
            words = refusal(error, currency=self.currency, locale=locale)
            raise ValidationError(words, code=error.fault) from error


class MoneyForm(forms.Form):
    """The base of forms about a session's account: each page has a key, so that sent twice it counts once."""

    use_required_attribute = False
    key = forms.CharField(widget=forms.HiddenInput, required=False, max_length=40)

    def __init__(self, data: Any = None, *, account: Account, initial: Any = None, **options: Any) -> None:
        super().__init__(data, initial={"key": new_key(), **(initial or {})}, **options)
        self.account = account
        for field in self.fields.values():
            if isinstance(field, AmountField):
                field.currency = account.currency

    def clean_key(self) -> str:
        """Return the page's key; a new one for a page without."""
        return self.cleaned_data["key"] or new_key()


class PaymentForm(MoneyForm):
    """The form for a payment; it begins with what is outstanding."""

    amount = AmountField(label=gettext_lazy("Amount"), required=False)
    how = forms.ChoiceField(
        label=gettext_lazy("How"),
        choices=WAYS,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Please choose how it was paid.")},
    )
    tip = AmountField(label=gettext_lazy("Tip"), required=False)

    def __init__(self, data: Any = None, *, account: Account, **options: Any) -> None:
        super().__init__(data, account=account, initial={"amount": account.outstanding}, **options)


class RefundForm(MoneyForm):
    """The form for giving money back; it begins with what was paid beyond what is owed."""

    amount = AmountField(
        label=gettext_lazy("Amount"), error_messages={"required": gettext_lazy("Please enter an amount.")}
    )
    how = forms.ChoiceField(
        label=gettext_lazy("How"),
        choices=WAYS,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Please choose how it was given back.")},
    )

    def __init__(self, data: Any = None, *, account: Account, **options: Any) -> None:
        begin = {"amount": account.balance.credit or ""}
        super().__init__(data, account=account, initial=begin, **options)


class WaiveForm(MoneyForm):
    """The form for waiving what is outstanding."""

    reason = forms.CharField(
        label=gettext_lazy("Why"),
        required=False,
        max_length=200,
        help_text=gettext_lazy("Only the practitioner, the owner and you can read it."),
        error_messages={"max_length": gettext_lazy("Up to 200 characters, please.")},
    )


class ReceiptForm(forms.Form):
    """The form for a receipt: to whom it is made out."""

    use_required_attribute = False
    to = forms.CharField(
        label=gettext_lazy("Made out to"),
        max_length=150,
        error_messages={"required": gettext_lazy("Please enter the name of the person who paid.")},
    )

    def __init__(self, data: Any = None, *, account: Account, **options: Any) -> None:
        payer = account.appointment.contact
        name = payer.name if payer else account.appointment.attendee_name
        super().__init__(data, initial={"to": name}, **options)
        if unprintable(name):
            self.fields["to"].help_text = _("Please enter it in Latin, Greek or Cyrillic characters.")


class ReceiptSettingsForm(forms.ModelForm):
    """The owner's form for what all receipts say."""

    use_required_attribute = False

    class Meta:
        model = Practice
        fields = ("tax_name", "tax_rate", "tax_number", "receipt_note", "payments_since")
        labels = {
            "tax_name": gettext_lazy("Name of the tax"),
            "tax_rate": gettext_lazy("Rate included in prices, in percent"),
            "tax_number": gettext_lazy("Tax number"),
            "receipt_note": gettext_lazy("Last line"),
            "payments_since": gettext_lazy("List as outstanding since"),
        }
        help_texts = {
            "tax_name": gettext_lazy("Such as VAT. Leave it empty if you charge none."),
            "tax_rate": gettext_lazy("0 if prices include no tax."),
            "tax_number": gettext_lazy("Or an employer identification number; each receipt shows it."),
            "payments_since": gettext_lazy("Sessions before this day are not listed."),
        }
        widgets = {
            "tax_rate": forms.TextInput(attrs={"inputmode": "decimal"}),
            "payments_since": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        }

    def clean(self) -> dict[str, Any]:
        """Return the cleaned data; refuse what no receipt can print."""
        said = dict(super().clean() or self.cleaned_data)
        for name in ("tax_name", "tax_number", "receipt_note"):
            if signs := unprintable(said.get(name) or ""):
                message = _("A receipt can’t print these characters: %(signs)s.")
                self.add_error(name, message % {"signs": signs[:40]})
        if said.get("tax_rate") and not said.get("tax_name"):
            self.add_error("tax_name", _("Please name the tax that prices include."))
        return said
