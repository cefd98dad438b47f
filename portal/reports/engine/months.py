"""PURE. Calendar months of a zone as instants, and the month that an address names."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from practice.core.clock import day_bounds

#: No practice has rows from before; an address that asks for more is no month.
EARLIEST = dt.date(2000, 1, 1)
_MONTH = re.compile(r"([0-9]{4})-(0[1-9]|1[0-2])")


@dataclass(frozen=True)
class MonthSpan:
    """A month by its first day, and its instants `[begins, ends)`."""

    first: dt.date
    begins: dt.datetime
    ends: dt.datetime

    @property
    def before(self) -> dt.date:
        """Return the first day of the month before."""
        return months_away(self.first, -1)

    @property
    def after(self) -> dt.date:
        """Return the first day of the month after."""
        return months_away(self.first, 1)


def months_away(first: dt.date, by: int) -> dt.date:
    """Return the first day of the month so many months later; earlier, if `by` is negative."""
    years, month = divmod(first.year * 12 + first.month - 1 + by, 12)
    return dt.date(years, month + 1, 1)


def months_until(last: dt.date, zone: ZoneInfo, *, count: int) -> tuple[MonthSpan, ...]:
    """Return so many months of the zone in order, the last of them beginning on the day `last`."""
    firsts = [months_away(last, 1 - count + place) for place in range(count + 1)]
    bounds = [day_bounds(first, zone)[0] for first in firsts]
    return tuple(
        MonthSpan(first, begins, ends)
        for first, begins, ends in zip(firsts, bounds, bounds[1:], strict=False)
    )


def month_named(said: str, *, today: dt.date) -> dt.date:
    """Return the first day of a month written like 2027-02; of this month for anything else, or later."""
    this, match = today.replace(day=1), _MONTH.fullmatch(said)
    if match is None:
        return this
    year, month = int(match[1]), int(match[2])
    found = dt.date(year, month, 1) if year >= EARLIEST.year else this
    return min(found, this)
