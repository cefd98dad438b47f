"""A measurement of listing 90 days of slots, in comparison with plain interval subtraction.

*Least* is the arithmetic alone: open time on a clock without zones, minus taken time, no list of starts.
*Plain* gives what the engine gives, a sorted list of aware instants: the week's hours looked up in the zone
day by day, taken time cut out of them, a start every quarter of an hour; and knows no rule. The engine is to
stay within three times of *plain* with all rules on.

All three are measured in one run, in turns, on the same made-up calendar, in time of the processor, so that
the ratios mean something on any machine, also on one that is busy; the milliseconds do not.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from booking.availability.engine.hours import Schedule, WeeklyHours
from booking.availability.engine.intervals import Busy, Interval, subtract
from booking.availability.engine.service import Service
from booking.availability.engine.slots import starts
from practice.core.clock import instant_at, seconds

DAYS, ROUNDS = 90, 41
DENVER = ZoneInfo("America/Denver")
# Over a change of the clocks, as half of all such lists are.
FIRST = datetime(2027, 1, 15, 7, tzinfo=UTC)
UNTIL = FIRST + timedelta(days=DAYS)
FAR = timedelta(days=DAYS + 1)
HOUR, QUARTER = 3600, 900
SERVICE = Service(minutes=60, buffer_after=15, horizon=FAR)
EVERY_RULE = Service(
    minutes=60,
    buffer_before=10,
    buffer_after=15,
    step=15,
    notice=timedelta(hours=24),
    horizon=FAR,
    daily_limit=6,
    buffer_rule="add",
    buffers_inside_hours=True,
    gaps="require",
)
WEEK = tuple(WeeklyHours(day, opens, opens + 240) for day in range(5) for opens in (540, 840))
HOURS_OF = [[(rule.opens, rule.closes) for rule in WEEK if rule.weekday == day] for day in range(7)]


def taken(count: int) -> tuple[Busy, ...]:
    """Return appointments of an hour, spread evenly over the 90 days, sorted by start."""
    apart = timedelta(days=DAYS) / max(count, 1)
    begins = [FIRST + apart * number for number in range(count)]
    return tuple(Busy(start, start + timedelta(hours=1), after=15) for start in begins)


def least(busy: tuple[Busy, ...]) -> list[Interval]:
    """Return open hours minus taken time, without zones, buffers, notice or a list of starts."""
    day = seconds(FIRST)
    opening = [
        (day + (number * 1440 + rule.opens) * 60, day + (number * 1440 + rule.closes) * 60)
        for number in range(DAYS)
        for rule in WEEK
        if rule.weekday == number % 7
    ]
    return subtract(opening, [(seconds(one.start), seconds(one.end)) for one in busy])


def plain(busy: tuple[Busy, ...]) -> list[datetime]:
    """Return the free starts in a zone, every quarter of an hour, each with a free hour, without rules."""
    first = FIRST.astimezone(DENVER)
    opening = []
    for number in range(DAYS):
        midnight = first + timedelta(days=number)
        for opens, closes in HOURS_OF[midnight.weekday()]:
            begin, end = midnight + timedelta(minutes=opens), midnight + timedelta(minutes=closes)
            opening.append((seconds(begin), seconds(end)))
    free = subtract(opening, [(seconds(one.start), seconds(one.end)) for one in busy])
    return [instant_at(second) for start, end in free for second in range(start, end - HOUR + 1, QUARTER)]


def took(work: Callable[[], object]) -> float:
    """Return the seconds of processor time that one call needs."""
    began = time.process_time()
    work()
    return time.process_time() - began


def measure(count: int, service: Service) -> tuple[int, list[float]]:
    """Return the number of slots, and the median seconds of the listing, of `plain` and of `least`."""
    busy = taken(count)
    shortest = Service(minutes=30, buffer_after=15) if service.gaps == "require" else None
    schedule = Schedule(DENVER, WEEK, (), busy, shortest)

    def listing() -> list[datetime]:
        return starts(service, schedule, first=FIRST, until=UNTIL, now=FIRST)

    works = (listing, lambda: plain(busy), lambda: least(busy))
    listed = len(listing())
    rounds = [[took(work) for work in works] for _ in range(ROUNDS)]
    return listed, [statistics.median(times) for times in zip(*rounds, strict=True)]


def main() -> None:
    """Print the table."""
    print(f"Listing {DAYS} days of one practitioner, median of {ROUNDS} rounds in turns; times in ms")
    print("rules  taken  slots  listing   plain   least   listing/plain  listing/least")
    for name, service in (("usual", SERVICE), ("all", EVERY_RULE)):
        for count in (0, 50, 200, 800):
            listed, (full, same, bare) = measure(count, service)
            times = f"{full * 1000:8.2f} {same * 1000:7.2f} {bare * 1000:7.2f}"
            print(f"{name:5} {count:6d} {listed:6d} {times} {full / same:15.1f} {full / bare:14.1f}")


if __name__ == "__main__":
    main()
