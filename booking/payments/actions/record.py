"""Record money for a session: a payment with its tip, a refund, a correction.

Each is a row of its own, and none is ever changed. The appointment's row is locked, so that two people who
record at once see each other's; and each row carries the key of the page it came from, so that a form sent
twice pays once.
"""

from __future__ import annotations

import uuid
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from booking.errors import BookingError
from booking.locking.changes import reload
from booking.locking.locks import moment
from booking.models import Appointment, LedgerEntry
from booking.payments.accounts import Account, account_of
from booking.payments.engine import ledger
from practice.core import formatting
from practice.core.plain_text import plain_line
from practice.models import User
from practice.queries import the_practice

What, How = LedgerEntry.What, LedgerEntry.How
#: A sum beyond any session: a slip of the finger.
MOST = 10_000_000


class NotRecorded(BookingError):
    """Raised when a sum makes no sense, or not any more. `field` says which entry of the form."""

    code = "payment"

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


def record(
    appointment: Appointment,
    *,
    cents: int,
    how: str,
    by: User,
    key: str,
    tip_cents: int = 0,
    now: datetime | None = None,
) -> list[LedgerEntry]:
    """Record a payment, and a tip beside it; return the rows.

    The same `key` with the same sums changes nothing. More than is outstanding is refused: what goes
    beyond it is a tip, which settles nothing. Raises NotRecorded.
    """
    sums = {What.PAYMENT: cents, What.TIP: tip_cents}
    with transaction.atomic():
        appointment = locked(appointment)
        now = moment(now)
        if before := recorded_before(appointment, key):
            must_be_the_same(before, {what: sum_ for what, sum_ in sums.items() if sum_}, how)
            return before
        _must_be_payable(account_of(appointment), cents, tip_cents, how)
        return [
            new_entry(appointment, what, sum_, how=how, by=by, key=key, now=now)
            for what, sum_ in sums.items()
            if sum_
        ]


def refund(
    appointment: Appointment, *, cents: int, how: str, by: User, key: str, now: datetime | None = None
) -> LedgerEntry:
    """Record that money was given back. More than was paid is refused. Raises NotRecorded."""
    with transaction.atomic():
        appointment = locked(appointment)
        now = moment(now)
        if before := recorded_before(appointment, key):
            must_be_the_same(before, {What.REFUND: -cents}, how)
            return before[0]
        if cents <= 0:
            raise NotRecorded("amount", _("Please enter an amount above zero."))
        _must_name_a_way(how)
        paid = account_of(appointment).balance.paid
        if cents > paid:
            message = _("Only %(paid)s was paid, so no more than that can be refunded.")
            raise NotRecorded("amount", message % {"paid": money(max(0, paid), appointment)})
        return new_entry(appointment, What.REFUND, -cents, how=how, by=by, key=key, now=now)


def correct(entry: LedgerEntry, *, by: User, now: datetime | None = None) -> LedgerEntry:
    """Take back an entry that was a mistake, with an entry of its own; twice changes nothing.

    Raises NotRecorded for what cannot be taken back, such as a payment that was refunded since.
    """
    assert entry.appointment is not None
    with transaction.atomic():
        appointment = locked(entry.appointment)
        now = moment(now)
        if before := LedgerEntry.objects.filter(corrects=entry).first():
            return before
        entries = [one.entry for one in account_of(appointment).entries]
        if not ledger.may_correct(entries, entry.pk):
            raise NotRecorded("", _("This was refunded since. Take the refund back first."))
        return LedgerEntry.objects.create(
            appointment=appointment,
            what=What.CORRECTION,
            how=entry.how,
            cents=-entry.cents,
            currency=entry.currency,
            at=now,
            by=by,
            corrects=entry,
            key=f"correction:{entry.pk}",
        )


def locked(appointment: Appointment) -> Appointment:
    """Return the appointment as it is now, its row locked until the transaction ends."""
    list(Appointment.objects.select_for_update(no_key=True, of=("self",)).filter(pk=appointment.pk))
    return reload(appointment)


def recorded_before(appointment: Appointment, key: str) -> list[LedgerEntry]:
    """Return the rows that a page's key has recorded already. Asked under the lock."""
    return list(LedgerEntry.objects.filter(key__startswith=f"{_key(appointment, key)}:").order_by("pk"))


def must_be_the_same(before: list[LedgerEntry], sums: dict[LedgerEntry.What, int], how: str) -> None:
    """Check that a page sent again says the same. Raises NotRecorded."""
    if {one.what: one.cents for one in before} != sums or before[0].how != how:
        raise NotRecorded(
            "",
            _("This page has recorded something else already. Please check the entries, then try again."),
        )


def new_key() -> str:
    """Return a key for a page with a form."""
    return uuid.uuid4().hex


def money(cents: int, appointment: Appointment) -> str:
    """Return a sum in the appointment's currency, in words."""
    return formatting.money(cents, appointment.currency, locale=the_practice().locale)


def _must_be_payable(account: Account, cents: int, tip_cents: int, how: str) -> None:
    """Check a payment against what is outstanding. Raises NotRecorded."""
    if cents < 0 or tip_cents < 0 or not cents + tip_cents:
        raise NotRecorded("amount", _("Please enter an amount above zero."))
    _must_name_a_way(how)
    if tip_cents > MOST:
        raise NotRecorded("tip", _("That is too much for a tip."))
    if cents > account.outstanding:
        if not account.outstanding:
            raise NotRecorded("amount", _("Nothing is outstanding. Enter anything extra as a tip."))
        message = _("Only %(sum)s is outstanding. Enter anything extra as a tip.")
        raise NotRecorded("amount", message % {"sum": money(account.outstanding, account.appointment)})


def _must_name_a_way(how: str) -> None:
    if how not in How.values:
        raise NotRecorded("how", _("Please choose how it was paid."))


def _key(appointment: Appointment, key: str) -> str:
    return f"{appointment.uid}:{plain_line(key)[:40]}"


def new_entry(
    appointment: Appointment,
    what: str,
    cents: int,
    *,
    how: str = "",
    by: User,
    key: str,
    now: datetime,
    note: str = "",
) -> LedgerEntry:
    """Write a row, under the lock, with the key of its page."""
    return LedgerEntry.objects.create(
        appointment=appointment,
        what=what,
        how=how,
        cents=cents,
        currency=appointment.currency,
        at=now,
        by=by,
        key=f"{_key(appointment, key)}:{what}",
        note=note,
    )
