"""The rules of booking, said as slowly and plainly as possible: what the engine is held against.

Every minute is asked by itself. It shares nothing with the engine but the names of the values.
"""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import lru_cache

from booking.availability.engine.intervals import Busy

MINUTE = timedelta(minutes=1)
DAY = 1440


class Minutes(dict):
    """Open minutes as a key of a cache: it is itself, whatever it holds."""

    __hash__ = object.__hash__


def open_minutes(schedule, first, days):
    """The minutes of wall clock since `first` (a date) that are open: {minute: its window's beginning}."""
    opened, whole_days = set(), set()
    for number in range(-3, days):
        for rule, opens, closes in _hours(schedule, first, number):
            late = _carries_over(rule, schedule, first + timedelta(days=number + 1))
            opened.update(number * DAY + minute for minute in range(opens, closes) if minute < DAY or late)
    for number in range(-3, days):
        if all(number * DAY + minute in opened for minute in range(DAY)):
            whole_days.add(number * DAY)
    begins, beginning = Minutes(), None
    for minute in range(-3 * DAY, days * DAY):
        if minute not in opened:
            beginning = None
            continue
        if beginning is None or minute in whole_days:
            beginning = minute
        begins[minute] = beginning
    return begins


def _ruling(schedule, day):
    return [closure for closure in schedule.closures if closure.first <= day <= closure.last]


def _hours(schedule, first, number):
    """The day's own hours, each with the rule it comes from: `(rule, opens, closes)`."""
    day = first + timedelta(days=number)
    ruling = _ruling(schedule, day)
    if any(closure.windows == () for closure in ruling):
        return []
    if ruling:
        return [(closure, *window) for closure in ruling for window in closure.windows]
    return [(rule, rule.opens, rule.closes) for rule in schedule.weekly if rule.weekday == day.weekday()]


def _carries_over(rule, schedule, tomorrow):
    """Late hours run into an ordinary day; into a closure's day only if they are that closure's own."""
    ruling = _ruling(schedule, tomorrow)
    return ruling == [] or (rule in ruling and all(closure.windows for closure in ruling))


@lru_cache(maxsize=50_000)
def _wall(instant, zone, first):
    """The minutes of wall clock since `first` began that clocks show."""
    local = instant.astimezone(zone).replace(tzinfo=None, fold=0)
    return (local - datetime(first.year, first.month, first.day)) // MINUTE


@lru_cache(maxsize=100_000)  # who looks for gaps asks the same hour again from every start beside it
def _all_open(begins, zone, first, begin, minutes):
    """Whether each of so many minutes is open."""
    return all(_wall(begin + number * MINUTE, zone, first) in begins for number in range(minutes))


def bookable(service, schedule, begins, first, start, *, now):
    """Whether a start is in order by every rule but the daily limit."""
    if not now + service.notice <= start <= now + service.horizon:
        return False
    wall = _wall(start, schedule.zone, first)
    grid = begins.get(wall)
    if grid is None or (service.step and (wall - grid) % service.step):
        return False
    begin, end = start, start + service.minutes * MINUTE
    if service.buffers_inside_hours:
        begin, end = begin - service.buffer_before * MINUTE, end + service.buffer_after * MINUTE
    if not _all_open(begins, schedule.zone, first, begin, (end - begin) // MINUTE):
        return False
    return all(_apart(service, busy, start) for busy in schedule.busy)


def is_admitted(who, asker):
    """Whether a type that is for `who` is for whoever asks."""
    if asker == "staff" or who == "anyone":
        return True
    return who == asker or (who, asker) == ("new", "unknown")


def unused_minutes(schedule, begins, first, days):
    """The minutes, as instants, that are open and in which nothing is taken."""
    begin = datetime(first.year, first.month, first.day, tzinfo=UTC) - timedelta(days=4)
    passing = (begin + number * MINUTE for number in range((days + 5) * DAY))
    open_ones = {minute for minute in passing if _wall(minute, schedule.zone, first) in begins}
    taken = {
        busy.start + number * MINUTE
        for busy in schedule.busy
        for number in range((busy.end - busy.start) // MINUTE)
    }
    return open_ones - taken


def leaves_no_gap(service, schedule, begins, unused, first, start):
    """Whether a start that is otherwise in order leaves nothing beside it, or room for the shortest session.

    It walks away from the session minute by minute, as long as they are unused, and tries to put the shortest
    session where it has passed.
    """
    shortest = schedule.shortest or service
    minutes, end = shortest.minutes, start + service.minutes * MINUTE
    own = Busy(start, end, service.buffer_before, service.buffer_after)
    beside = replace(schedule, busy=(*schedule.busy, own))
    anytime = {"step": None, "notice": timedelta(0), "horizon": timedelta(days=999)}
    filler, same = replace(shortest, **anytime), replace(service, **anytime)

    def fits(type_, plan, moment):
        return bookable(type_, plan, begins, first, moment, now=start - timedelta(days=400))

    def used(step, minute, begin):
        passed = 0
        while minute in unused:
            passed += 1
            if passed >= minutes and fits(filler, beside, minute + begin):
                return True
            minute += step
        return not fits(same, schedule, start + step)  # nothing is left: it cannot stand any closer

    return used(-MINUTE, start - MINUTE, 0 * MINUTE) and used(MINUTE, end, (1 - minutes) * MINUTE)


def _apart(service, busy, start):
    end = start + service.minutes * MINUTE
    add = service.buffer_rule == "add"
    if end <= busy.start:
        pair = (service.buffer_after, busy.before)
        return busy.start - end >= (sum(pair) if add else max(pair)) * MINUTE
    if busy.end <= start:
        pair = (busy.after, service.buffer_before)
        return start - busy.end >= (sum(pair) if add else max(pair)) * MINUTE
    return False


def day_is_full(service, schedule, start):
    """Whether the practitioner's day already has its number of sessions."""
    if service.daily_limit is None:
        return False
    day = start.astimezone(schedule.zone).date()
    same = [
        busy for busy in schedule.busy if busy.counts and busy.start.astimezone(schedule.zone).date() == day
    ]
    return len(same) >= service.daily_limit


def lattice(first, until):
    """Every five minutes of `[first, until)`, as instants."""
    instant = first.astimezone(UTC)
    while instant < until:
        yield instant
        instant += 5 * MINUTE
