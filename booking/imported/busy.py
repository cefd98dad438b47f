"""An iCalendar file (RFC 5545) as busy stretches: values in, values out. What an event is about is not read.

A file comes from somebody else's program. One event that makes no sense is left out, with a warning; a file
that holds too much is refused whole, so that the older reading stands. How long reading may take is not
decided here: `apart.py` ends it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import recurring_ical_events
from icalendar import Calendar, Component

from practice.clock import day_bounds, instants_of

Stretch = tuple[datetime, datetime]

MOST_EVENTS = 20_000
MOST_STRETCHES = 20_000
MOST_A_DAY = 48  # of one repeating event: every half hour
TOO_OFTEN = {"SECONDLY", "MINUTELY"}
LONGEST = timedelta(days=400)  # of one event


class Unreadable(Exception):
    """No calendar, or one that is too much to read. `code`: "no_calendar", "too_many" or "too_long"."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass
class Reading:
    """When the calendar is busy: sorted, disjoint, in UTC; and what was read with a doubt, each code once.

    Codes: "zone" (an unknown time zone, read as the practitioner's), "event" (an event nobody can read, which
    blocks nothing), "often" (one that repeats more often than every half hour, which blocks nothing).
    """

    busy: list[Stretch] = field(default_factory=list)
    doubts: set[str] = field(default_factory=set)


def read(data: bytes, *, first: datetime, until: datetime, zone: ZoneInfo, our_host: str = "") -> Reading:
    """When the calendar in `data` is busy within `[first, until)`.

    `zone`: for times without one, for all-day events, and in place of a zone nobody knows. Events whose UID
    is ours (`…@our_host`) are left out: a practitioner's own feed, read back, must not block them. An
    all-day event blocks its days unless it calls itself transparent. Raises Unreadable.
    """
    reading = Reading()
    found: list[Stretch] = []
    for group in _groups(_calendars(data), our_host):
        if len(found) > MOST_STRETCHES:
            raise Unreadable("too_many")
        try:
            found.extend(_busy_of(group, first, until, zone, reading.doubts))
        except Exception as error:  # noqa: BLE001  (whatever somebody's program wrote)
            raise_lack_of_memory(error)
            reading.doubts.add("event")
    reading.busy = _union(_clipped(found, first, until))
    return reading


def _calendars(data: bytes) -> list[Calendar]:
    """The calendars in the file; icalendar raises more kinds of errors than one can name."""
    if b"BEGIN:VCALENDAR" not in data[:4096].upper():
        raise Unreadable("no_calendar")
    try:
        return [one for one in Calendar.from_ical(data, multiple=True) if one.name == "VCALENDAR"]
    except Exception as error:
        raise_lack_of_memory(error)
        raise Unreadable("no_calendar") from error


def raise_lack_of_memory(error: BaseException) -> None:
    """Raise MemoryError where an error comes from one: icalendar wraps it in errors of its own."""
    cause: BaseException | None = error
    while not (cause is None or isinstance(cause, MemoryError)):
        cause = cause.__cause__ or cause.__context__
    if cause is not None:
        raise MemoryError from error


@dataclass
class Group:
    """One event with what overrides it, and the zones of its file; or a list of busy times."""

    zones: list[Component]
    parts: list[Component]

    def calendar(self) -> Calendar:
        """A calendar of its own, to be expanded by itself."""
        made = Calendar()
        for part in (*self.zones, *self.parts):
            made.add_component(part)
        return made


def _groups(calendars: Sequence[Calendar], our_host: str) -> list[Group]:
    groups: dict[tuple[int, str], Group] = {}
    count = 0
    for number, calendar in enumerate(calendars):
        zones = [part for part in calendar.subcomponents if part.name == "VTIMEZONE"]
        for part in calendar.subcomponents:
            if part.name not in ("VEVENT", "VFREEBUSY"):
                continue
            count += 1
            if count > MOST_EVENTS:
                raise Unreadable("too_many")
            uid = str(part.get("UID") or f"without one, {count}")
            if our_host and uid.endswith(f"@{our_host}"):
                continue
            groups.setdefault((number, uid), Group(zones, [])).parts.append(part)
    return list(groups.values())


