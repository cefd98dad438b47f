"""A client's letters stopped without an answer, and somebody decided to leave it so."""

from __future__ import annotations

import datetime as dt

from portal.models import FollowUp
from practice.models import User


def let_be(client: User, *, now: dt.datetime) -> int:
    """Off the list of what needs a person; the letters stay stopped. How many rows; again: none."""
    asking = FollowUp.objects.filter(client=client, asks_human=True, cleared_at__isnull=True)
    return asking.update(cleared_at=now)
