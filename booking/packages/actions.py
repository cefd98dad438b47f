"""Sell packages of sessions, use them for bookings, and give sessions back after a cancel in time.

A package is used only if the person showed who they are: its own client, signed in, or staff who book for
them. The public form with a known address uses none: anybody who knows an address could spend what another
person paid for, and its page could not say so beforehand without telling that the address is known. The
practice can let the package pay afterwards (`pay_later`).

The client's packages are locked after practitioners and rooms, by id, to avoid deadlocks.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from booking.errors import BookingError
from booking.locking.changes import reload
from booking.locking.locks import lock
from booking.models import Appointment, LedgerEntry, Package, PackageUse, SessionType
from booking.packages import queries
from practice.core.plain_text import plain_line
from practice.models import User
from practice.queries import practice_zone, the_practice

State = Appointment.State
MOST = 100
#: The key, in a move's change, of the id of the package use that paid before it; None: none did.
PAID_BY = "paid_by"


class NotSold(BookingError):
    """Raised for a number, a sum or a day under which a package makes no sense. `field` says which."""

    code = "package"

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


def sell(
    session_type: SessionType,
    *,
    client: User,
    sessions: int,
    price_cents: int,
    by: User,
    now: datetime,
    valid_until: date | None = None,
    paid: str = "",
    how: str = "",
) -> Package:
    """Sell a package of so many sessions of a type to this client.

    `how`: the way in which it is paid now, which is recorded among the payments; "" if it is not. `paid`: a
    note on it. Raises NotSold.
    """
    if not 1 <= sessions <= MOST:
        raise NotSold("sessions", _("A package has between 1 and %(most)s sessions.") % {"most": MOST})
    if not 0 <= price_cents <= 10_000_000:
        raise NotSold("price", _("That is not a valid price."))
    if valid_until and valid_until < now.astimezone(practice_zone(the_practice())).date():
        raise NotSold("valid_until", _("That day has already passed."))
    with transaction.atomic():
        package = Package.objects.create(
            client=client,
            session_type=session_type,
            sessions=sessions,
            price_cents=price_cents,
            currency=the_practice().currency,
            sold_at=now,
            sold_by=by,
            valid_until=valid_until,
            note=plain_line(paid)[:200],
        )
        if how and price_cents:
            _record_payment(package, how=how, now=now)
    return package


def _record_payment(package: Package, *, how: str, now: datetime) -> LedgerEntry:
    return LedgerEntry.objects.create(
        package=package,
        what=LedgerEntry.What.PAYMENT,
        how=LedgerEntry.How(how),
        cents=package.price_cents,
        currency=package.currency,
        at=now,
        by=package.sold_by,
        key=f"package:{package.pk}",
    )


def use_for(appointment: Appointment, *, now: datetime, rather: Package | None = None) -> PackageUse | None:
    """Let the client's oldest package that is valid that day pay for it; None when none is left.

    `rather`: a package that is asked before the others.

    The lock on the packages' rows decides the order: two bookings at once use two sessions, or one. What is
    paid already stays so; a session that is no longer booked is not paid.
    """
    with transaction.atomic(savepoint=False):  # what fails here fails what it belongs to
        if not (owned := lock_packages(appointment)):
            return None
        if standing := queries.use_of(appointment):
            return standing
        for package in sorted(owned, key=lambda one: one != rather):
            number = free_number(package) if queries.lasts(package, appointment) else 0
            if number:
                return PackageUse.objects.create(
                    package=package, appointment=appointment, number=number, used_at=now
                )
    return None


def use_if_proved(appointment: Appointment, *, by: User | None, now: datetime) -> PackageUse | None:
    """Do as `use_for` if the booker is signed in as client or correspondent, or works here; else None.

    Not for a claim that nobody has confirmed: it would tell that the client has a package, and use it.
    """
    if by is None or not (by.is_staff or by.pk in appointment.managers):
        return None
    if appointment.is_claim and appointment.confirmed_at is None:
        return None
    return use_for(appointment, now=now)


def pay_later(appointment: Appointment, *, now: datetime) -> PackageUse | None:
    """Do as `use_for` for an existing appointment, under its lock, since it may just be canceled."""
    with transaction.atomic():
        lock([appointment.practitioner], rooms=[appointment.room_id])
        return use_for(reload(appointment), now=now)


def recheck_payment(appointment: Appointment, *, now: datetime) -> PackageUse | None:
    """Check after a move that the package lasts until the new day; else use another one, or none.

    Moved back into a package's days, a session that was paid by one before is paid by one again.
    """
    if not queries.was_or_is_covered(appointment):
        return None
    use = queries.use_of(appointment)
    if use and queries.lasts(use.package, appointment):
        return use
    give_back(appointment, now=now)
    return use_for(appointment, now=now)


def pay_as_before(
    appointment: Appointment, was: PackageUse | None, *, since: datetime, now: datetime
) -> PackageUse | None:
    """Let the package that paid before (`was`) pay after an undo, or none if none did.

    Its session may be used by another appointment meanwhile: then what pays now stays, or another is used. A
    package that staff let pay after `since`, the moment of what is undone, stays too.
    """
    with transaction.atomic():
        owned = {package.pk: package for package in lock_packages(appointment)}
        use = queries.use_of(appointment)
        if was is None:
            return None if use and use.used_at <= since and give_back(appointment, now=now) else use
        if use and use.package_id == was.package_id:
            return use
        first = owned.get(was.package_id)
        if use and not (first and free_number(first)):
            return recheck_payment(appointment, now=now)
        give_back(appointment, now=now)
        return use_for(appointment, now=now, rather=first)


def pay_moved_back(
    appointment: Appointment, was: Mapping[str, Any], *, since: datetime, now: datetime
) -> PackageUse | None:
    """Do as `pay_as_before` with what a move at `since` recorded (`PAID_BY`); else as after another move."""
    if PAID_BY not in was:
        return recheck_payment(appointment, now=now)
    before = PackageUse.objects.filter(appointment=appointment, pk=was[PAID_BY]).first()
    return pay_as_before(appointment, before, since=since, now=now)


def give_back(appointment: Appointment, *, now: datetime) -> bool:
    """Give the appointment's session back to its package; return whether there was one."""
    changed = PackageUse.objects.filter(appointment=appointment, given_back_at=None).update(given_back_at=now)
    return bool(changed)


def reclaim_use(appointment: Appointment, *, cancelled_at: datetime, now: datetime) -> bool:
    """Take back, after an undone cancel, the session that was given back; False when nothing is left."""
    gave_back = PackageUse.objects.filter(appointment=appointment, given_back_at=cancelled_at).last()
    if gave_back is None:
        return True
    return pay_as_before(appointment, gave_back, since=cancelled_at, now=now) is not None


def lock_packages(appointment: Appointment) -> list[Package]:
    """Return the packages that could pay, locked, in the order in which they are used.

    Of that type, of the client and of their booker: money is shared, records are not.
    """
    if appointment.client_id is None or not appointment.is_expected:
        return []
    found = Package.objects.select_for_update(no_key=True).filter(
        client__in=appointment.managers, session_type=appointment.session_type_id
    )
    return sorted(found.order_by("pk"), key=lambda package: (package.sold_at, package.pk))


def free_number(package: Package) -> int:
    """Return the package's lowest unused session; 0 when all are used. Asked under the lock."""
    used = set(package.uses.filter(given_back_at=None).values_list("number", flat=True))
    return next((number for number in range(1, package.sessions + 1) if number not in used), 0)
