"""What listing 90 days of slots costs, beside the least it could cost: cutting taken time out of open time.

Both are measured in one run, in turns, on the same made-up calendar, so that the ratio means something on any
machine; the microseconds do not. Prints a table: appointments in the 90 days, both medians, and the ratio.
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

from booking.scheduling.hours import Schedule, WeeklyHours
from booking.scheduling.intervals import Busy, subtract
from booking.scheduling.service import Service
from booking.scheduling.slots import starts
from practice.clock import seconds

DAYS, ROUNDS = 90, 15
# Over a change of the clocks, as half of all such lists are.
FIRST = datetime(2027, 1, 15, 7, tzinfo=UTC)
UNTIL = FIRST + timedelta(days=DAYS)
FAR = timedelta(days=DAYS + 1)
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


def taken(count: int) -> tuple[Busy, ...]:
    """So many appointments of an hour, spread evenly over the 90 days, sorted by start."""
    apart = timedelta(days=DAYS) / max(count, 1)
    begins = [FIRST + apart * number for number in range(count)]
    return tuple(Busy(start, start + timedelta(hours=1), after=15) for start in begins)


def least(busy: tuple[Busy, ...]) -> list[tuple[int, int]]:
    """Open hours minus taken time, without zones, buffers, notice or a list of starts."""
    day = seconds(FIRST)
    opening = [
        (day + (number * 1440 + rule.opens) * 60, day + (number * 1440 + rule.closes) * 60)
        for number in range(DAYS)
        for rule in WEEK
        if rule.weekday == number % 7
    ]
    return subtract(opening, [(seconds(one.start), seconds(one.end)) for one in busy])


def took(work: Callable[[], object]) -> float:
    """Seconds of one call."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def measure(count: int, service: Service) -> tuple[float, float, int]:
    """Median seconds of the list and of the least, and how many slots were listed."""
    busy = taken(count)
    shortest = Service(minutes=30, buffer_after=15) if service.gaps == "require" else None
    schedule = Schedule(ZoneInfo("America/Denver"), WEEK, (), busy, shortest)

    def listing() -> list[datetime]:
        return starts(service, schedule, first=FIRST, until=UNTIL, now=FIRST)

    listed = len(listing())
    times = [(took(listing), took(lambda: least(busy))) for _ in range(ROUNDS)]
    full, bare = zip(*times, strict=True)
    return statistics.median(full), statistics.median(bare), listed


def main() -> None:
    """Print the table."""
    print(f"Listing {DAYS} days of one practitioner, median of {ROUNDS} rounds in turns")
    print(f"{'rules':>6} {'appointments':>12} {'slots':>6} {'listing ms':>11} {'least ms':>9} {'ratio':>6}")
    for name, service in (("usual", SERVICE), ("all", EVERY_RULE)):
        for count in (0, 50, 200, 800):
            full, bare, listed = measure(count, service)
            times = f"{full * 1000:11.2f} {bare * 1000:9.2f} {full / bare:6.1f}"
            print(f"{name:>6} {count:12d} {listed:6d} {times}")


if __name__ == "__main__":
    main()
