"""Finding the client that a command names: by address, or by number for a client without one."""

from __future__ import annotations

from django.core.management.base import CommandError

from practice.models import User


def client_named(who: str) -> User:
    """Return the client of this address or number. Raises CommandError."""
    found = User.objects.filter(pk=int(who)).first() if who.isdecimal() else User.objects.by_email(who)
    if found is None:
        raise CommandError("No client has that email address or number.")
    return found
