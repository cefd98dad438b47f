"""Payments in words: ways of paying, what is owed for, how an account stands."""

from __future__ import annotations

from django.utils.translation import gettext as _

from booking.models import LedgerEntry
from booking.payments.accounts import Account
from booking.payments.engine.ledger import Why
from practice.core import formatting

How, What = LedgerEntry.How, LedgerEntry.What


def way_in_words(how: str) -> str:
    """Return a way of paying, such as "cash"; an unknown one of another version as it is."""
    return str(How(how).label) if how in How.values else how


def entry_in_words(entry: LedgerEntry) -> str:
    """Return what happened, such as "Payment, cash" or "Correction of a payment, cash"."""
    if entry.what == What.CORRECTION:
        said = _("Taken back")
    elif entry.what in (What.WAIVED, What.CHARGED):
        return {What.WAIVED: _("Waived"), What.CHARGED: _("Charged after all")}[What(entry.what)]
    else:
        said = {What.PAYMENT: _("Payment"), What.TIP: _("Tip"), What.REFUND: _("Refund")}[What(entry.what)]
    return f"{said}, {way_in_words(entry.how)}" if entry.how else said


def account_in_words(account: Account, *, locale: str) -> str:
    """Return how an account stands in one sentence, such as "$95 is outstanding."."""
    balance = account.balance

    def money(cents: int) -> str:
        return formatting.money(cents, account.currency, locale=locale)

    if balance.why is Why.PACKAGE:
        return _("A package covers it.")
    if balance.credit:
        return _("%(sum)s more was paid than is owed.") % {"sum": money(balance.credit)}
    if balance.outstanding:
        if balance.why is Why.LATE_FEE:
            return _("A late fee of %(sum)s is outstanding.") % {"sum": money(balance.outstanding)}
        return _("%(sum)s is outstanding.") % {"sum": money(balance.outstanding)}
    if balance.is_waived:
        return _("%(sum)s was waived.") % {"sum": money(balance.waived)}
    if balance.why is Why.CANCELED:
        return _("Nothing is owed.")
    return _("Paid.") if balance.paid else _("It costs nothing.")
