"""What covers a session: a package, the price at the practice, nothing, or a late fee.

The one answer for pages, emails and actions. Another way to pay, like online, is one more case of `By` here,
and its words in `wording.py`.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from booking.models import Appointment, Package, PackageUse
from booking.policy.terms import late_fee, policy_of, window_of
from practice.models.written_queries import WrittenOnce


class By(StrEnum):
    """The ways in which a session, or the end of it, is settled."""

    PACKAGE = "package"
    AT_PRACTICE = "at_practice"
    FREE = "free"
    LATE_FEE = "late_fee"
    NOTHING_DUE = "nothing_due"


@dataclass(frozen=True)
class Settlement:
    """What covers a session. `cents` is what its client owes in money; a package owes none.

    `package`: the one that pays, if it does; `left`: how many sessions it has beside this one.
    """

    by: By
    currency: str
    cents: int = 0
    package: Package | None = None
    left: int = 0

    @property
    def is_covered(self) -> bool:
        """Return whether a package pays with one of its sessions."""
        return self.by == By.PACKAGE


def settlement_of(appointment: Appointment) -> Settlement:
    """Return what covers the session as it is agreed, in one query; `if_canceled` says what a cancel leaves.

    A missed session keeps its package; in money it costs its late fee (`booking/payments/accounts.py`).
    """
    use = next(iter(_USE.objects(appointment=appointment.pk)), None)
    return _by_package(use, appointment) if use else priced(appointment)


def settlements_of(appointments: Collection[Appointment]) -> dict[int, Settlement]:
    """Return `settlement_of` for each appointment by its id, in one query."""
    uses = {use.appointment_id: use for use in _uses([one.pk for one in appointments])}
    return {one.pk: _by_package(uses[one.pk], one) if one.pk in uses else priced(one) for one in appointments}


def priced(appointment: Appointment) -> Settlement:
    """Return what it costs where no package pays: its price at the practice, or nothing."""
    by = By.AT_PRACTICE if appointment.price_cents else By.FREE
    return Settlement(by, appointment.currency, cents=appointment.price_cents)


def if_booked(held: Appointment, *, left: int) -> Settlement:
    """Return what would cover a held time once it is booked. `left`: unused sessions of packages for it."""
    return Settlement(By.PACKAGE, held.currency, left=left - 1) if left else priced(held)


def if_canceled(appointment: Appointment, now: datetime, *, agreed: Settlement | None = None) -> Settlement:
    """Return what is due if its client cancels it at `now`: nothing, the package's session, or a late fee.

    A request is withdrawn at no charge. Of a canceled one, `now` is when that was. `agreed`: its settlement,
    where that is known: without it there is a query, except where nothing is due anyway.
    """
    nothing = Settlement(By.NOTHING_DUE, appointment.currency)
    if appointment.state == Appointment.State.PENDING or window_of(appointment, now) == "free":
        return nothing
    agreed = agreed or settlement_of(appointment)
    if agreed.is_covered:
        return agreed
    fee = late_fee(policy_of(appointment), appointment.price_cents)
    return Settlement(By.LATE_FEE, appointment.currency, cents=fee) if fee else nothing


def _uses(appointments: Collection[int]) -> QuerySet[PackageUse]:
    """Return the package sessions that pay for these now, each with how many its package has `used`."""
    of_package = PackageUse.objects.filter(package=OuterRef("package"), given_back_at=None).order_by()
    used = of_package.values("package").annotate(number=Count("pk")).values("number")
    return (
        PackageUse.objects.filter(appointment__in=appointments, given_back_at=None)
        .select_related("package")
        .defer("package__note")  # encrypted: a lost key must not block a page
        .annotate(used=Coalesce(Subquery(used), 0))
    )


#: Asked for every booking, and for every email about one.
_USE = WrittenOnce(lambda appointment: _uses([appointment]), appointment=-11)


def _by_package(use: PackageUse, appointment: Appointment) -> Settlement:
    left = max(0, use.package.sessions - use.used)  # type: ignore[attr-defined]
    return Settlement(By.PACKAGE, appointment.currency, package=use.package, left=left)
