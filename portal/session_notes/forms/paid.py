"""The part of the wrap-up about money: paid how, later, or a late fee that is waived."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from booking.packages import queries as packages_queries
from booking.payments.accounts import Account
from booking.payments.actions.record import NotRecorded
from booking.payments.actions.wrap_up import LATER, PACKAGE, SessionPayment
from booking.payments.forms import WAYS, AmountField, MoneyForm
from practice.core import formatting
from practice.queries import the_practice

CHARGE, WAIVE = "charge", "waive"


class PaidForm(MoneyForm):
    """The form for what was paid. It begins with "later": a session can be signed without a word on it."""

    prefix = "pay"
    #: Its fields as a draft keeps them. The key is not kept: it belongs to one page.
    DRAFTED = tuple(f"pay-{name}" for name in ("how", "amount", "tip", "fee", "reason", "of"))

    how = forms.ChoiceField(label=gettext_lazy("How"), required=False, widget=forms.RadioSelect)
    amount = AmountField(label=gettext_lazy("Amount"), required=False)
    tip = AmountField(label=gettext_lazy("Tip"), required=False)
    fee = forms.ChoiceField(
        label=gettext_lazy("Late fee"),
        required=False,
        widget=forms.RadioSelect,
        choices=[(CHARGE, ""), (WAIVE, "")],
    )
    reason = forms.CharField(label=gettext_lazy("Why"), required=False, max_length=200)
    of = forms.CharField(widget=forms.HiddenInput, required=False, max_length=20)

    def __init__(self, data: Any, *, account: Account, drafted: Mapping[str, Any]) -> None:
        """Set up the fields; `drafted`: a draft's values, used while the same sum is outstanding."""
        self.attended, self.missed = account.if_attended(), account.if_missed()
        begin = {
            "how": LATER,
            "amount": self.attended.outstanding,
            "fee": CHARGE,
            "of": self.attended.outstanding,
        }
        if drafted.get("pay-of") == str(self.attended.outstanding):
            kept = {name: said for name, said in drafted.items() if name in self.DRAFTED}
            begin |= {name.removeprefix("pay-"): said for name, said in kept.items()}
        super().__init__(data, account=account, initial=begin)
        how, fee = self.fields["how"], self.fields["fee"]
        assert isinstance(how, forms.ChoiceField)
        assert isinstance(fee, forms.ChoiceField)
        how.choices = [(LATER, _("Later")), *WAYS, *self._package_choice()]
        sum_ = self._money(self.missed.outstanding)
        fee.choices = [(CHARGE, _("Charge %(sum)s") % {"sum": sum_}), (WAIVE, _("Waive it"))]

    def _money(self, cents: int) -> str:
        return formatting.money(cents, self.account.currency, locale=the_practice().locale)

    def _package_choice(self) -> list[tuple[str, str]]:
        """Return the choice of a package, where one of the client's could pay."""
        one = self.account.appointment
        if not self.attended.outstanding or self.attended.paid or not one.is_expected or one.client is None:
            return []
        left = packages_queries.left_for(
            packages_queries.of_client(one.client),
            one.session_type,
            day=packages_queries.day_of(one.practitioner, one.starts_at),
        )
        words = ngettext("Package, %(left)s left", "Package, %(left)s left", left) % {"left": left}
        return [(PACKAGE, words)] if left else []

    def outstanding_in_words(self) -> str:
        """Return what is outstanding after the session, like "$95"."""
        return self._money(self.attended.outstanding)

    def payment(self) -> SessionPayment:
        """Return what was said, for the action that records it."""
        said = self.cleaned_data
        return SessionPayment(
            key=said["key"],
            how=said["how"] or LATER,
            cents=said["amount"] or 0,
            tip_cents=said["tip"] or 0,
            waives_fee=said["fee"] == WAIVE and self.missed.outstanding > 0,
            reason=said["reason"],
        )

    def refuse(self, refusal: NotRecorded) -> None:
        """Add why it was not recorded, at its field."""
        self.add_error(refusal.field if refusal.field in self.fields else None, refusal.message)
