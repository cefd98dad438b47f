"""Calendar feeds: a person's sessions under a secret address that a calendar program subscribes to."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

import icalendar
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from booking.access import keeps_calendars_of
from booking.calendars.ics import add_place, blocked_uid, uid_of
from booking.models import Appointment, BlockedTime, CalendarFeed
from booking.queries import managed
from practice.core.plain_text import plain_line
from practice.models import Practice, User
from practice.queries import the_practice

LOOK_BACK = timedelta(days=30)
REFRESH = timedelta(hours=1)


def hashed(secret: str) -> str:
    """Return a secret as it is stored: reading the database does not open the calendar."""
    return hashlib.sha256(secret.encode()).hexdigest()


def feed_of(secret: str) -> CalendarFeed | None:
    """Return the feed of a secret; None if it was revoked or its owner may not see it any more."""
    found = CalendarFeed.objects.select_related("owner", "practitioner__user").filter(
        key=hashed(secret), revoked_at=None, owner__is_active=True
    )
    feed = found.first()
    if feed and feed.practitioner and not keeps_calendars_of(feed.owner, feed.practitioner):
        return None
    return feed


def feeds_of(owner: User) -> QuerySet[CalendarFeed]:
    """Return the owner's feeds that still work."""
    return CalendarFeed.objects.filter(owner=owner, revoked_at=None).select_related("practitioner__user")


def sessions_in(feed: CalendarFeed, *, now: datetime) -> QuerySet[Appointment]:
    """Return the sessions a feed shows: the last thirty days and all ahead, without canceled ones."""
    whose = Q(practitioner=feed.practitioner) if feed.practitioner else managed(feed.owner)
    return (
        Appointment.objects.on_calendar()
        .filter(whose, ends_at__gt=now - LOOK_BACK)
        .select_related("practitioner__user", "client", "correspondent", "room", "session_type")
        .prefetch_related("changes")
        .order_by("starts_at", "id")
    )


def blocked_in(feed: CalendarFeed, *, now: datetime) -> QuerySet[BlockedTime]:
    """Return what is blocked in a practitioner's feed, over the same days as the sessions; else nothing."""
    ahead = BlockedTime.objects.filter(ends_at__gt=now - LOOK_BACK)
    return ahead.filter(practitioner=feed.practitioner) if feed.practitioner else ahead.none()


def as_file(
    feed: CalendarFeed, sessions: Iterable[Appointment], blocked: Iterable[BlockedTime] = ()
) -> bytes:
    """Return the feed as an iCalendar file, the same as long as nothing has changed, without session types.

    Without a METHOD: it is no message to anybody, and RFC 5546 would ask it for an ORGANIZER. DTSTAMP then
    says when the entry last changed (RFC 5545, 3.8.7.2).
    """
    practice = the_practice()
    calendar = icalendar.Calendar()
    calendar.add("prodid", f"-//{plain_line(practice.name)}//Myopractic Portal//EN")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", practice.name)
    calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    for one in sessions:
        calendar.add_component(_event(feed, one, practice))
    for each in blocked:
        calendar.add_component(_busy(each))
    return calendar.to_ical()


def _event(feed: CalendarFeed, session: Appointment, practice: Practice) -> icalendar.Event:
    event = icalendar.Event()
    event.add("uid", uid_of(session))
    event.add("sequence", session.sequence)
    changed_at = max((change.at for change in session.changes.all()), default=session.created_at)
    event.add("dtstamp", changed_at.astimezone(UTC).replace(microsecond=0))
    event.add("dtstart", session.starts_at.astimezone(UTC))
    event.add("dtend", session.ends_at.astimezone(UTC))
    event.add("summary", summary(feed, session, practice.name))
    event.add("status", "TENTATIVE" if session.state == Appointment.State.PENDING else "CONFIRMED")
    if feed.practitioner is None:
        add_place(event, session, practice)
    return event


def _busy(blocked: BlockedTime) -> icalendar.Event:
    """Return a blocked time as an entry that says busy, and never why."""
    event = icalendar.Event()
    event.add("uid", blocked_uid(blocked))
    event.add("dtstamp", blocked.created_at.astimezone(UTC).replace(microsecond=0))
    event.add("dtstart", blocked.starts_at.astimezone(UTC))
    event.add("dtend", blocked.ends_at.astimezone(UTC))
    event.add("summary", _("Blocked"))
    event.add("transp", "OPAQUE")
    return event


def summary(feed: CalendarFeed, session: Appointment, practice: str) -> str:
    """Return an entry's title: for a client with whom, for a practitioner only what the feed may show."""
    if feed.practitioner is None:
        return _("%(practice)s, with %(name)s") % {
            "practice": practice,
            "name": session.practitioner.first_name,
        }
    if feed.shows == CalendarFeed.Shows.NAMES:
        return session.attendee_name
    if feed.shows == CalendarFeed.Shows.INITIALS:
        return "".join(f"{word[0]}." for word in session.attendee_name.split()) or _("Busy")
    return _("Busy")
