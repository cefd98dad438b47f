"""Reads of packages: what is left of each, which of them a session would use, whether one covers it.

A session is counted on its day in the practitioner's zone. Only sessions that were not given back count as
used.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Q

from booking.models import Appointment, Package, PackageUse, SessionType
from practice.core.clock import zone_named
from practice.models import Practitioner, User

NOT_GIVEN_BACK = Q(uses__given_back_at=None, uses__isnull=False)


@dataclass(frozen=True)
class PackageBalance:
    """A package, and how many of its sessions are not used yet."""

    package: Package
    left: int

    def serves(self, session_type: SessionType, day: date) -> bool:
        """Return whether a session of that type on that day could use it, if one is left."""
        until = self.package.valid_until
        return self.package.session_type_id == session_type.pk and (until is None or day <= until)


def of_client(client: User) -> list[PackageBalance]:
    """Return all packages of a client, the oldest first, in one query."""
    found = (
        Package.objects.filter(client=client)
        .select_related("session_type", "sold_by")
        .annotate(used=Count("uses", filter=NOT_GIVEN_BACK))
        .order_by("sold_at", "pk")
    )
    return [PackageBalance(one, max(0, one.sessions - one.used)) for one in found]


def left_for(standings: Iterable[PackageBalance], session_type: SessionType, *, day: date) -> int:
    """Return how many sessions of that type could still be used on that day."""
    return sum(one.left for one in standings if one.serves(session_type, day))


def covered(
    standings: Iterable[PackageBalance], session_type: SessionType, *, days: Iterable[date]
) -> list[bool]:
    """Return for each of several sessions booked together whether a package would pay for it."""
    left = {one.package.pk: one.left for one in standings}
    found = []
    for day in days:
        serving = (one for one in standings if one.serves(session_type, day) and left[one.package.pk])
        chosen = next(serving, None)
        if chosen:
            left[chosen.package.pk] -= 1
        found.append(chosen is not None)
    return found


def day_of(practitioner: Practitioner, start: datetime) -> date:
    """Return the day a session is counted on, in the practitioner's zone."""
    return start.astimezone(zone_named(practitioner.zone)).date()


def lasts(package: Package, appointment: Appointment, start: datetime | None = None) -> bool:
    """Return whether a package is valid on the appointment's day, or on the day of `start` after a move."""
    until = package.valid_until
    return until is None or day_of(appointment.practitioner, start or appointment.starts_at) <= until


def is_past_its_package(appointment: Appointment, start: datetime) -> bool:
    """Return whether the package that pays for it would have expired by `start`."""
    use = use_of(appointment)
    return use is not None and not lasts(use.package, appointment, start)


def use_of(appointment: Appointment) -> PackageUse | None:
    """Return the package's session that pays for this appointment now, or None."""
    return (
        PackageUse.objects.select_related("package")
        .filter(appointment=appointment, given_back_at=None)
        .first()
    )


def was_or_is_covered(appointment: Appointment) -> bool:
    """Return whether a package pays for the appointment, or paid before."""
    return PackageUse.objects.filter(appointment=appointment).exists()


def was_covered(appointment: Appointment) -> bool:
    """Return whether a package paid for it before it was canceled, and got its session back."""
    return PackageUse.objects.filter(appointment=appointment, given_back_at__isnull=False).exists()
