"""Who may take a copy of a client's record, and who may have it erased. Asked by pages, in this one place."""

from __future__ import annotations

from portal.records.access import may_open
from practice.models import User


def may_export(user: User, client: User) -> bool:
    """The client; at work, whoever may open this record."""
    return user.pk == client.pk or may_open(user, client)


def may_erase(user: User, client: User) -> bool:
    """The client, after a waiting time; at work the owner alone."""
    return user.pk == client.pk or (user.is_superuser and may_open(user, client))
