"""What is owed for a session and what is still outstanding, in whole cents.

A ledger only grows: a mistake is taken back by an entry of its own (`CORRECTION`), and the last word on a fee
counts. Nothing here is ever rounded but the tax.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

PAYMENT, TIP, REFUND, CORRECTION = "payment", "tip", "refund", "correction"
WAIVED, CHARGED = "waived", "charged"
#: Entries that can be taken back, and those that say whether anything is owed at all.
CORRECTABLE = (PAYMENT, TIP, REFUND)
DECISIONS = (WAIVED, CHARGED)


@dataclass(frozen=True)
class Entry:
    """An entry of a ledger. Cents are negative where money was given back."""

    number: int
    what: str
    cents: int = 0
    corrects: int | None = None


class Outcome(StrEnum):
    """What became of a session, as far as money is concerned."""

    TAKES_PLACE = "takes_place"
    MISSED = "missed"
    CANCELED_LATE = "canceled_late"
    CANCELED_LATE_BY_US = "canceled_late_by_us"
    CANCELED = "canceled"


class Why(StrEnum):
    """What a sum is owed for, or why none is."""

    SESSION = "session"
    LATE_FEE = "late_fee"
    PACKAGE = "package"
    FREE = "free"
    CANCELED = "canceled"


@dataclass(frozen=True)
class Charge:
    """A session as it is charged: price as booked, its late fee, and whether a package covers it."""

    price: int
    fee: int
    outcome: Outcome
    is_covered: bool = False

    @property
    def has_optional_fee(self) -> bool:
        """Return whether a fee could be charged that is not charged by itself: we canceled, late."""
        return self.outcome is Outcome.CANCELED_LATE_BY_US and not self.is_covered and self.fee > 0

    def due(self, decision: str) -> tuple[int, Why]:
        """Return what is owed in all, and for what. `decision`: the last word on it, "" without one."""
        if self.is_covered:
            return 0, Why.PACKAGE
        if self.outcome is Outcome.TAKES_PLACE:
            return self.price, Why.SESSION if self.price else Why.FREE
        if self.has_optional_fee and decision != CHARGED:
            return 0, Why.CANCELED
        owes = self.outcome is not Outcome.CANCELED and self.fee
        return (self.fee, Why.LATE_FEE) if owes else (0, Why.CANCELED)


@dataclass(frozen=True)
class Balance:
    """What is owed and what was paid. `charged`: before anything was waived; tips settle nothing."""

    charged: int
    why: Why
    paid: int
    tips: int
    is_waived: bool

    @property
    def outstanding(self) -> int:
        """Return what is still to be paid."""
        return 0 if self.is_waived else max(0, self.charged - self.paid)

    @property
    def credit(self) -> int:
        """Return what was paid beyond what is owed, and could be given back."""
        return max(0, self.paid - self.charged)

    @property
    def waived(self) -> int:
        """Return how much of what was charged nobody has to pay."""
        return max(0, self.charged - self.paid) if self.is_waived else 0


def standing_entries(entries: Sequence[Entry]) -> list[Entry]:
    """Return the entries that count: without those taken back, and what took them back."""
    gone = {one.corrects for one in entries if one.what == CORRECTION}
    return [one for one in entries if one.what != CORRECTION and one.number not in gone]


def decision_in(entries: Sequence[Entry]) -> str:
    """Return the last word on what is owed: waived, charged, or ""."""
    said = [one for one in entries if one.what in DECISIONS]
    return max(said, key=lambda one: one.number).what if said else ""


def balance_of(charge: Charge, entries: Sequence[Entry]) -> Balance:
    """Return how a session's account stands."""
    counted, decision = standing_entries(entries), decision_in(entries)
    charged, why = charge.due(decision)
    return Balance(
        charged=charged,
        why=why,
        paid=sum(one.cents for one in counted if one.what in (PAYMENT, REFUND)),
        tips=sum(one.cents for one in counted if one.what == TIP),
        is_waived=decision == WAIVED and charged > 0,
    )


def may_correct(entries: Sequence[Entry], number: int) -> bool:
    """Return whether an entry can be taken back: it counts, and no refund would be left without its money."""
    counted = standing_entries(entries)
    found = next((one for one in counted if one.number == number and one.what in CORRECTABLE), None)
    if found is None:
        return False
    paid = sum(one.cents for one in counted if one.what in (PAYMENT, REFUND))
    return found.what != PAYMENT or paid - found.cents >= 0


def tax_in(cents: int, hundredths: int) -> int:
    """Return the tax that a sum includes, half a cent rounded up; `hundredths`: the rate, 770 for 7.7%."""
    sign = -1 if cents < 0 else 1
    base = 10_000 + hundredths
    return sign * ((abs(cents) * hundredths * 2 + base) // (base * 2))
