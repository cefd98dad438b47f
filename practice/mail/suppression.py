"""Addresses no letter goes to: mail came back from them, or they reported one as unwanted."""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext as _

from practice.models import Suppression


class CannotLift(Exception):
    """The mark on an address stays. The message says why, to the practitioner."""


def mark_on(address: str) -> Suppression | None:
    """Why no letter goes to this address, or None when letters do."""
    return Suppression.objects.filter(address=address.strip().lower()).first()


def flag(address: str, *, cause: str, detail: str = "") -> Suppression:
    """Mark an address. Twice is once; a complaint outweighs a bounce, never the other way round."""
    mark, fresh = Suppression.objects.get_or_create(
        address=address.strip().lower(), defaults={"cause": cause, "detail": detail}
    )
    if not fresh and cause == Suppression.Cause.COMPLAINT and mark.cause != cause:
        mark.cause, mark.detail = cause, detail
        mark.save(update_fields=["cause", "detail"])
    return mark


def lift(address: str) -> None:
    """Write to this address again. Only what bounced can be lifted: raises CannotLift after a complaint."""
    at = Q(address=address.strip().lower())
    if Suppression.objects.filter(at, cause=Suppression.Cause.COMPLAINT).exists():
        raise CannotLift(_("They reported a letter as unwanted. Only they can ask for letters again."))
    Suppression.objects.filter(at).delete()
