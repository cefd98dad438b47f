"""Marks on addresses: emails came back from them, or their readers reported one as unwanted."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Q
from django.utils.crypto import salted_hmac

from practice.models import Suppression
from practice.models.written_queries import WrittenOnce

#: A name nobody can own (RFC 2606).
NOBODY = "@erased.invalid"
_CAUSE = WrittenOnce(
    lambda address, hashed: Suppression.objects.filter(address__in=[address, hashed]).values_list("cause"),
    address="an-address",
    hashed="a-hash",
)


def suppression_of(address: str) -> Suppression | None:
    """Return the mark on this address, if any."""
    return Suppression.objects.filter(_at(address)).first()


def cause_of(address: str) -> str | None:
    """Return the cause of the mark on this address, if any; asked for every email that leaves."""
    tidied = address.strip().lower()
    found = _CAUSE.first(address=tidied, hashed=hashed_address(tidied))
    return found[0] if found else None


def _at(*addresses: str) -> Q:
    """Return the marks on addresses, in the clear or kept as hashes."""
    tidied = [address.strip().lower() for address in addresses]
    return Q(address__in=[*tidied, *map(hashed_address, tidied)])


def hashed_address(address: str) -> str:
    """Return the hash that replaces an erased person's address, which only SECRET_KEY can repeat.

    It has the form of an address, and no mail can be sent to it.
    """
    digest = salted_hmac("practice.suppression", address.strip().lower(), algorithm="sha256").hexdigest()
    return f"{digest[:48]}{NOBODY}"


@transaction.atomic
def hash_address(mark: Suppression) -> None:
    """Keep the mark without the address: it still holds for anybody who writes from there again."""
    if is_hashed(mark):
        return
    Suppression.objects.filter(pk=mark.pk).update(address=hashed_address(mark.address), detail="")


def is_hashed(mark: Suppression) -> bool:
    """Return whether it is the mark of somebody who was erased."""
    return mark.address.endswith(NOBODY)


def suppress(address: str, *, cause: str, detail: str = "") -> Suppression:
    """Mark an address; twice is once. A complaint replaces a bounce, never the other way round."""
    standing = suppression_of(address)
    mark, fresh = (
        (standing, False)
        if standing
        else Suppression.objects.get_or_create(
            address=address.strip().lower(), defaults={"cause": cause, "detail": detail}
        )
    )
    if not fresh and cause == Suppression.Cause.COMPLAINT and mark.cause != cause:
        mark.cause, mark.detail = cause, "" if is_hashed(mark) else detail
        mark.save(update_fields=["cause", "detail"])
    return mark


def lift_suppressions(*addresses: str) -> int:
    """Write to these addresses again; return how many were marked.

    Called by staff after the reader asked for emails again, or by the reader, signed in.
    """
    return Suppression.objects.filter(_at(*addresses)).delete()[0]


def complained(address: str | None) -> bool:
    """Return whether the reader of an address reported an email as unwanted."""
    mark = suppression_of(address or "")
    return mark is not None and mark.cause == Suppression.Cause.COMPLAINT
