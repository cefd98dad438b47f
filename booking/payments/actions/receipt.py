"""Issue a receipt, numbered without gaps, and send it to the person who paid."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from booking.locking.locks import moment
from booking.models import Appointment, Receipt
from booking.payments import letters
from booking.payments.accounts import Account, account_of, latest_receipt
from booking.payments.actions.record import NotRecorded, locked
from booking.payments.receipts.content import Content, content_of, says_the_same
from booking.payments.receipts.typefaces import unprintable
from practice.core.plain_text import plain_line
from practice.models import Letter, Practice, User
from practice.queries import the_practice
from practice.shipped_texts import reading_in

LONGEST = 150


def issue(appointment: Appointment, *, to: str, by: User, now: datetime | None = None) -> Receipt:
    """Return a receipt of what was paid so far, made out to a name; the last one, if nothing changed since.

    The number is the next one, taken under a lock that ends with the transaction: a receipt that fails leaves
    no gap. Raises NotRecorded where nothing was paid, or for letters that no font here can print.
    """
    to = plain_line(to)
    with transaction.atomic():
        appointment = locked(appointment)
        account = account_of(appointment)
        _must_be_printable(account, to)
        practice = _practice_locked()
        now = moment(now)
        last = latest_receipt(appointment)
        content = content_of(account, to=to, number=_next_number(), replaces=last, practice=practice, now=now)
        if last and says_the_same(last.content, content):
            return last
        return _issued(account, content, replaces=last, by=by, now=now)


def send(receipt: Receipt, *, now: datetime | None = None) -> Letter:
    """Plan the email with a receipt to the person who paid, once. Raises NotRecorded without an address."""
    letter = letters.receipt(receipt, now=moment(now)) if receipt.content else None
    if letter is None:
        raise NotRecorded("", _("There is no email address to send it to."))
    return letter


def _issued(
    account: Account, content: Content, *, replaces: Receipt | None, by: User, now: datetime
) -> Receipt:
    return Receipt.objects.create(
        number=content["number"],
        appointment=account.appointment,
        payer=account.appointment.contact,
        replaces=replaces,
        cents=content["received"],
        tax_cents=content["tax"]["cents"],
        currency=content["currency"],
        issued_at=now,
        issued_by=by,
        content=content,
    )


def _practice_locked() -> Practice:
    """Return the practice, its row locked: whoever issues next waits until this number is taken."""
    return Practice.objects.select_for_update(no_key=True).filter(pk=1).first() or the_practice()


def _next_number() -> int:
    """Return the number after the last one. Asked under the lock."""
    return int(Receipt.objects.aggregate(last=Max("number"))["last"] or 0) + 1


def _must_be_printable(account: Account, to: str) -> None:
    """Check that there is something to confirm, and that it can be printed. Raises NotRecorded."""
    if not any(one.is_money for one in account.entries):
        raise NotRecorded("", _("Nothing has been paid yet."))
    if not to:
        raise NotRecorded("to", _("Please enter the name of the person who paid."))
    if len(to) > LONGEST:
        raise NotRecorded("to", _("Up to 150 characters, please."))
    if signs := unprintable(to):
        raise NotRecorded(
            "to",
            _("A receipt can’t print these characters: %(signs)s. Please enter it in Latin characters.")
            % {"signs": signs[:40]},
        )
    practice, one = the_practice(), account.appointment
    words = [practice.name, *practice.address_lines, practice.tax_number]
    with reading_in((one.contact.language if one.contact else "") or practice.language):
        words += [practice.receipt_note, practice.tax_name, one.session_type.name]
    words.append(one.practitioner.user.name)
    if signs := unprintable(" ".join(words)):
        message = _("A receipt can’t print these characters of your own texts: %(signs)s.")
        raise NotRecorded("", message % {"signs": signs[:40]})
