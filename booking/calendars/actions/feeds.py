"""Calendar feeds made and revoked. Whether somebody may have one of a practitioner, the caller has asked."""

from __future__ import annotations

import secrets
from datetime import datetime

from booking.calendars.feeds import hashed
from booking.links import on_our_site
from booking.models import CalendarFeed
from practice.models import Practitioner, User


def new_feed(
    owner: User,
    *,
    practitioner: Practitioner | None = None,
    shows: str = CalendarFeed.Shows.INITIALS,
) -> tuple[CalendarFeed, str]:
    """A feed and its address, which is told this once."""
    secret = secrets.token_urlsafe(32)
    feed = CalendarFeed.objects.create(
        owner=owner, practitioner=practitioner, shows=shows, key=hashed(secret)
    )
    return feed, on_our_site("calendar_feed", secret)


def revoke(owner: User, pk: int, *, now: datetime) -> bool:
    """End one of one's own. Whether there was one."""
    return bool(CalendarFeed.objects.filter(owner=owner, pk=pk, revoked_at=None).update(revoked_at=now))
