"""What a page shows of a session's account: its entries in words, and what can be done."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from booking.models import LedgerEntry, Receipt
from booking.payments.accounts import Account, reason_of
from booking.payments.engine import ledger
from booking.payments.wording import account_in_words, entry_in_words
from practice.access import rows
from practice.core import formatting
from practice.models import User
from practice.queries import the_practice


@dataclass(frozen=True)
class EntryRow:
    """An entry as a page shows it. `may_go`: whether it can be taken back."""

    entry: LedgerEntry
    words: str
    sum: str
    reason: str
    is_gone: bool
    may_go: bool


def account_page(user: User, account: Account) -> dict[str, Any]:
    """Return what a page shows of an account to somebody at work."""
    locale = the_practice().locale
    receipts = rows.for_person(user, Receipt.objects.filter(appointment=account.appointment))
    return {
        "account": account,
        "appointment": account.appointment,
        "stands": account_in_words(account, locale=locale),
        "fee": formatting.money(account.charge.fee, account.currency, locale=locale),
        "entries": entry_rows(user, account),
        "receipts": list(receipts.select_related("payer").order_by("number")),
    }


def entry_rows(user: User, account: Account) -> list[EntryRow]:
    """Return an account's entries, oldest first, with the reasons that this person may read."""
    all_of_them = [one.entry for one in account.entries]
    gone = {one.corrects_id for one in account.entries}
    return [
        EntryRow(
            entry=one,
            words=entry_in_words(one),
            sum=money_of(one) if one.is_money else "",
            reason=reason_of(user, one),
            is_gone=one.pk in gone,
            may_go=ledger.may_correct(all_of_them, one.pk),
        )
        for one in account.entries
    ]


def money_of(entry: LedgerEntry) -> str:
    """Return an entry's sum, like "$95"."""
    return formatting.money(entry.cents, entry.currency, locale=the_practice().locale)
