"""Time zones: from the wall clock to the instant and back. Nothing here asks what time it is.

An *instant* is an aware datetime in UTC. A *wall* time is a naive datetime, read off a clock in some zone.
"""

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import lru_cache
from typing import ClassVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
SECOND = timedelta(seconds=1)
DAY = 86400
Stretch = tuple[int, int, int]  # start, end, seconds east of UTC


class ClockError(ValueError):
    """The base of errors about a time or a zone that cannot be used."""


class UnknownZone(ClockError):
    """Raised when no zone of that name is in the zone database."""

    def __init__(self, name: object):
        self.name = name
        super().__init__(f"unknown time zone: {name!r:.80}")


class UnreadableTime(ClockError):
    """Raised when a text is not a date and a time."""


class WallTimeError(ClockError):
    """The base of errors about a wall time that is not one instant. `candidates`: the possible ones."""

    problem: ClassVar[str]  # what is said of it, in English

    def __init__(self, wall: datetime, zone: ZoneInfo, candidates: Sequence[datetime]):
        self.wall, self.zone, self.candidates = wall, zone, tuple(candidates)
        super().__init__(f"{self.problem}: {wall.isoformat()} in {zone.key}")


class NonexistentTime(WallTimeError):
    """Raised when clocks skip that time. Candidates: as much earlier and later on the same day."""

    problem = "this time does not exist"


class AmbiguousTime(WallTimeError):
    """Raised when that time comes twice. Candidates: the two instants."""

    problem = "this time comes twice"


@lru_cache(maxsize=1)
def zone_names() -> frozenset[str]:
    """Return all zone names a person may choose, without the system's own files beside the zones."""
    return frozenset(available_timezones() - {"localtime", "Factory"})


def zone_named(name: object) -> ZoneInfo:
    """Return the zone of that IANA name, spelled exactly. Raises UnknownZone, opening no file."""
    # Asked of the list first: a name is also a path, and this one may come from a stranger's form.
    if not isinstance(name, str) or name not in zone_names():
        raise UnknownZone(name)
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, OSError, ValueError) as error:
        raise UnknownZone(name) from error


def seconds(instant: datetime) -> int:
    """Return whole seconds since 1970, rounded down. Raises ValueError for a time without a zone."""
    if instant.tzinfo is None:
        raise ValueError("a time without a zone is no instant")
    return (instant - EPOCH) // SECOND


def instant_at(second: int) -> datetime:
    """Return the instant so many seconds after the start of 1970."""
    return datetime.fromtimestamp(second, UTC)


def instants_of(wall: datetime, zone: tzinfo) -> tuple[datetime, ...]:
    """Return the instants at which clocks in the zone read `wall`: none, one or two, in order."""
    if wall.tzinfo is not None:
        raise ValueError("a wall time carries no zone")
    found = []
    for fold in (0, 1):
        try:
            instant = wall.replace(tzinfo=zone, fold=fold).astimezone(UTC)
            back = instant.astimezone(zone)
        except OverflowError:  # the first and last days that a datetime can hold
            continue
        if back.replace(tzinfo=None) == wall and instant not in found:  # without a zone, fold is not compared
            found.append(instant)
    return tuple(found)


def resolve(wall: datetime, zone: ZoneInfo) -> datetime:
    """Return the instant of a wall time. Raises NonexistentTime, AmbiguousTime, UnreadableTime."""
    found = instants_of(wall, zone)
    if len(found) == 1:
        return found[0]
    if found:
        raise AmbiguousTime(wall, zone, found)
    around = _around_gap(wall, zone)
    if not around:
        raise UnreadableTime("no such day or time")  # no gap: the end of all days
    raise NonexistentTime(wall, zone, around)


def _around_gap(wall: datetime, zone: ZoneInfo) -> list[datetime]:
    """Return a skipped wall time read with the offset after the gap and the one before: earlier, later."""
    try:
        return sorted(wall.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
    except OverflowError:
        return []


_ISO = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d{1,6})?)?(Z|[+-]\d\d:\d\d)?", re.ASCII)


def read_instant(text: str, zone: ZoneInfo) -> datetime:
    """Return the instant written in `text` (ISO 8601); without an offset it is a wall time in `zone`.

    Raises UnreadableTime, NonexistentTime or AmbiguousTime.
    """
    if not _ISO.fullmatch(text):
        raise UnreadableTime("not a date and a time like 2027-03-14T09:30:00-06:00")
    try:
        moment = datetime.fromisoformat(text)
        return resolve(moment, zone) if moment.tzinfo is None else moment.astimezone(UTC)
    except ClockError:
        raise
    except (ValueError, OverflowError) as error:
        raise UnreadableTime("no such day or time") from error


