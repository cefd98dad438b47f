"""Zone changes in words: what was agreed, what the clocks show now, what keeping the hour would mean."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from booking.zone_changes.queries import ZoneMismatch
from practice.core import formatting
from practice.core.locales.zone_words import city_of


def agreed(one: ZoneMismatch, *, locale: str) -> str:
    """Return words like "Tuesday, December 15 at 10:00 AM"."""
    return formatting.wall_moment(one.agreed, locale=locale)


def shown_now(one: ZoneMismatch, *, locale: str) -> str:
    """Return what clocks there show at the stored instant; with the day only if it differs."""
    return hour_of(one.appointment.starts_at, one.zone, one.agreed, locale=locale)


def hour_of(instant: datetime, zone: ZoneInfo, beside: datetime, *, locale: str) -> str:
    """Return an instant on the zone's clocks, to be read after the wall time `beside`."""
    if instant.astimezone(zone).date() == beside.date():
        return formatting.clock_time(instant, zone, locale=locale)
    return formatting.moment(instant, zone, locale=locale)


def how_much(one: ZoneMismatch, *, locale: str) -> str:
    """Return words like "60 minutes earlier than it stands now"; empty where nothing would move."""
    if one.start is None:
        return ""
    by = one.start - one.appointment.starts_at
    length = formatting.lead_time(abs(by), locale=locale)
    if by < timedelta():
        return _("%(length)s earlier than now") % {"length": length}
    return _("%(length)s later than now") % {"length": length}


def line_of(one: ZoneMismatch, *, locale: str) -> str:
    """Return the whole change in one line."""
    facts = {
        "who": one.appointment.attendee_name or one.appointment.get_state_display(),
        "agreed": agreed(one, locale=locale),
        "place": city_of(one.zone.key, locale=locale),
        "now": shown_now(one, locale=locale),
    }
    if one.only_theirs:
        return _("%(who)s: does not move; clocks in %(place)s will show %(now)s, not %(agreed)s") % facts
    return _("%(who)s: agreed for %(agreed)s (%(place)s); clocks will show %(now)s") % facts
