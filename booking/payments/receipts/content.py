"""What is printed on a receipt, as values: put together when it is issued, and kept with it.

Later changes of the practice's address or tax change no receipt. Only what a client may show to others is on
it: the name of the session type, and nothing of anybody's health.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from booking.models import LedgerEntry, Receipt
from booking.payments.accounts import Account
from booking.payments.engine import ledger
from practice.core.clock import zone_named
from practice.core.locales.readers import locale_of
from practice.models import Practice
from practice.queries import practice_zone
from practice.shipped_texts import reading_in

Content = dict[str, Any]
#: What differs between two receipts that say the same.
OF_THE_ISSUE = ("number", "issued_on", "replaces")


def content_of(
    account: Account, *, to: str, number: int, replaces: Receipt | None, practice: Practice, now: dt.datetime
) -> Content:
    """Return what a receipt for this account says. `to`: the name it is made out to."""
    reader = account.appointment.contact
    language = (reader.language if reader else "") or practice.language
    with reading_in(language):
        return _content(
            account, language, to=to, number=number, replaces=replaces, practice=practice, now=now
        )


def _content(
    account: Account,
    language: str,
    *,
    to: str,
    number: int,
    replaces: Receipt | None,
    practice: Practice,
    now: dt.datetime,
) -> Content:
    balance, zone = account.balance, practice_zone(practice)
    return {
        "number": number,
        "issued_on": now.astimezone(zone).date().isoformat(),
        "replaces": replaces.number if replaces else None,
        "language": language,
        "locale": locale_of(language, practice.home_locale),
        "currency": account.currency,
        "practice": {
            "name": practice.name,
            "address": practice.address_lines,
            "phone": practice.phone_shown,
            "email": practice.email,
        },
        "to": to,
        "session": {
            "what": account.appointment.session_type.name,
            "for": account.appointment.attendee_name,
            "day": account.appointment.starts_at.astimezone(zone_named(account.appointment.practitioner.zone))
            .date()
            .isoformat(),
            "with": account.appointment.practitioner.user.name,
            "why": balance.why,
            "cents": balance.charged,
            "waived": balance.waived,
        },
        "entries": [_printed(one, zone) for one in _standing(account)],
        "received": balance.paid + balance.tips,
        "outstanding": balance.outstanding,
        "credit": balance.credit,
        "tax": tax_of(balance.paid, practice),
        "note": practice.receipt_note,
    }


def tax_of(cents: int, practice: Practice) -> Content:
    """Return the tax line: name, number, rate in hundredths of a percent, and the tax in the sum."""
    hundredths = int(practice.tax_rate * 100)
    return {
        "name": practice.tax_name,
        "number": practice.tax_number,
        "hundredths": hundredths,
        "cents": ledger.tax_in(cents, hundredths),
    }


def says_the_same(one: Content, other: Content) -> bool:
    """Return whether two receipts differ in nothing but their number and day."""
    both = ({name: said for name, said in each.items() if name not in OF_THE_ISSUE} for each in (one, other))
    first, second = both
    return first == second


def _standing(account: Account) -> list[LedgerEntry]:
    counted = {one.number for one in ledger.standing_entries([each.entry for each in account.entries])}
    return [one for one in account.entries if one.pk in counted and one.is_money]


def _printed(entry: LedgerEntry, zone: dt.tzinfo) -> Content:
    return {
        "what": entry.what,
        "how": entry.how,
        "day": entry.at.astimezone(zone).date().isoformat(),
        "cents": entry.cents,
    }