def _busy_of(
    group: Group, first: datetime, until: datetime, zone: ZoneInfo, doubts: set[str]
) -> Iterator[Stretch]:
    events = [part for part in group.parts if part.name == "VEVENT"]
    for part in group.parts:
        if part.name == "VFREEBUSY":
            yield from _free_busy(part, zone)
    if not events:
        return
    if any(_too_often(part) for part in events):
        doubts.add("often")
        return
    if any(_has_unknown_zone(part) for part in events):
        doubts.add("zone")
    # A day more on either side: a time without a zone is compared as if it were in UTC.
    window = first - timedelta(days=1), until + timedelta(days=1)
    for event in recurring_ical_events.of(group.calendar()).between(*window):
        if _counts(event):
            yield _stretch(event.start, event.end, zone)


def _counts(event: Component) -> bool:
    """Whether it takes up time: neither called off nor marked as free."""
    cancelled = str(event.get("STATUS", "")).upper() == "CANCELLED"
    return not cancelled and str(event.get("TRANSP", "")).upper() != "TRANSPARENT"


def _too_often(part: Component) -> bool:
    """Whether a rule would have to be followed more often than every half hour, or for ever on the spot."""
    rules = part.get("RRULE", [])
    for rule in rules if isinstance(rules, list) else [rules]:
        a_day = 1
        for name in ("BYHOUR", "BYMINUTE", "BYSECOND"):
            a_day *= max(1, len(rule.get(name, [])))
        if {str(one).upper() for one in rule.get("FREQ", [])} & TOO_OFTEN or a_day > MOST_A_DAY:
            return True
        if any(int(one) < 1 for one in rule.get("INTERVAL", [])):
            return True
    return False


def _has_unknown_zone(part: Component) -> bool:
    """Whether a time names a zone that nobody could resolve: it was read without one then."""
    return any(
        isinstance(value.dt, datetime) and value.dt.tzinfo is None and "TZID" in value.params
        for value in (part.get("DTSTART"), part.get("DTEND"))
        if value is not None and hasattr(value, "dt")
    )


def _free_busy(part: Component, zone: ZoneInfo) -> Iterator[Stretch]:
    found = part.get("FREEBUSY", [])
    for period in found if isinstance(found, list) else [found]:
        if str(getattr(period, "params", {}).get("FBTYPE", "BUSY")).upper() != "FREE":
            start, end = period.dt
            yield _stretch(start, start + end if isinstance(end, timedelta) else end, zone)


def _stretch(start: Any, end: Any, zone: ZoneInfo) -> Stretch:
    """Both ends as instants in UTC. No longer than a little over a year: a slip of the pen blocks no life."""
    begin = _instant(start, zone)
    return begin, min(_instant(end, zone), begin + LONGEST)


def _instant(moment: date | datetime, zone: ZoneInfo) -> datetime:
    """A day begins at its first moment in the zone; a time without one is the zone's, the earlier of two."""
    if not isinstance(moment, datetime):
        return day_bounds(moment, zone)[0].astimezone(UTC)
    if moment.tzinfo is not None:
        return moment.astimezone(UTC)
    found = instants_of(moment, zone)
    # In the hour that a clock skips: as if it had not.
    return found[0].astimezone(UTC) if found else moment.replace(tzinfo=zone).astimezone(UTC)


def _clipped(found: Sequence[Stretch], first: datetime, until: datetime) -> list[Stretch]:
    cut = [(max(start, first), min(end, until)) for start, end in found]
    return [(start, end) for start, end in cut if start < end]


def _union(found: list[Stretch]) -> list[Stretch]:
    merged: list[Stretch] = []
    for start, end in sorted(found):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((start, end))
    return merged
