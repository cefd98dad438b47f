"""PURE. When a text message goes that is due in its reader's quiet hours."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from practice.core.clock import in_quiet_hours, next_window

#: So long before the session, a message is still of use.
OF_USE = timedelta(hours=1)
#: The last message of the day goes so long before quiet hours begin: the network may take a while.
MARGIN = timedelta(minutes=30)
STEP, A_SECOND, LOOK_BACK = timedelta(minutes=15), timedelta(seconds=1), timedelta(days=1)


def outside_quiet_hours(
    due: datetime, zone: ZoneInfo, begins: time, ends: time, *, before: datetime, now: datetime
) -> datetime | None:
    """Return when a message goes that is due at `due`; None: at no time that is of use.

    After the quiet hours, if that is an hour before `before` (the start of the session); else before they
    begin, if that is still ahead. Never in them: `begins` and `ends` are read off clocks in `zone`.
    """
    due = due.astimezone(UTC)  # where a step back is as long in every night
    if not in_quiet_hours(due, zone, begins, ends):
        return due
    after = next_window(due, zone, ends, begins)
    if after <= before - OF_USE:
        return after
    earlier = due
    while in_quiet_hours(earlier + MARGIN - A_SECOND, zone, begins, ends) and due - earlier < LOOK_BACK:
        earlier -= STEP
    return earlier if earlier >= now and not in_quiet_hours(earlier, zone, begins, ends) else None
