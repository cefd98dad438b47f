"""An iCalendar file (RFC 5545) as busy stretches: values in, values out. Topics of events are not kept.

A file comes from somebody else's program. Whatever makes no sense in it is left out or, where its time is
known, counted as busy and reported as a doubt. A file that breaks off, or holds too much, is refused whole,
so that the older reading stays. How long reading may take is not decided here: `sandbox.py` ends it.

    lines.py → times.py, zone_names.py → events.py (rule_dates.py, counts.py) → recurrence.py → here
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from booking.calendars.importing.events import Event, NoTime, event_of
from booking.calendars.importing.lines import File, Part, files_in
from booking.calendars.importing.reading import (
    Choices,
    Doubt,
    Reading,
    Stretch,
    Unreadable,
    raise_lack_of_memory,
)
from booking.calendars.importing.recurrence import Window, stretches_of
from booking.calendars.importing.times import Clock, duration_of, instant_of

__all__ = ["Choices", "Doubt", "Reading", "Unreadable", "read"]

MOST_EVENTS = 20_000
MOST_STRETCHES = 20_000
MOST_DOUBTS = 50
ADDRESS = re.compile(r"[^@\s,;<>\"]{1,64}@[^@\s,;<>\"]+\.[a-z]{2,}", re.IGNORECASE)


def read(
    data: bytes,
    *,
    first: datetime,
    until: datetime,
    zone: ZoneInfo,
    our_host: str = "",
    choices: Choices | None = None,
) -> Reading:
    """Return when the calendar in `data` is busy within `[first, until)`.

    `zone`: the practitioner's; for all-day events, for times without a zone in a calendar without one, and in
    place of an unknown zone. Events whose UID is ours (`…@our_host`) are left out: a practitioner's own feed,
    read back, must not block them. Raises Unreadable.
    """
    files = files_in(data)
    if sum(len(file.parts) for file in files) > MOST_EVENTS:
        raise Unreadable("too_many")
    reading, found = Reading(address=_address_of(files)), list[Stretch]()
    asked = set[Doubt]()
    clocks = [Clock(file, zone, first, asked) for file in files]
    for group in _groups(clocks, our_host):
        asked.clear()
        window = Window(first, until, set())
        before = len(found)
        for start, end in _busy_of(group, window, choices or Choices()):
            if start < until and end > first and start < end:
                found.append((max(start, first), min(end, until)))
            if len(found) > MOST_STRETCHES:
                raise Unreadable("too_many")
        doubts = window.doubts | (asked if len(found) > before else set())
        reading.doubts.update(sorted(doubts)[: max(0, MOST_DOUBTS - len(reading.doubts))])
    reading.busy = _union(found)
    return reading


Entry = tuple[Part, Clock]


def _groups(clocks: Sequence[Clock], our_host: str) -> Iterator[list[Entry]]:
    """Yield entries that may refer to one another: those of one UID, or without a UID of one name."""
    groups: dict[tuple[str, str], list[Entry]] = {}
    for clock in clocks:
        for part in clock.file.parts:
            uid = part.value("UID")
            if not (our_host and uid.endswith(f"@{our_host}")):
                groups.setdefault((uid, "" if uid else part.value("SUMMARY")), []).append((part, clock))
    yield from groups.values()


def _busy_of(group: Sequence[Entry], window: Window, choices: Choices) -> Iterator[Stretch]:
    """Yield when these entries take up time. A broken group is reported and costs no other group anything."""
    try:
        for part, clock in group:
            if part.kind == "VFREEBUSY":
                yield from _free_busy(part, clock, window.doubts)
        events = list(_events(group, choices, window.doubts))
        have_uid = bool(group[0][0].value("UID"))
        yield from stretches_of(events, window, have_uid=have_uid)
    except Exception as error:  # noqa: BLE001  (whatever somebody's program wrote)
        raise_lack_of_memory(error)
        window.doubts.add(Doubt("event", group[0][0].number))


def _events(group: Sequence[Entry], choices: Choices, doubts: set[Doubt]) -> Iterator[Event]:
    for part, clock in group:
        if part.kind == "VEVENT":
            try:
                yield event_of(part, clock, choices, doubts)
            except NoTime:
                doubts.add(Doubt("event", part.number))


def _free_busy(part: Part, clock: Clock, doubts: set[Doubt]) -> Iterator[Stretch]:
    for line in part.all("FREEBUSY"):
        if line.params().get("FBTYPE", "BUSY").upper() == "FREE":
            continue
        for text in line.value.split(","):
            start, _, end = text.strip().partition("/")
            try:
                begin = clock.moment(line, start)
                begins = instant_of(begin.wall, begin.zone or clock.floating)
                if end.upper().startswith(("P", "+P")):
                    yield begins, begins + duration_of(end)
                else:
                    ends = clock.moment(line, end)
                    yield begins, instant_of(ends.wall, ends.zone or clock.floating)
            except (ValueError, OverflowError):
                doubts.add(Doubt("event", line.number))


def _address_of(files: Sequence[File]) -> str:
    """Return the email address that names the calendar, as Google's do: its owner's; "" for none."""
    names = [file.says.get("X-WR-CALNAME", "") for file in files]
    return next((name[:254] for name in names if ADDRESS.fullmatch(name)), "")


def _union(found: list[Stretch]) -> list[Stretch]:
    merged: list[Stretch] = []
    for start, end in sorted(found):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((start, end))
    return merged
