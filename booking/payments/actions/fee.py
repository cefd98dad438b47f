"""Say what need not be paid, with a reason; or that a fee is charged after all."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from booking.locking.locks import moment
from booking.models import Appointment, LedgerEntry
from booking.payments.accounts import account_of
from booking.payments.actions.record import NotRecorded, locked, new_entry, recorded_before
from practice.core.plain_text import plain_line
from practice.models import User

What = LedgerEntry.What
LONGEST = 200


def waive(
    appointment: Appointment, *, reason: str, by: User, key: str, now: datetime | None = None
) -> LedgerEntry:
    """Waive what is outstanding, a late fee or a price, and keep the reason. Raises NotRecorded."""
    reason = plain_line(reason)
    with transaction.atomic():
        appointment = locked(appointment)
        now = moment(now)
        if before := recorded_before(appointment, key):
            return before[0]
        if not reason:
            raise NotRecorded("reason", _("Please say why."))
        if len(reason) > LONGEST:
            raise NotRecorded("reason", _("Up to 200 characters, please."))
        if not account_of(appointment).may_be_waived:
            raise NotRecorded("", _("Nothing is outstanding."))
        return new_entry(appointment, What.WAIVED, 0, by=by, key=key, now=now, note=reason)


def charge(appointment: Appointment, *, by: User, key: str, now: datetime | None = None) -> LedgerEntry:
    """Charge what was waived, or the late fee of a session that we canceled late. Raises NotRecorded."""
    with transaction.atomic():
        appointment = locked(appointment)
        now = moment(now)
        if before := recorded_before(appointment, key):
            return before[0]
        if not account_of(appointment).may_be_charged:
            raise NotRecorded("", _("There is nothing to charge."))
        return new_entry(appointment, What.CHARGED, 0, by=by, key=key, now=now)
