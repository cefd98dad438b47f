"""Change what can be booked: save a session type, move it in the list, delete it, and choose the reminders.

Everything here locks the practice's row first, so that two changes never overlap.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from booking.errors import BookingError
from booking.models import SessionType
from practice.models import Practice, Practitioner

#: Columns that nobody types: they belong to the list.
NOT_OF_THE_FORM = {"id", "order"}
LONGEST_ADDRESS = 50


class ServiceError(BookingError):
    """Raised when a change of a session type is refused; the text is for the owner."""


def fingerprint(kind: SessionType) -> str:
    """Return a short text that differs as soon as anybody changed what the form shows."""
    columns = [one for one in kind._meta.concrete_fields if one.name not in NOT_OF_THE_FORM]
    seen = [f"{one.name}={one.value_from_object(kind)}" for one in columns]
    seen += [f"by={pk}" for pk in sorted(kind.practitioners.values_list("pk", flat=True))]
    return hashlib.sha256("\n".join(seen).encode()).hexdigest()[:32]


def web_address(name: str, taken: Iterable[str]) -> str:
    """Return a free web address made from a name: "First session" becomes "first-session"."""
    known = set(taken)
    base = slugify(name)[: LONGEST_ADDRESS - 4].strip("-") or "service"
    numbered = (base, *(f"{base}-{number}" for number in range(2, len(known) + 3)))
    return next(one for one in numbered if one not in known)


def save_service(
    kind: SessionType, *, values: Mapping[str, Any], practitioners: Iterable[Practitioner], seen: str
) -> SessionType:
    """Save a session type, new or changed, with who gives it. An empty web address is made from the name.

    Raises ServiceError if it was changed or deleted since `seen`, its fingerprint when the form was opened.
    """
    with transaction.atomic():
        _lock()
        others = SessionType.objects.exclude(pk=kind.pk)
        kind = _unchanged(kind.pk, seen) if kind.pk else SessionType(order=others.count())
        for name, value in values.items():
            setattr(kind, name, value)
        if not kind.slug:
            kind.slug = web_address(kind.name, others.values_list("slug", flat=True))
        elif others.filter(slug=kind.slug).exists():
            raise ServiceError(_("Another service has this web address."), code="address_taken")
        if kind.pk:
            kind.save(update_fields=list(values))
        else:
            kind.save()
        kind.practitioners.set(practitioners)
    return kind


def _unchanged(pk: int, seen: str) -> SessionType:
    kind = SessionType.objects.filter(pk=pk).first()
    if kind is None or fingerprint(kind) != seen:
        raise ServiceError(
            _(
                "Someone else changed this service while you were editing. What you typed is still here. "
                "Open the service in another window to compare, then save again to replace their changes."
            ),
            code="changed",
        )
    return kind


def move_service(pk: int, *, up: bool) -> None:
    """Move a session type one place up or down the list; nothing happens at its end."""
    with transaction.atomic():
        _lock()
        kinds = list(SessionType.objects.order_by("order", "pk"))
        place = next((at for at, kind in enumerate(kinds) if kind.pk == pk), None)
        if place is None:
            return
        other = place - 1 if up else place + 1
        if 0 <= other < len(kinds):
            kinds[place], kinds[other] = kinds[other], kinds[place]
        for order, kind in enumerate(kinds):
            kind.order = order
        SessionType.objects.bulk_update(kinds, ["order"])


def is_in_use(kind: SessionType) -> bool:
    """Return whether anybody booked it, waits for it or has a package of it."""
    return any(rows.exists() for rows in (kind.appointments, kind.packages, kind.waitlist_entries))


def delete_service(pk: int) -> None:
    """Delete a session type that was never used. Raises ServiceError for one in use."""
    with transaction.atomic():
        _lock()
        kind = SessionType.objects.select_for_update().filter(pk=pk).first()
        if kind is None:
            return
        if is_in_use(kind):
            raise ServiceError(
                _(
                    "This service has appointments, packages or people waiting, so it can’t be deleted. "
                    "Uncheck “Can be booked” instead."
                ),
                code="in_use",
            )
        kind.delete()


def set_reminders(hours: Iterable[int]) -> None:
    """Save how many hours before a session its reminders go; what is booked follows within minutes."""
    with transaction.atomic():
        practice = _lock()
        practice.reminder_hours = sorted(set(hours), reverse=True)
        practice.save(update_fields=["reminder_hours"])


def _lock() -> Practice:
    return Practice.objects.select_for_update().get(pk=1)
