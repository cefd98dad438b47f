"""The dates of a repeating event in its own zone: UNTIL, RDATE, EXDATE, RECURRENCE-ID, in any form.

A series is followed on the wall clocks of the zone its beginning is written in, so each of its dates is
converted to that zone first. The library that follows rules would take an UNTIL without a Z for one in UTC,
and lose the last occurrence in half of the world. A series written in UTC is followed in UTC; a *day* of it
is one of the calendar's own zone.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, tzinfo

from booking.calendars.importing.lines import Line
from booking.calendars.importing.times import DAY, Clock, Moment, instant_of

MIDNIGHT, NOON, LAST_SECOND = time(), time(12), time(23, 59, 59)


@dataclass(frozen=True)
class Beginning:
    """The beginning of an event: the wall time `start` in `zone`; for a day, its midnight."""

    start: datetime
    zone: tzinfo
    is_day: bool
    clock: Clock

    def until(self, line: Line, text: str) -> datetime:
        """Return the last wall time its rule may reach, the later one in doubt. Raises ValueError."""
        moment = self.clock.moment(line._replace(head=""), text)
        if self.is_day:
            return datetime.combine(self._last_day(moment), LAST_SECOND)
        wall = datetime.combine(moment.wall, LAST_SECOND) if moment.is_day else moment.on(self.zone)
        if self.zone is UTC and moment.zone is None:
            # No Z, while the beginning is in UTC: perhaps the calendar's own zone was meant.
            return max(wall, Moment(wall, self.clock.floating).on(UTC))
        return wall

    def _last_day(self, moment: Moment) -> datetime:
        """Return the last of a series of days.

        An instant may be the midnight at which a day begins far to the east: one that is on a quarter of an
        hour and after noon in UTC.
        """
        if moment.zone is None:
            return moment.wall
        utc = moment.on(UTC)
        if utc.time() >= time(23, 59):
            return utc
        eastern = utc.time() >= NOON and utc.minute % 15 == 0 and not utc.second
        return max(utc + DAY * eastern, moment.on(self.clock.ours))

    def meant_by(self, moment: Moment) -> list[datetime]:
        """Return the beginnings that a date of the series means, on the clocks of its zone."""
        if self.is_day:
            as_written = moment.zone is None or (moment.zone is UTC and moment.wall.time() == MIDNIGHT)
            wall = moment.wall if as_written else moment.on(self.clock.floating)
            return [datetime.combine(wall, MIDNIGHT)]
        if not self._is_day_of(moment):
            return [moment.on(self.zone)]
        same_time = datetime.combine(moment.wall, self.start.time())
        if self.zone is not UTC:
            return [same_time]
        own, day = self.clock.floating, moment.wall.date()
        near = [same_time + shift * DAY for shift in (-1, 0, 1)]
        return [wall for wall in near if instant_of(wall, UTC).astimezone(own).date() == day]

    def days_meant_by(self, moment: Moment) -> list[datetime]:
        """Return the days (midnights) that a date without a time removes whole."""
        return [moment.wall] if self._is_day_of(moment) and self.zone is not UTC else []

    def _is_day_of(self, moment: Moment) -> bool:
        """Return whether `moment` is a date, or a midnight without a zone in a series at another time."""
        midnight = moment.zone is None and moment.wall.time() == MIDNIGHT
        return moment.is_day or (midnight and self.start.time() != MIDNIGHT)
