"""What was paid, and what is outstanding, as lists show them."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from booking.models import LedgerEntry
from booking.payments.account_page import money_of
from booking.payments.accounts import Account
from booking.payments.engine.ledger import Why
from booking.payments.spreadsheet import payer_of, subject_of
from booking.payments.wording import entry_in_words, way_in_words
from practice.core import formatting
from practice.queries import the_practice


@dataclass(frozen=True)
class PaidRow:
    """A line of a day or a month. `uid`, `client`: where it leads, to a session or a client's packages."""

    at: dt.datetime
    who: str
    what: str
    entry: str
    sum: str
    uid: str = ""
    client: int | None = None


@dataclass(frozen=True)
class Total:
    """The sum of one way of paying; without a name, of all."""

    name: str
    sum: str


@dataclass(frozen=True)
class OutstandingRow:
    """A session that nobody has paid yet."""

    uid: str
    who: str
    since: dt.datetime
    what: str
    sum: str


def paid_rows(entries: Iterable[LedgerEntry]) -> list[PaidRow]:
    """Return entries as lines, in the order given."""
    return [
        PaidRow(
            at=one.at,
            who=payer_of(one) or _("an erased client"),
            what=subject_of(one),
            entry=entry_in_words(one),
            sum=money_of(one),
            uid=str(one.appointment.uid) if one.appointment else "",
            client=one.package.client_id if one.package else None,
        )
        for one in entries
    ]


def totals_of(entries: Sequence[LedgerEntry]) -> list[Total]:
    """Return the sum of each way of paying, in their usual order, and of all; each currency by itself."""
    sums: dict[tuple[str, str], int] = defaultdict(int)
    for one in entries:
        sums[one.currency, one.how] += one.cents
    found, locale = [], the_practice().locale
    for currency in sorted({currency for currency, _how in sums}):
        ways = [(how, sums[currency, how]) for how in LedgerEntry.How.values if (currency, how) in sums]
        named = [(way_in_words(how), cents) for how, cents in ways]
        for name, cents in (*named, ("", sum(cents for _name, cents in named))):
            found.append(Total(name, formatting.money(cents, currency, locale=locale)))
    return found


def outstanding_rows(accounts: Iterable[Account]) -> list[OutstandingRow]:
    """Return who owes what since when, the oldest first."""
    locale = the_practice().locale
    return [
        OutstandingRow(
            uid=str(one.appointment.uid),
            who=one.appointment.attendee_name or _("an erased client"),
            since=one.appointment.starts_at,
            what=_("late fee") if one.balance.why is Why.LATE_FEE else one.appointment.session_type.name,
            sum=formatting.money(one.outstanding, one.currency, locale=locale),
        )
        for one in accounts
    ]
