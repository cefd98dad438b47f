"""Marks on addresses: mail came back from them, or their readers reported one as unwanted."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Q
from django.utils.crypto import salted_hmac

from practice.models import Suppression

#: A name nobody can own (RFC 2606).
NOBODY = "@erased.invalid"


def mark_on(address: str) -> Suppression | None:
    """What stands against this address, if anything."""
    return Suppression.objects.filter(_at(address)).first()


def _at(*addresses: str) -> Q:
    """The marks on addresses, in the clear or kept as hashes."""
    tidied = [address.strip().lower() for address in addresses]
    return Q(address__in=[*tidied, *map(sealed, tidied)])


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


def lift(*addresses: str) -> int:
    """Write to these addresses again; how many were marked.

    For whoever was told by its reader, and for its reader, signed in: that is what a complaint waits for.
    """
    return Suppression.objects.filter(_at(*addresses)).delete()[0]


def complained(address: str | None) -> bool:
    """Whether its reader reported an email as unwanted."""
    mark = mark_on(address or "")
    return mark is not None and mark.cause == Suppression.Cause.COMPLAINT
