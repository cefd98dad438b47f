"""One day of a calendar as its clocks read it, in minutes since its 00:00, on days of 23 and 25 hours too."""

from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from booking.availability.engine.hours import FIRST_DAY
from booking.availability.engine.intervals import Interval
from practice.core import clock
from practice.core.clock import Stretch

MINUTES = 1440  # that a clock can show in one day


@dataclass(frozen=True)
class ClockChange:
    """A change of the clocks within a day, in minutes since its 00:00.

    `left`: what they would have read; `reached`: what they read instead. Forward skips the minutes between;
    back repeats them.
    """

    at: int  # second since 1970
    left: int
    reached: int

    @property
    def is_forward(self) -> bool:
        """Return whether the minutes between are skipped; else they come twice."""
        return self.reached > self.left


@dataclass(frozen=True)
class WallDay:
    """A day of a zone: the stretches of instants in it, each with one offset. Seconds since 1970."""

    day: date
    zone: ZoneInfo
    parts: tuple[Stretch, ...]

    @property
    def begins(self) -> int:
        """Return the first second of the day."""
        return self.parts[0][0]

    @property
    def ends(self) -> int:
        """Return the second at which the next day begins."""
        return self.parts[-1][1]

    @property
    def changes(self) -> list[ClockChange]:
        """Return the changes of the clocks within the day, in order."""
        return [
            ClockChange(end, self._minute(end, offset), self._minute(end, after))
            for (_, end, offset), (_, _, after) in zip(self.parts, self.parts[1:], strict=False)
        ]

    def is_plain(self, start: int, end: int) -> bool:
        """Return whether both are within this day, and its clocks read no time twice and skip none."""
        return len(self.parts) == 1 and self.begins <= start and end < self.ends

    def hull(self, start: int, end: int) -> Interval | None:
        """Return the minutes of the wall clock that `[start, end)` covers in this day; None for none.

        From the first to the last that is read: over skipped minutes it is longer than it lasts. Over
        repeated ones it is shorter, and covers all of them where it begins in the first and ends in the
        second pass.
        """
        read = [
            (self._minute(max(start, first), offset), self._minute(min(end, until), offset))
            for first, until, offset in self.parts
            if max(start, first) < min(end, until)
        ]
        if not read:
            return None
        return max(0, min(begin for begin, _ in read)), min(MINUTES, max(last for _, last in read))

    def _minute(self, second: int, offset: int) -> int:
        """Return what clocks with this offset read, in minutes since the day's 00:00, rounded down."""
        return (second + offset) // 60 - (self.day.toordinal() - FIRST_DAY) * MINUTES


def wall_day(day: date, zone: ZoneInfo) -> WallDay | None:
    """Return a day of the zone's calendar; None for one that the zone left out.

    Raises UnreadableTime for a year before 1900 or after 2200.
    """
    begins, ends = (clock.seconds(one) for one in clock.day_bounds(day, zone))
    return WallDay(day, zone, tuple(clock.stretches(zone, begins, ends))) if begins < ends else None
