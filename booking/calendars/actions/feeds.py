"""Make and revoke calendar feeds. Callers check who may have a feed of a practitioner."""

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
    """Make a feed and return it with its address, which is shown only this once."""
    secret = secrets.token_urlsafe(32)
    feed = CalendarFeed.objects.create(
        owner=owner, practitioner=practitioner, shows=shows, key=hashed(secret)
    )
    return feed, on_our_site("calendar_feed", secret)


def revoke(owner: User, pk: int, *, now: datetime) -> bool:
    """Revoke one of the owner's own feeds; return whether there was one."""
    return bool(CalendarFeed.objects.filter(owner=owner, pk=pk, revoked_at=None).update(revoked_at=now))
