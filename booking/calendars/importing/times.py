"""Dates and times as a calendar's file writes them, and the zones they are read in.

`icalendar` keeps a file's VTIMEZONE for the rest of its process, and reads later files by it. Here a zone is
only looked up in the file it is defined in, so no file decides how another is read; that each file is read in
a process of its own (`sandbox.py`) ensures the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta, tzinfo
from typing import cast
from zoneinfo import ZoneInfo

from icalendar import Timezone
from icalendar.prop import vDuration

from booking.calendars.importing.lines import File, Line
from booking.calendars.importing.reading import Doubt, Stretch, raise_lack_of_memory
from booking.calendars.importing.zone_names import Named, name_of, zone_by_name
from practice.core.clock import day_bounds, instants_of, zone_named, zone_names

DAY = timedelta(days=1)
LAST_SECOND = time(23, 59, 59)


@dataclass(frozen=True)
class Moment:
    """A day (`wall` is its midnight) or a time of some clock.

    `zone`: its zone; None for a day or a floating time.
    """

    wall: datetime
    zone: tzinfo | None
    is_day: bool = False

    def on(self, zone: tzinfo) -> datetime:
        """Return what the clocks of `zone` read then; a day, or a floating time, is unchanged."""
        if self.zone is None or self.zone == zone:
            return self.wall
        return instant_of(self.wall, self.zone).astimezone(zone).replace(tzinfo=None)


class Clock:
    """The zones of one file. `ours`: the practitioner's, for days and for an unknown zone.

    `asked`: the doubts about every zone that was looked up; code that shares the set may empty it.
    """

    def __init__(self, file: File, ours: ZoneInfo, near: datetime, asked: set[Doubt]) -> None:
        self.file, self.ours, self.near, self.asked = file, ours, near, asked
        self._known: dict[str, Named] = {}
        # Of two of one name, the first.
        self._defined = {_tzid_of(text): text for text in reversed(file.zones)}

    @property
    def floating(self) -> tzinfo:
        """Return the zone of times without one: the calendar's, if it names one, else the practitioner's."""
        name = self.file.says.get("X-WR-TIMEZONE", "")
        return self.named(name) if name else self.ours

    def named(self, name: str) -> tzinfo:
        """Return the zone of that name in this file."""
        if name not in self._known:
            self._known[name] = self._look_up(name)
        zone, sure = self._known[name]
        if not sure:
            self.asked.add(Doubt("zone", name=name[:80], read_as=name_of(zone)))
        return zone

    def _look_up(self, name: str) -> Named:
        """Return a zone: a database name as it is, any other as the file defines it, if it does."""
        if name in zone_names():
            return Named(zone_named(name), True)
        defined = self._defined.get(name)
        if defined and (own := _defined_by(defined)):
            return Named(own, True)
        found = zone_by_name(name, self.near) or Named(self.ours, False)
        return Named(found.zone, found.sure and defined is None)

    def moment(self, line: Line, text: str) -> Moment:
        """Return one value of a line as a moment. Raises ValueError."""
        params, text = line.params(), text.strip()
        if params.get("VALUE", "").upper() == "DATE" or len(text) == len("20270316"):
            return Moment(datetime.fromisoformat(text[:8]), None, is_day=True)
        name = params.get("TZID", "")
        read = datetime.fromisoformat(text.rstrip("zZ") if name else text.upper())
        zone = self.named(name) if name else UTC if read.tzinfo == UTC else read.tzinfo
        return Moment(read.replace(tzinfo=None), zone)

    def moments(self, line: Line) -> list[Moment]:
        """Return all values of a line as moments. Raises ValueError."""
        return [self.moment(line, text) for text in line.value.split(",") if text.strip()]


def _tzid_of(text: str) -> str:
    """Return the name that a VTIMEZONE gives itself; "" for none."""
    named = [line for line in text.split("\r\n") if line.upper().startswith("TZID") and ":" in line]
    return named[0].partition(":")[2].strip().strip('"') if named else ""


def _defined_by(text: str) -> tzinfo | None:
    """Return the zone that a VTIMEZONE defines; None for one that cannot be read."""
    try:
        zone = cast(Timezone, Timezone.from_ical(text)).to_tz(lookup_tzid=False)
        datetime(2027, 1, 1, tzinfo=zone).utcoffset()
    except Exception as error:  # noqa: BLE001  (whatever somebody's program wrote)
        raise_lack_of_memory(error)
        return None
    return zone


def instant_of(wall: datetime, zone: tzinfo) -> datetime:
    """Return the instant, in UTC, when clocks in the zone read `wall`: the earlier of two.

    A time that the clocks skip is taken as if it existed.
    """
    found = instants_of(wall, zone)
    return found[0].astimezone(UTC) if found else wall.replace(tzinfo=zone).astimezone(UTC)


def days(first: datetime, count: int, zone: ZoneInfo) -> Stretch:
    """Return `count` days of the zone's calendar as a stretch, from the day of that wall time on."""
    last = first + (count - 1) * DAY
    return day_bounds(first.date(), zone)[0], day_bounds(last.date(), zone)[1]


def duration_of(text: str) -> timedelta:
    """Return a length such as PT30M. Raises ValueError."""
    found: timedelta = vDuration.from_ical(text.strip().upper())
    return found
