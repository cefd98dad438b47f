"""Who may merge two records, and part them again: the reasons are in `docs/roles.md`."""

from __future__ import annotations

import datetime as dt

from django.db.models import Q, QuerySet

from booking.access import people_named
from portal.merging.conflicts import DryRun
from portal.records.access import may_permit, records_of
from practice.access import rows
from practice.models import User

CANDIDATES = 20


def may_begin(user: User, kept: User, *, now: dt.datetime) -> bool:
    """Return whether somebody finds the page at all: they have the record open by their own right."""
    return may_permit(user, kept, now=now)


def may_merge(user: User, planned: DryRun, *, now: dt.datetime) -> bool:
    """Return whether somebody may merge these two.

    The owner, who can let anyone read any record. A practitioner only where both are open to them by their
    own right and no colleague would read more than before.
    """
    if rows.may_all(user, "permissions", "change"):
        return True
    both = may_permit(user, planned.kept, now=now) and may_permit(user, planned.merged, now=now)
    return both and not planned.gains


def candidates(user: User, kept: User, words: str) -> QuerySet[User]:
    """Return matching clients whose record is open to `user`; without words, those with the same name."""
    open_to = records_of(user).filter(role=User.Role.CLIENT).exclude(pk=kept.pk)
    if words:
        found = people_named(open_to, words)
    else:
        same = Q(name__iexact=kept.name)
        if kept.phone:
            same |= Q(phone=kept.phone)
        found = open_to.filter(same)
    return found.select_related("correspondent").order_by("name", "pk")[:CANDIDATES]
