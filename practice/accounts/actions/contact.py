"""Save how a client is reached: name, phone, time zone, and by the owner the address they sign in with."""

from __future__ import annotations

from datetime import datetime
from enum import Enum

from django.db import IntegrityError, transaction

from practice.accounts.actions.sign_in_address import change_address
from practice.models import User, tidy_email


class AddressTaken(Exception):
    """Raised when another person got the address first. Nothing is saved then."""


class Keep(Enum):
    """What is left as it is at the moment of saving, whatever it was when the page was shown."""

    ADDRESS = "address"


@transaction.atomic
def save_contact(
    person: User,
    *,
    name: str,
    phone: str,
    zone: str,
    email: str | Keep | None = Keep.ADDRESS,
    by: User,
    now: datetime,
) -> None:
    """Save all or nothing. Raises AddressTaken, or AddressChangeNotAllowed where only the owner may."""
    kept = User.objects.select_for_update().get(pk=person.pk)
    kept.name, kept.phone, kept.zone = name, phone, zone  # type: ignore[assignment]
    kept.save(update_fields=["name", "phone", "zone"])
    if isinstance(email, Keep) or tidy_email(email) == kept.email:
        return
    try:
        with transaction.atomic():
            change_address(kept, email, by=by, now=now)
    except IntegrityError as error:
        raise AddressTaken from error
