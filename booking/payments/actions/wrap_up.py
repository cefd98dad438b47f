"""Settle a session when it is wrapped up: paid, by a package, later, or a fee that is waived."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from booking.models import Appointment, LedgerEntry
from booking.packages.actions import use_for
from booking.payments.actions.fee import waive
from booking.payments.actions.record import NotRecorded, record
from practice.models import User

LATER, PACKAGE = "later", "package"


@dataclass(frozen=True)
class SessionPayment:
    """What a wrap-up says about money. `how`: a way of paying, `PACKAGE` or `LATER`.

    `waives_fee`: of a session to which the client did not come; else its fee is outstanding.
    """

    key: str
    how: str = LATER
    cents: int = 0
    tip_cents: int = 0
    waives_fee: bool = False
    reason: str = ""


def use_package(appointment: Appointment, payment: SessionPayment, *, now: datetime) -> None:
    """Let a package pay if the wrap-up says so, before the session's outcome. Raises NotRecorded."""
    if payment.how == PACKAGE and use_for(appointment, now=now) is None:
        raise NotRecorded("how", _("No package covers this session."))


def settle(
    appointment: Appointment, payment: SessionPayment, *, by: User, now: datetime
) -> list[LedgerEntry]:
    """Record what a wrap-up says, in its transaction and after its outcome. Raises NotRecorded."""
    if appointment.state == Appointment.State.NO_SHOW:
        if not payment.waives_fee:
            return []
        return [waive(appointment, reason=payment.reason, by=by, key=payment.key, now=now)]
    if payment.how in (PACKAGE, LATER):
        return []
    return record(
        appointment,
        cents=payment.cents,
        tip_cents=payment.tip_cents,
        how=payment.how,
        by=by,
        key=payment.key,
        now=now,
    )
