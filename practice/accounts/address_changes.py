"""Links that restore a changed sign-in address, sent to the old address when it changes.

For those whose open browser or account somebody else got hold of: the address is the way in.
"""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.core import signing
from django.urls import reverse

from practice.accounts.one_time_links import InvalidLink
from practice.models import AddressChange, User

SALT = "practice.address"
LIVES_FOR = dt.timedelta(days=7)


def note_change(user: User, old: str, *, now: dt.datetime) -> str:
    """Write down that `old` was `user`'s address until `now`; return the link that restores it."""
    change = AddressChange.objects.create(user=user, old=old, at=now)
    return f"{settings.SITE_URL}{reverse('address_back', args=[signing.dumps(change.pk, salt=SALT)])}"


def end_restore_links(user: User, *, but: str | None, now: dt.datetime) -> None:
    """End the links of this person's earlier changes, except those that restore `but`."""
    AddressChange.objects.filter(user=user, undone_at=None).exclude(old=but).update(undone_at=now)


def read_restore_link(token: str, *, now: dt.datetime) -> AddressChange:
    """Return the change that this link undoes, while it can be undone; raises DeadLink."""
    try:
        pk = signing.loads(token, salt=SALT)
    except signing.BadSignature as error:
        raise InvalidLink from error
    change = AddressChange.objects.filter(pk=pk, undone_at=None, at__gt=now - LIVES_FOR).first()
    if change is None:
        raise InvalidLink
    return change


def forget_changes(now: dt.datetime, *, dry: bool = False) -> int:
    """Delete changes that can no longer be undone; return how many. `dry`: only count them."""
    old = AddressChange.objects.filter(at__lt=now - LIVES_FOR)
    return old.count() if dry else old.delete()[0]
