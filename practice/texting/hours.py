"""When a text message may leave, by the clock of its reader and the practice's quiet hours."""

from __future__ import annotations

from datetime import datetime, time

from practice.core.clock import in_quiet_hours
from practice.core.texts.quiet_times import outside_quiet_hours
from practice.models import Practice, User
from practice.queries import the_practice, zone_of


def text_leaves_at(reader: User, due: datetime, *, before: datetime, now: datetime) -> datetime | None:
    """Return when a text that is due leaves; None: at no time that is of use before `before`."""
    practice = the_practice()
    zone = zone_of(reader.zone, practice=practice)
    begins, ends = _quiet(practice)
    return outside_quiet_hours(due, zone, begins, ends, before=before, now=now)


def texts_are_quiet(reader: User, now: datetime) -> bool:
    """Return whether it is the reader's quiet hours."""
    practice = the_practice()
    return in_quiet_hours(now, zone_of(reader.zone, practice=practice), *_quiet(practice))


def _quiet(practice: Practice) -> tuple[time, time]:
    """Return the quiet hours, read from text for a practice that was not saved yet."""
    begins, ends = (
        time.fromisoformat(at) if isinstance(at, str) else at
        for at in (practice.quiet_from, practice.quiet_until)
    )
    return begins, ends
