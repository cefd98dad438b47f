"""One VEVENT, parsed: when it is, how it repeats, which occurrence it replaces."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta, tzinfo

from icalendar.prop import vRecur

from booking.calendars.importing.counts import takes_up_time, travel_time
from booking.calendars.importing.lines import Line, Part
from booking.calendars.importing.reading import Choices, Doubt, Stretch, raise_lack_of_memory
from booking.calendars.importing.rule_dates import Beginning
from booking.calendars.importing.times import DAY, Clock, Moment, days, duration_of, instant_of

MOST_A_DAY = 48  # of one repeating event: every half hour
TOO_OFTEN = {"SECONDLY", "MINUTELY"}
LONGEST = timedelta(days=400)  # of one event
WITHOUT_END = timedelta(hours=1)  # for a time whose end cannot be read


class NoTime(Exception):
    """Raised when the beginning of an event cannot be read."""


@dataclass(eq=False)
class Event:
    """An event. `length` is what the clocks of its zone show from its beginning to its end.

    `ends`: the instant, of one that does not repeat. `replaces`: the beginning, as the series has it, of the
    occurrence this one replaces; `and_later`: also those after it. `more`, `without`: beginnings that are
    added and taken away; `without_days`: midnights of days that are. `way`: travel time before it begins.
    """

    part: Part
    begins: Beginning
    counts: bool
    way: timedelta
    length: timedelta = timedelta()
    ends: datetime | None = None
    replaces: Moment | None = None
    and_later: bool = False
    rules: list[vRecur] = field(default_factory=list)
    more: list[datetime] = field(default_factory=list)
    periods: list[tuple[datetime, Stretch]] = field(default_factory=list)
    without: set[datetime] = field(default_factory=set)
    without_days: set[datetime] = field(default_factory=set)

    @property
    def sequence(self) -> int:
        """Return the SEQUENCE, or -1: of two events with the same times, the higher is the newer."""
        text = self.part.value("SEQUENCE")
        return int(text) if text.isdecimal() and len(text) < 10 else -1

    @property
    def repeats(self) -> bool:
        """Return whether the event has more than one time."""
        return bool(self.rules or self.more or self.periods)

    def at(self, wall: datetime, zone: tzinfo) -> Stretch:
        """Return the event's stretch if the clocks of `zone` read `wall` when it begins."""
        if self.begins.is_day:
            return self.lasting(*days(wall, self.length // DAY, self.begins.clock.ours))
        return self.lasting(instant_of(wall, zone), instant_of(wall + self.length, zone))

    def lasting(self, begin: datetime, end: datetime) -> Stretch:
        """Return a stretch in order, with travel time; at most a little over a year, against slips."""
        begin, end = min(begin, end), max(begin, end)
        return (begin - self.way if end > begin else begin), min(end, begin + LONGEST)

    def once(self) -> Stretch:
        """Return the event's own stretch, without repetitions."""
        if self.ends is None:
            return self.at(self.begins.start, self.begins.zone)
        return self.lasting(instant_of(self.begins.start, self.begins.zone), self.ends)


def event_of(part: Part, clock: Clock, choices: Choices, doubts: set[Doubt]) -> Event:
    """Return the event of an entry's lines; adds unreadable parts to `doubts`. Raises NoTime."""
    moment = _begins(part, clock)
    zone = clock.ours if moment.is_day else moment.zone or clock.floating
    method = clock.file.says.get("METHOD", "").upper()
    takes_time = takes_up_time(part, method=method, is_day=moment.is_day, choices=choices)
    if takes_time and not part.first("DTSTART"):
        raise NoTime
    event = Event(part, Beginning(moment.wall, zone, moment.is_day, clock), takes_time, travel_time(part))
    for name, take in TAKES.items():
        for line in part.all(name):
            try:
                take(event, line)
            except Exception as error:  # noqa: BLE001  (whatever somebody's program wrote)
                raise_lack_of_memory(error)
                doubts.add(Doubt("partly", line.number))
    if moment.is_day:
        event.length = max(DAY, -(-event.length // DAY) * DAY)
    return event


def _begins(part: Part, clock: Clock) -> Moment:
    line = part.first("DTSTART") or part.first("RECURRENCE-ID")  # a canceled one may have no other date
    if line is None:
        raise NoTime
    try:
        return clock.moment(line, line.value)
    except Exception as error:
        raise_lack_of_memory(error)
        raise NoTime from error


def _duration(event: Event, line: Line) -> None:
    if not event.part.all("DTEND"):
        event.length = WITHOUT_END
        event.length = duration_of(line.value)


def _end(event: Event, line: Line) -> None:
    """Set the end of the event from a line; a date as the end of a timed event means the end of that day."""
    event.length = WITHOUT_END
    begins = event.begins
    end = begins.clock.moment(line, line.value)
    wall = end.on(begins.zone)
    if end.is_day and not begins.is_day and wall <= begins.start:
        wall += DAY
    elif end.zone is not None and not begins.is_day:
        event.ends = instant_of(end.wall, end.zone)
    event.length = wall - begins.start


def _place_in_series(event: Event, line: Line) -> None:
    event.replaces = event.begins.clock.moment(line, line.value)
    event.and_later = line.params().get("RANGE", "").upper() == "THISANDFUTURE"


def _rule(event: Event, line: Line) -> None:
    parts = [part.strip() for part in line.value.split(";") if part.strip()]
    until = [part.partition("=")[2] for part in parts if part.upper().startswith("UNTIL")]
    rule = vRecur.from_ical(";".join(part for part in parts if not part.upper().startswith("UNTIL")))
    if "FREQ" not in rule:
        raise ValueError("a rule says how often")
    if until:
        rule["UNTIL"] = [event.begins.until(line, until[0])]
    event.rules.append(rule)


def _added(event: Event, line: Line) -> None:
    clock = event.begins.clock
    for text in filter(None, map(str.strip, line.value.split(","))):
        start, _, end = text.partition("/")
        walls = event.begins.meant_by(clock.moment(line, start))
        if not end or event.begins.is_day:
            event.more.extend(walls)
            continue
        begin = instant_of(walls[0], event.begins.zone)
        event.periods.append((walls[0], (begin, _end_of_period(line, begin, end, event))))


def _end_of_period(line: Line, begin: datetime, text: str, event: Event) -> datetime:
    if "P" in text.upper():
        return begin + duration_of(text)
    moment = event.begins.clock.moment(line, text)
    return instant_of(moment.wall, moment.zone or event.begins.zone)


def _taken(event: Event, line: Line) -> None:
    for moment in event.begins.clock.moments(line):
        event.without_days.update(event.begins.days_meant_by(moment))
        event.without.update(event.begins.meant_by(moment))


TAKES: dict[str, Callable[[Event, Line], None]] = {
    "DTEND": _end,
    "DURATION": _duration,
    "RECURRENCE-ID": _place_in_series,
    "RRULE": _rule,
    "RDATE": _added,
    "EXDATE": _taken,
}


def too_often(event: Event) -> bool:
    """Return whether a rule repeats more often than every half hour, or without moving on."""
    for rule in event.rules:
        a_day = 1
        for name in ("BYHOUR", "BYMINUTE", "BYSECOND"):
            a_day *= max(1, len(rule.get(name, [])))
        if {str(one).upper() for one in rule.get("FREQ", [])} & TOO_OFTEN or a_day > MOST_A_DAY:
            return True
        if any(int(one) < 1 for one in rule.get("INTERVAL", [])):
            return True
    return False