def stretches(zone: ZoneInfo, first: int, until: int) -> list[Stretch]:
    """Return `[first, until)` cut where the offset changes. Seconds since 1970; in order, without gaps."""
    cut: list[Stretch] = []
    start, offset = first, _offset(zone, first)
    for year in range(instant_at(first).year, instant_at(until).year + 1):
        for moment, after in _changes(zone, year):
            if start < moment < until:
                cut.append((start, moment, offset))
                start = moment
            if moment <= start:
                offset = after
    if start < until:
        cut.append((start, until, offset))
    return cut


def _offset(zone: ZoneInfo, second: int) -> int:
    delta = instant_at(second).astimezone(zone).utcoffset()
    return 0 if delta is None else delta // SECOND


@lru_cache(maxsize=512)
def _changes(zone: ZoneInfo, year: int) -> tuple[tuple[int, int], ...]:
    """Return each change of offset within a year of UTC: the second, and the offset from then on."""
    probe = seconds(datetime(year, 1, 1, tzinfo=UTC))
    end = probe + 366 * DAY
    before, found = _offset(zone, probe - 1), []
    probe -= 1
    # A zone tells its offsets, not its changes: ask every six hours, then halve. No two changes of any
    # zone since 1970 lie closer together.
    while probe < end:
        ahead = min(probe + DAY // 4, end)
        after = _offset(zone, ahead)
        if after != before:
            low, high = probe, ahead
            while high - low > 1:
                middle = (low + high) // 2
                low, high = (middle, high) if _offset(zone, middle) == before else (low, middle)
            found.append((high, after))
        probe, before = ahead, after
    return tuple(found)


def day_bounds(day: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """Return the instants `[begin, end)` of a calendar day; where midnight is skipped, it begins later.

    A day that a zone left out (Apia, 30 December 2011) is empty: both are the same instant. Raises
    UnreadableTime for a year before 1900 or after 2200.
    """
    if not 1900 <= day.year <= 2200:
        raise UnreadableTime("a year between 1900 and 2200")
    midnight = datetime.combine(day, time())
    return _reached(midnight, zone), _reached(midnight + timedelta(days=1), zone)


def _reached(wall: datetime, zone: ZoneInfo) -> datetime:
    """Return the first instant at which the clocks read `wall` or, when they skip it, have passed it."""
    found = instants_of(wall, zone)
    if found:
        return found[0]
    around = _around_gap(wall, zone)
    low, high = seconds(around[0]), seconds(around[1])
    return instant_at(next(end for _, end, _ in stretches(zone, low - 1, high + 1)))


def dates_touched(start: datetime, end: datetime, zone: ZoneInfo) -> tuple[date, ...]:
    """Return the days of the zone's calendar that `[start, end)` touches, in order."""
    last = max(start, end - timedelta(microseconds=1)).astimezone(zone).date()
    day, days = start.astimezone(zone).date(), []
    while day <= last:
        days.append(day)
        day += timedelta(days=1)
    return tuple(days)


def in_quiet_hours(instant: datetime, zone: ZoneInfo, begins: time, ends: time) -> bool:
    """Return whether clocks in the zone read a time in `[begins, ends)`, which may run over midnight.

    The same time twice means: never quiet.
    """
    return begins != ends and _within(seconds(instant) + _offset(zone, seconds(instant)), begins, ends)


def next_window(instant: datetime, zone: ZoneInfo, opens: time, closes: time) -> datetime:
    """Return the first instant, from this one on, at which clocks in the zone are in `[opens, closes)`.

    The instant itself when it lies inside. When the clocks skip `opens`, the window begins after the gap.
    """
    now = seconds(instant)
    if opens == closes or _within(now + _offset(zone, now), opens, closes):
        return instant.astimezone(UTC)
    for start, end, offset in stretches(zone, now, now + 3 * DAY):
        if _within(start + offset, opens, closes):
            return instant_at(start)
        candidate = start + (_of_day(opens) - start - offset) % DAY
        if candidate < end:
            return instant_at(candidate)
    raise ClockError("no window within three days")


def _of_day(moment: time) -> int:
    return moment.hour * 3600 + moment.minute * 60 + moment.second


def _within(wall_second: int, begins: time, ends: time) -> bool:
    """Return whether the time of day is in `[begins, ends)`, counted forward from `begins`."""
    since = (wall_second - _of_day(begins)) % DAY
    return since < (_of_day(ends) - _of_day(begins)) % DAY
