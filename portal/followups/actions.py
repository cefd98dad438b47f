"""Taking a client whose follow-ups stopped without an answer off the list of people to look at."""

from __future__ import annotations

import datetime as dt

from portal.models import FollowUp
from practice.models import User


def dismiss(client: User, *, now: dt.datetime) -> int:
    """Take the client off the list of who needs a person, and return how many rows changed.

    Their follow-ups stay stopped. Asked again, it changes no row and returns 0.
    """
    asking = FollowUp.objects.filter(client=client, asks_human=True, cleared_at__isnull=True)
    return asking.update(cleared_at=now)
