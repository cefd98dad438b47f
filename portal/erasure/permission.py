"""Permission to take a copy of a client's record, and to have it erased."""

from __future__ import annotations

from portal.records.access import may_open
from practice.models import User


def may_export(user: User, client: User) -> bool:
    """Return whether `user` is the client, or at work may open this record."""
    return user.pk == client.pk or may_open(user, client)


def may_erase(user: User, client: User) -> bool:
    """Return whether `user` is the client (after a waiting time), or at work the owner."""
    return user.pk == client.pk or (user.is_superuser and may_open(user, client))
