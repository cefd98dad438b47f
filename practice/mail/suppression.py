"""Addresses no letter goes to: mail came back from them, or they reported one as unwanted."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Q
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from practice.models import Suppression

#: A name nobody can own (RFC 2606).
NOBODY = "@erased.invalid"


class CannotLift(Exception):
    """The mark on an address stays. The message says why, to the practitioner."""


def mark_on(address: str) -> Suppression | None:
    """Why no letter goes to this address, or None when letters do."""
    return Suppression.objects.filter(_at(address)).first()


def _at(address: str) -> Q:
    """The mark on an address, in the clear or kept as a hash."""
    return Q(address__in=(address.strip().lower(), sealed(address)))


def sealed(address: str) -> str:
    """What stands in the place of an erased person's address: a hash that only SECRET_KEY can repeat.

    It has the form of an address, and no mail can be sent to it.
    """
    digest = salted_hmac("practice.suppression", address.strip().lower(), algorithm="sha256").hexdigest()
    return f"{digest[:48]}{NOBODY}"


@transaction.atomic
def seal(mark: Suppression) -> None:
    """Keep the mark without the address: it goes on holding for whoever writes from there again."""
    if is_sealed(mark):
        return
    Suppression.objects.filter(pk=mark.pk).update(address=sealed(mark.address), detail="")


def is_sealed(mark: Suppression) -> bool:
    """Whether it is the mark of somebody who was erased."""
    return mark.address.endswith(NOBODY)


def flag(address: str, *, cause: str, detail: str = "") -> Suppression:
    """Mark an address. Twice is once; a complaint outweighs a bounce, never the other way round."""
    standing = mark_on(address)
    mark, fresh = (
        (standing, False)
        if standing
        else Suppression.objects.get_or_create(
            address=address.strip().lower(), defaults={"cause": cause, "detail": detail}
        )
    )
    if not fresh and cause == Suppression.Cause.COMPLAINT and mark.cause != cause:
        mark.cause, mark.detail = cause, "" if is_sealed(mark) else detail
        mark.save(update_fields=["cause", "detail"])
    return mark


def lift(address: str) -> None:
    """Write to this address again. Only what bounced can be lifted: raises CannotLift after a complaint."""
    at = _at(address)
    if Suppression.objects.filter(at, cause=Suppression.Cause.COMPLAINT).exists():
        raise CannotLift(_("They reported a letter as unwanted. Only they can ask for letters again."))
    Suppression.objects.filter(at).delete()
